#include "store/ledger.h"

#include "store/many.h"
#include "store/profits.h"
#include "store/recharges.h"

#include <stdlib.h>

/* The sum of a batch's entries in one account, and where its next entry stands. */
struct account_change {
    int64_t account, owner;
    int64_t amount, entries;
    int64_t seq, balance, posted_at; /* after the entries written so far */
};

/* Changes of one batch, sorted by (account, owner): the order in which rows are locked. */
struct changes {
    struct account_change *at;
    size_t n;
};

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_changes(const void *a, const void *b)
{
    const struct account_change *x = a, *y = b;
    int by_account = compare_int64(x->account, y->account);
    return by_account != 0 ? by_account : compare_int64(x->owner, y->owner);
}

static struct account_change *change_of(const struct changes *changes, int64_t account,
                                        int64_t owner)
{
    struct account_change key = { .account = account, .owner = owner };
    return bsearch(&key, changes->at, changes->n, sizeof(key), compare_changes);
}

/* Sorts, then merges neighbours of the same account. */
static bool merge(struct tx *tx, struct changes *changes)
{
    size_t kept = 0;

    qsort(changes->at, changes->n, sizeof(*changes->at), compare_changes);
    for (size_t i = 0; i < changes->n; i++) {
        struct account_change *last = kept > 0 ? &changes->at[kept - 1] : NULL;
        if (last != NULL && compare_changes(last, &changes->at[i]) == 0) {
            if (__builtin_add_overflow(last->amount, changes->at[i].amount, &last->amount))
                return fail(tx->problem, REASON_OVERFLOW, NULL,
                            "the sum of a batch overflows an account");
            last->entries += changes->at[i].entries;
        } else {
            changes->at[kept++] = changes->at[i];
        }
    }
    changes->n = kept;
    return true;
}

static bool changes_of(struct tx *tx, const struct posting *postings, size_t n, struct changes *out)
{
    size_t n_entries = 0;

    for (size_t i = 0; i < n; i++)
        n_entries += postings[i].n_entries;
    out->at = ARENA_ARRAY(tx->arena, struct account_change, n_entries);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < postings[i].n_entries; j++) {
            const struct entry *entry = &postings[i].entries[j];
            out->at[out->n++] = (struct account_change){ .account = entry->account,
                                                         .owner = entry->owner,
                                                         .amount = entry->amount,
                                                         .entries = 1 };
        }
    }
    return merge(tx, out);
}

/* Numbers of all changes side by side, as db_bulk_run takes them. */
static int64_t *column(struct arena *arena, size_t n)
{
    return ARENA_ARRAY(arena, int64_t, n);
}

static void take_balance(void *context, const struct db_rows *row)
{
    struct account_change *change = change_of(context, row_int(row, 0), row_int(row, 1));

    if (change != NULL) {
        change->balance = row_int(row, 2) - change->amount;
        change->seq = row_int(row, 3) - change->entries;
        change->posted_at = row_int(row, 4);
    }
}

/* Adds to the balances and learns what they were: one statement for all accounts of the batch. */
static bool apply_changes(struct tx *tx, id64_t agency, struct changes *changes)
{
#define ADD_TO_BALANCE                                                                                                \
    " ON CONFLICT (agency_id, account, owner_id) DO UPDATE SET balance = ledger_accounts.balance + excluded.balance," \
    " entries = ledger_accounts.entries + excluded.entries,"                                                          \
    " posted_at = CASE WHEN excluded.posted_at > ledger_accounts.posted_at THEN excluded.posted_at"                   \
    " ELSE ledger_accounts.posted_at END"
    static const struct db_bulk upsert = {
        .row_sql =
            "INSERT INTO ledger_accounts (agency_id, account, owner_id, balance, entries, posted_at)"
            " VALUES ($5, $1, $2, $3, $4, $6)" ADD_TO_BALANCE,
        .row_read_sql = "SELECT account, owner_id, balance, entries, posted_at FROM ledger_accounts"
                        " WHERE agency_id = $5 AND account = $1 AND owner_id = $2",
        .set_sql =
            "INSERT INTO ledger_accounts (agency_id, account, owner_id, balance, entries, posted_at)"
            " SELECT $5::bigint, u.account, u.owner, u.amount, u.entries, $6::bigint"
            " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])"
            " AS u (account, owner, amount, entries) ORDER BY u.account, u.owner" ADD_TO_BALANCE
            " RETURNING account, owner_id, balance, entries, posted_at",
    };
#undef ADD_TO_BALANCE
    int64_t *account = column(tx->arena, changes->n), *owner = column(tx->arena, changes->n);
    int64_t *amount = column(tx->arena, changes->n), *entries = column(tx->arena, changes->n);

    for (size_t i = 0; i < changes->n; i++) {
        account[i] = changes->at[i].account;
        owner[i] = changes->at[i].owner;
        amount[i] = changes->at[i].amount;
        entries[i] = changes->at[i].entries;
    }
    const struct db_column columns[] = {
        { .numbers = account }, { .numbers = owner }, { .numbers = amount }, { .numbers = entries }
    };
    return db_bulk_run(tx, &upsert, columns, COUNT_OF(columns), changes->n,
                       ARGS(db_int(agency), db_int(tx->now)), take_balance, changes);
}

