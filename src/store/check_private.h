/* Inside the tables of invariants (check_*.c): columns, and numbers of the domain as SQL literals.
   The numbers are stored for ever (ledger.def, postings.def); each is held to its enum here. */
#ifndef STORE_CHECK_PRIVATE_H
#define STORE_CHECK_PRIVATE_H

#include "domain/calls.h"
#include "domain/ledger.h"
#include "store/check.h"

#include <assert.h>

#define SQL_WALLETS                 "(0, 1)"
#define SQL_WALLET_BASIC            "0"
#define SQL_WALLET_PREMIUM          "1"
#define SQL_HELD                    "(2, 3)"
#define SQL_HELD_PREMIUM            "3"
#define SQL_MINUTES                 "(0, 1, 2, 3)" /* a sub-account's: wallets and what is held of them */
#define SQL_KNOWLEDGE               "4"
#define SQL_PROFIT                  "5"
#define SQL_COLLECTED               "6"
#define SQL_OUTSIDE                 "7"
#define SQL_CREDIT                  "8"
#define SQL_PAYOUTS                 "9"
#define SQL_USED_BASIC              "12"
#define SQL_USED_PREMIUM            "13"
#define SQL_BASE_REVENUE            "17"
#define SQL_CASH                    "18"
#define SQL_ROUNDING                "19"
#define SQL_KIND_CALLS              "0"
#define SQL_KIND_PURCHASE           "1"
#define SQL_KIND_SETTLEMENT         "3"
#define SQL_KIND_MOVE               "4"
#define SQL_KIND_PLAN_GRANT         "2"
#define SQL_KIND_REFUND             "5"
#define SQL_KIND_DISPUTE            "6"
#define SQL_KIND_ADJUSTMENT         "7"
#define SQL_KIND_PLATFORM_GRANT     "8"
#define SQL_KIND_SHARE              "9"
#define SQL_KIND_PLAN_FEE           "10"
#define SQL_KIND_PAYOUT             "14"
#define SQL_KIND_RETURN             "15"
#define SQL_KIND_KNOWLEDGE_GRANT    "11"
#define SQL_KIND_KNOWLEDGE_TRANSFER "13"
#define SQL_KIND_HOLD               "16"
#define SQL_KIND_RELEASE            "17"
#define SQL_KIND_ENDED_CALLS        "18"
#define SQL_KIND_REFUND_RETURN      "19"
#define SQL_BASIC                   "0"
#define SQL_PREMIUM                 "1"

static_assert(LEDGER_WALLET_BASIC == 0 && LEDGER_WALLET_PREMIUM == 1, "SQL_WALLETS");
static_assert(LEDGER_HELD_BASIC == 2 && LEDGER_HELD_PREMIUM == 3, "SQL_HELD");
static_assert(POSTING_HOLD == 16 && POSTING_RELEASE == 17 && POSTING_ENDED_CALLS == 18,
              "SQL_KIND_HOLD …");
static_assert(LEDGER_PROFIT == 5 && LEDGER_COLLECTED == 6 && LEDGER_OUTSIDE == 7, "SQL_PROFIT …");
static_assert(POSTING_PLAN_GRANT == 2 && POSTING_DISTRIBUTION == 9 && POSTING_PLAN_FEE == 10
                  && POSTING_PAYOUT == 14 && POSTING_PAYOUT_RETURN == 15,
              "SQL_KIND_…");
static_assert(LEDGER_CREDIT == 8 && LEDGER_PAYOUTS == 9, "SQL_CREDIT …");
static_assert(LEDGER_USED_BASIC == 12 && LEDGER_USED_PREMIUM == 13, "SQL_USED_…");
static_assert(LEDGER_BASE_REVENUE == 17 && LEDGER_CASH == 18 && LEDGER_ROUNDING == 19,
              "SQL_CASH …");
