/* The invariants of a store (domain.md §3) as tables: a sentence, what it is about, and SQL that
   finds the rows that break it. engine/check.c walks them.

   They say a second time, in SQL over whole tables, what the program keeps one posting and one call
   at a time: an auditor that asked the same code would repeat its mistakes. Each statement gives
   nothing on a sound store, needs no more memory with more rows (both stores sort on disk), and
   never changes anything. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "base/id.h"
#include "store/db.h"

/* How a column of a row that breaks an invariant is shown. A NULL reads "none". */
enum check_show {
    SHOW_ID,      /* of `id_kind`, in its public form; 0 reads "none" */
    SHOW_KIND,    /* not itself: the prefix ("ses") of the kind of the id in the next column */
    SHOW_ACCOUNT, /* a ledger account by its number */
    SHOW_OWNER,   /* of the SHOW_ACCOUNT before it */
    SHOW_AMOUNT,  /* in the unit of the SHOW_ACCOUNT or SHOW_UNIT before it */
    SHOW_UNIT,    /* a letter of check_units */
    SHOW_NAME,    /* of `names`, by its number */
    SHOW_NUMBER,
    SHOW_MONEY,
    SHOW_INSTANT,
    SHOW_TEXT,
    SHOW_NOTHING, /* a key that has no meaning */
};

struct check_column {
    const char *label; /* NULL: the end of the table */
    enum check_show show;
    enum id_kind id_kind;
    const char *const *names;
};

/* What was looked at, for the report: "1,234 postings". */
struct check_subject {
    const char *one, *many;
    const char *sql; /* how many there are */
};

enum { CHECK_SUBJECTS_MAX = 3, CHECK_KEYS = 3 };

struct invariant {
    const char *name;     /* for scripts and docs/checking.md: "postings_balance" */
    const char *sentence; /* what holds, without a full stop */
    const struct check_subject *subjects[CHECK_SUBJECTS_MAX];
    const char *sql; /* the rows that break it, in order, at most $1 */
    const struct check_column *columns;

    /* Where SQL cannot tell: `sql` gives all rows after the key ($2, $3, $4) that their first three
       columns are, in its order, at most $1; this finds what is wrong with one. Absent: nothing. */
    struct str (*judge)(struct tx *tx, const struct db_rows *row);
    bool only_sqlite;
};

/* The other arguments of an unjudged `sql`: what domain/ says about the numbers that the ledger
   stores, as texts with a letter for each number; none for a number that there is not.
     SUBSTR($2, account + 1, 1)  its unit: '0' + enum ledger_unit
     SUBSTR($3, account + 1, 1)  its owner: 's'ub-account, 'a'gency, 'p'latform
     SUBSTR($4, kind + 1, 1)     which way a posting may move wallets: 'u'p, 'd'own, 'e'ither, 'n'either
     SUBSTR($5, kind + 1, 1)     whether it may leave one below zero: 'y', 'n' */

/* Each table ends with an invariant without a name. */
extern const struct invariant check_file[], check_accounts[], check_ledger[], check_wallets[],
    check_purchases[], check_calls[], check_usage[], check_people[], check_references[],
    check_automatic[], check_cards[], check_refunds[], check_adjustments[], check_moves[],
    check_renewals[], check_jobs[], check_knowledge[], check_profits[], check_reservations[],
    check_engines[], check_outbox[], check_secrets[], check_audit[];

extern const struct check_subject check_agencies_counted, check_subaccounts_counted,
    check_users_counted, check_staff_counted, check_postings_counted, check_entries_counted,
    check_ledger_accounts_counted, check_purchases_counted, check_calls_counted,
    check_hours_counted, check_periods_counted, check_prices_counted, check_sessions_counted,
    check_keys_counted, check_replies_counted, check_events_counted, check_invitations_counted,
    check_mails_counted, check_moves_counted, check_renewals_counted, check_shares_counted,
    check_payouts_counted, check_jobs_counted, check_transfers_counted, check_profits_counted,
    check_reservations_counted, check_orders_counted, check_refunds_counted,
    check_adjustments_counted, check_recharges_counted, check_runs_counted, check_cards_counted,
    check_connections_counted, check_deliveries_counted;

/* Before the first statement: lets the store sort what is larger than memory. */
bool check_prepare(struct tx *tx);

#endif