/* Only what has already happened may leave a wallet below zero; credits never are. */
static bool refuse_overdraft(struct tx *tx, const struct posting *postings, size_t n,
                             const struct changes *changes)
{
    for (size_t i = 0; i < n; i++) {
        if (posting_kind_may_overdraw(postings[i].kind)) continue;
        for (size_t j = 0; j < postings[i].n_entries; j++) {
            const struct entry *entry = &postings[i].entries[j];
            const struct account_change *change;

            if (ledger_account_owner(entry->account) != OWNER_SUBACCOUNT || entry->amount >= 0)
                continue;
            change = change_of(changes, entry->account, entry->owner);
            if (change->balance + change->amount < 0)
                return fail_as(tx->problem,
                               entry->account == LEDGER_KNOWLEDGE ? REASON_INSUFFICIENT_KNOWLEDGE
                                                                  : REASON_INSUFFICIENT_MINUTES,
                               NULL);
        }
    }
    return true;
}

static bool insert_postings(struct tx *tx, const struct posting *postings, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql =
            "INSERT INTO ledger_postings (agency_id, id, kind, subject_id, reference_id, once_key, user_id,"
            " api_key_id, posted_at) VALUES ($8, $1, $2, $3, $4, $5, $6, $7, $9)",
        .set_sql =
            "INSERT INTO ledger_postings (agency_id, id, kind, subject_id, reference_id, once_key, user_id,"
            " api_key_id, posted_at) SELECT $8::bigint, u.id, u.kind, u.subject, u.reference, u.once, u.person, u.key,"
            " $9::bigint FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],"
            " $6::bigint[], $7::bigint[]) AS u (id, kind, subject, reference, once, person, key)",
    };
    enum { NULLABLE = 4 };
    int64_t *id = column(tx->arena, n), *kind = column(tx->arena, n),
            *subject = column(tx->arena, n);
    int64_t *optional[NULLABLE]; /* reference, once, person, key */
    bool *nulls[NULLABLE];

    for (size_t c = 0; c < NULLABLE; c++) {
        optional[c] = column(tx->arena, n);
        nulls[c] = ARENA_ARRAY(tx->arena, bool, n);
    }
    for (size_t i = 0; i < n; i++) {
        const id64_t values[NULLABLE] = { postings[i].reference, postings[i].key,
                                          postings[i].actor.user, postings[i].actor.api_key };
        id[i] = postings[i].id;
        kind[i] = postings[i].kind;
        subject[i] = postings[i].subject;
        for (size_t c = 0; c < NULLABLE; c++) {
            optional[c][i] = values[c];
            nulls[c][i] = values[c] == ID_NONE;
        }
    }
    const struct db_column columns[] = { { .numbers = id },
                                         { .numbers = kind },
                                         { .numbers = subject },
                                         { .numbers = optional[0], .nulls = nulls[0] },
                                         { .numbers = optional[1], .nulls = nulls[1] },
                                         { .numbers = optional[2], .nulls = nulls[2] },
                                         { .numbers = optional[3], .nulls = nulls[3] } };
    return db_bulk_run(tx, &insert, columns, COUNT_OF(columns), n,
                       ARGS(db_int(postings[0].agency), db_int(tx->now)), NULL, NULL);
}