static_assert(POSTING_CALLS == 0 && POSTING_PURCHASE == 1, "SQL_KIND_…");
static_assert(POSTING_SETTLEMENT == 3 && POSTING_MOVE == 4, "SQL_KIND_…");
static_assert(LEDGER_KNOWLEDGE == 4, "SQL_KNOWLEDGE");
static_assert(POSTING_KNOWLEDGE_GRANT == 11 && POSTING_KNOWLEDGE_TRANSFER == 13, "SQL_KIND_…");
static_assert(POSTING_REFUND == 5 && POSTING_DISPUTE == 6 && POSTING_REFUND_RETURN == 19,
              "SQL_KIND_…");
static_assert(POSTING_ADJUSTMENT == 7 && POSTING_PLATFORM_GRANT == 8, "SQL_KIND_…");
static_assert(TIER_BASIC == 0 && TIER_PREMIUM == 1 && TIER_COUNT == 2, "SQL_BASIC …");

/* Of which kind the user of a row is: the agency 0 is the platform's staff. */
#define SQL_PERSON_PREFIX "CASE t.agency_id WHEN 0 THEN 'plt' ELSE 'usr' END"

/* The tier of an entry of a wallet, of what is held of one, or of a used account. */
#define SQL_TIER_OF_ACCOUNT                                                                      \
    "CASE WHEN account IN (" SQL_WALLET_PREMIUM ", " SQL_HELD_PREMIUM ", " SQL_USED_PREMIUM ") " \
    "THEN 1 ELSE 0 END"

/* value(s, p) of domain.md §1 for s, p >= 0, where the product fits. */
#define SQL_VALUE(seconds, price) "((" seconds " * " price " + 30) / 60)"

/* clang-format off */
/* Columns. The first two are what nearly every row begins with. */
#define AGENCY            COLUMN_ID("agency", ID_AGENCY)
#define SUBACCOUNT        COLUMN_ID("sub-account", ID_SUBACCOUNT)
#define POSTING           COLUMN_ID("posting", ID_POSTING)
#define LEDGER_ACCOUNT_OF COLUMN("account", SHOW_ACCOUNT), COLUMN("of", SHOW_OWNER)
#define TIER              COLUMN_NAME("tier", tier_names)
#define COLUMN_ID(label_text, kind) { .label = (label_text), .show = SHOW_ID, .id_kind = (kind) }
#define COLUMN_NAME(label_text, list) { .label = (label_text), .show = SHOW_NAME, .names = (list) }
#define COLUMN(label_text, how) { .label = (label_text), .show = (how) }
#define AMOUNT(label_text)  COLUMN(label_text, SHOW_AMOUNT)
#define NUMBER(label_text)  COLUMN(label_text, SHOW_NUMBER)
#define MONEY(label_text)   COLUMN(label_text, SHOW_MONEY)
#define INSTANT(label_text) COLUMN(label_text, SHOW_INSTANT)
#define TEXT(label_text)    COLUMN(label_text, SHOW_TEXT)
#define HIDDEN              COLUMN("", SHOW_NOTHING)
#define COLUMNS_END { .label = NULL }
#define INVARIANTS_END { .name = NULL }
/* clang-format on */

/* A table under another name, for joining by columns that no key of it begins with. SQLite would seek by what the key
   shares with them, an agency, and walk over all of its rows for each row of the other side; of what is materialized it
   makes an index. A FULL JOIN gets none at all. */
#define SQL_INDEXED(name, select) name " AS MATERIALIZED (" select ")"

/* All entries, each with its posting, found by its key: CROSS JOIN has SQLite walk over the entries. Beginning with
   the postings it would walk over all entries of an agency for each of them. `p` is what the posting is called, `more`
   what else is joined. */
#define SQL_ENTRIES_OF_POSTINGS(p, more)                                    \
    " FROM ledger_entries e CROSS JOIN ledger_postings " p more " WHERE " p \
    ".agency_id = e.agency_id AND " p ".id = e.posting_id"

#endif