/* Each entry takes the account's next number and leaves its running balance. */
static bool insert_entries(struct tx *tx, const struct posting *postings, size_t n,
                           const struct changes *changes)
{
    static const struct db_bulk insert = {
        .row_sql =
            "INSERT INTO ledger_entries (agency_id, account, owner_id, seq, posting_id, amount, balance,"
            " posted_at) VALUES ($8, $1, $2, $3, $4, $5, $6, $7)",
        .set_sql =
            "INSERT INTO ledger_entries (agency_id, account, owner_id, seq, posting_id, amount, balance,"
            " posted_at) SELECT $8::bigint, u.* FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[],"
            " $5::bigint[], $6::bigint[], $7::bigint[]) AS u",
    };
    enum { ACCOUNT, OWNER, SEQ, POSTING, AMOUNT, BALANCE, AT, WIDTH };
    int64_t *values[WIDTH];
    size_t total = 0, row = 0;

    for (size_t i = 0; i < n; i++)
        total += postings[i].n_entries;
    for (size_t c = 0; c < WIDTH; c++)
        values[c] = column(tx->arena, total);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < postings[i].n_entries; j++, row++) {
            const struct entry *entry = &postings[i].entries[j];
            struct account_change *change = change_of(changes, entry->account, entry->owner);
            change->balance += entry->amount;
            values[ACCOUNT][row] = entry->account;
            values[OWNER][row] = entry->owner;
            values[SEQ][row] = ++change->seq;
            values[POSTING][row] = postings[i].id;
            values[AMOUNT][row] = entry->amount;
            values[BALANCE][row] = change->balance;
            values[AT][row] = change->posted_at;
        }
    }
    struct db_column columns[WIDTH];
    for (size_t c = 0; c < WIDTH; c++)
        columns[c] = (struct db_column){ .numbers = values[c] };
    return db_bulk_run(tx, &insert, columns, WIDTH, total, ARGS(db_int(postings[0].agency)), NULL,
                       NULL);
}

/* Wallets and what is held of them, for those who look on. */
static void mark_accounts(struct tx *tx, id64_t agency, const struct changes *changes)
{
    for (size_t i = 0; i < changes->n; i++) {
        if (ledger_account_owner((enum ledger_account)changes->at[i].account) == OWNER_SUBACCOUNT)
            tx_mark(tx, agency, changes->at[i].owner, CHANGED_BALANCE);
    }
}

/* Charging looks at the wallets itself: it knows who waits for that without asking the store. */
static bool is_watched(enum posting_kind kind)
{
    return kind == POSTING_CALLS || kind == POSTING_HOLD || kind == POSTING_ENDED_CALLS;
}

static int compare_ids(const void *a, const void *b)
{
    return compare_int64(*(const id64_t *)a, *(const id64_t *)b);
}

static size_t sort_distinct(id64_t *ids, size_t n)
{
    size_t kept = 0;

    qsort(ids, n, sizeof(*ids), compare_ids);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
    }
    return kept;
}

/* Whoever has less now may have to buy by itself (domain.md §5), whatever took it. */
static bool look_at_wallets(struct tx *tx, const struct posting *postings, size_t n)
{
    id64_t *owners = ARENA_ARRAY(tx->arena, id64_t, n * POSTING_ENTRIES_MAX);
    size_t n_owners = 0;

    for (size_t i = 0; i < n; i++) {
        if (is_watched(postings[i].kind)) continue;
        for (size_t j = 0; j < postings[i].n_entries; j++) {
            const struct entry *entry = &postings[i].entries[j];

            if (entry->amount < 0 && ledger_account_is_minutes(entry->account))
                owners[n_owners++] = entry->owner;
        }
    }
    if (n_owners == 0) return true;
    return recharge_order_looks(tx, postings[0].agency, owners, sort_distinct(owners, n_owners));
}

bool ledger_post(struct tx *tx, const struct posting *postings, size_t n)
{
    struct changes changes;

    if (n == 0) return true;
    if (!changes_of(tx, postings, n, &changes)) return false;
    mark_accounts(tx, postings[0].agency, &changes);
    return apply_changes(tx, postings[0].agency, &changes)
        && refuse_overdraft(tx, postings, n, &changes) && insert_postings(tx, postings, n)
        && insert_entries(tx, postings, n, &changes) && profit_changes_note(tx, postings, n)
        && look_at_wallets(tx, postings, n);
}

bool ledger_post_one(struct tx *tx, struct posting *posting)
{
    enum reason reason = posting_check(posting);

    if (reason != REASON_NONE)
        return fail(tx->problem, reason, NULL, "posting of kind %s",
                    posting_kind_names[posting->kind]);
    return posting->n_entries == 0 || ledger_post(tx, posting, 1);
}

bool ledger_balance(struct tx *tx, id64_t agency, enum ledger_account account, id64_t owner,
                    int64_t *out)
{
    return db_find_int(
        tx,
        "SELECT balance FROM ledger_accounts WHERE agency_id = $1 AND account = $2 AND owner_id = $3",
        ARGS(db_int(agency), db_int(account), db_int(owner)), 0, out);
}

bool ledger_credit(struct tx *tx, id64_t agency, micros_t *credit, micros_t *profit)
{
    struct db_rows rows;

    *credit = *profit = 0;
    if (!db_query(tx, &rows,
                  "SELECT account, balance FROM ledger_accounts WHERE agency_id = $1"
                  " AND account IN ($2, $3) AND owner_id = $1" /* its key */,
                  ARGS(db_int(agency), db_int(LEDGER_CREDIT), db_int(LEDGER_PROFIT))))
        return false;
    while (db_next(&rows))
        *(row_int(&rows, 0) == LEDGER_CREDIT ? credit : profit) = row_int(&rows, 1);
    return db_done(&rows);
}

static void take_wallet(void *context, size_t position, const struct db_rows *row)
{
    struct wallet *wallet = (struct wallet *)context + position;
    int64_t account = row_int(row, 1), balance = row_int(row, 2);

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (account == ledger_wallet((enum tier)tier)) wallet->seconds[tier] = balance;
        if (account == ledger_held((enum tier)tier)) wallet->held[tier] = balance;
    }
}

/* Accounts 0 to 3 are the wallets and the held minutes (ledger.def). A range of them would not let the key's owner be
   sought, and of a list SQLite makes a table each time. */
#define ONE_OF_ACCOUNT(account)                                                                    \
    "SELECT $2, account, balance FROM ledger_accounts WHERE agency_id = $3 AND account = " account \
    " AND owner_id = $1"
/* clang-format off */
#define WALLETS_OF_ONE                                                                             \
    ONE_OF_ACCOUNT("0") " UNION ALL " ONE_OF_ACCOUNT("1")                                          \
    " UNION ALL " ONE_OF_ACCOUNT("2") " UNION ALL " ONE_OF_ACCOUNT("3")
/* clang-format on */

bool ledger_wallets(struct tx *tx, id64_t agency, const id64_t *owners, size_t n,
                    struct wallet *out)
{
    static const struct many_sql find = {
        .each.row_sql = WALLETS_OF_ONE,
        .each.set_sql =
            "SELECT u.position, a.account, a.balance FROM unnest($1::bigint[], $2::bigint[])"
            " AS u (owner, position) JOIN ledger_accounts a ON a.agency_id = $3::bigint"
            " AND a.account IN (0, 1, 2, 3) AND a.owner_id = u.owner",
        .all =
            "SELECT owner_id, account, balance FROM ledger_accounts"
            " WHERE agency_id = $1 AND account BETWEEN 0 AND 3 ORDER BY account, owner_id" /* its key */
        ,
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct wallet){ 0 };
    return many_find(tx, &find, owners, n, ARGS(db_int(agency)), take_wallet, out);
}

/* Wallets as they were locked, and which of their four rows were there. */
struct locked_wallets {
    struct wallet *at;
    unsigned char *rows; /* a bit for each account */
};

static void take_locked(void *context, size_t position, const struct db_rows *row)
{
    const struct locked_wallets *locked = context;

    locked->rows[position] |= (unsigned char)(1U << (unsigned)row_int(row, 1));
    take_wallet(locked->at, position, row);
}

static bool may_lack_held(unsigned rows)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if ((rows >> ledger_wallet((enum tier)tier) & 1) != 0
            && (rows >> ledger_held((enum tier)tier) & 1) == 0)
            return true;
    }
    return false;
}

/* A statement of PostgreSQL that had to wait for a row sees the row as it has become, but none that was made meanwhile:
   of two who hold for an account for the first time the second would not see what the first held. With the wallets
   locked nobody else makes one, so those are read once more. */
static bool read_held_again(struct tx *tx, id64_t agency, const id64_t *owners, size_t n,
                            const struct locked_wallets *locked)
{
    size_t n_again = 0, *positions = ARENA_ARRAY(tx->arena, size_t, n);
    id64_t *again = ARENA_ARRAY(tx->arena, id64_t, n);

    for (size_t i = 0; i < n; i++) {
        if (!may_lack_held(locked->rows[i])) continue;
        positions[n_again] = i;
        again[n_again++] = owners[i];
    }
    if (n_again == 0) return true;
    struct wallet *wallets = ARENA_ARRAY(tx->arena, struct wallet, n_again);

    if (!ledger_wallets(tx, agency, again, n_again, wallets)) return false;
    for (size_t i = 0; i < n_again; i++)
        locked->at[positions[i]] = wallets[i];
    return true;
}

bool ledger_wallets_lock(struct tx *tx, id64_t agency, const id64_t *owners, size_t n,
                         struct wallet *out)
{
    static const struct db_bulk lock = {
        .row_sql = WALLETS_OF_ONE,
        .set_sql = "SELECT u.position, a.account, a.balance FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (owner, position) JOIN ledger_accounts a ON a.agency_id = $3::bigint"
                   " AND a.account IN (0, 1, 2, 3) AND a.owner_id = u.owner"
                   " ORDER BY a.account, a.owner_id FOR UPDATE OF a",
    };
    struct locked_wallets locked = { out, ARENA_ARRAY(tx->arena, unsigned char, n + 1) };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct wallet){ 0 };
    return many_find_each(tx, &lock, owners, n, ARGS(db_int(agency)), take_locked, &locked)
        && (db_kind(tx->db) == DB_SQLITE || read_held_again(tx, agency, owners, n, &locked));
}

bool ledger_statement(struct tx *tx, id64_t agency, const struct statement_filter *filter,
                      struct list *out)
{
    static const struct field fields[] = {
        FIELD_ID(struct statement_entry, posting_id, ID_POSTING),
        FIELD_NAME(struct statement_entry, account, ledger_account_names),
        FIELD_NAME(struct statement_entry, kind, posting_kind_names),
        FIELD_INTEGER(struct statement_entry, seq),
        FIELD_INTEGER(struct statement_entry, amount),
        FIELD_INTEGER(struct statement_entry, balance),
        FIELD_ID(struct statement_entry, subject_id, ID_SUBACCOUNT),
        FIELD_ID(struct statement_entry, reference_id, ID_PURCHASE),
        FIELD_ID(struct statement_entry, user_id, ID_USER),
        FIELD_ID(struct statement_entry, api_key_id, ID_API_KEY),
        FIELD_INSTANT(struct statement_entry, posted_at),
        FIELD_END,
    };
    int64_t before = filter->before_seq > 0 ? filter->before_seq : INT64_MAX;
    instant_t from = filter->from != INSTANT_NONE ? filter->from : 0;
    instant_t to = filter->to != INSTANT_NONE ? filter->to : INT64_MAX;

    return db_list(
        tx,
        "SELECT e.posting_id, e.account, p.kind, e.seq, e.amount, e.balance, p.subject_id, p.reference_id,"
        " p.user_id, p.api_key_id, e.posted_at FROM ledger_entries e"
        " JOIN ledger_postings p ON p.agency_id = e.agency_id AND p.id = e.posting_id"
        " WHERE e.agency_id = $1 AND e.account = $2 AND e.owner_id = $3 AND e.seq < $4" /* the key */
        " AND e.posted_at >= $5 AND e.posted_at < $6 ORDER BY e.seq DESC LIMIT $7",
        ARGS(db_int(agency), db_int(filter->account), db_int(filter->owner), db_int(before),
             db_int(from), db_int(to), db_int(filter->limit)),
        fields, sizeof(struct statement_entry), (size_t)filter->limit, out);
}
