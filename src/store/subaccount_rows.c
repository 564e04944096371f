#include "store/subaccount_rows.h"

#include "store/many.h"

#include <string.h>

/* 0, 1, 2 …: tells which of the asked rows an answer belongs to. */
static int64_t *positions(struct arena *arena, size_t n)
{
    int64_t *at = ARENA_ARRAY(arena, int64_t, n + 1);

    for (size_t i = 0; i < n; i++)
        at[i] = (int64_t)i;
    return at;
}

static struct str folded(struct arena *arena, struct str text)
{
    return str_is_absent(text) ? text : str_fold(arena, text);
}

static void read_brief(struct db_rows *rows, struct subaccount_brief *out)
{
    *out = (struct subaccount_brief){
        .id = row_id(rows, 0),
        .kind = row_name(rows, 1, subaccount_kind_names),
        .status = row_name(rows, 2, subaccount_status_names),
        .name_key = row_text(rows, 3),
        .email_key = row_text(rows, 4),
        .reference_key = folded(rows->tx->arena, row_text(rows, 5)),
        .created_at = row_instant(rows, 7),
    };
    if (!date_parse(row_text(rows, 6), &out->billing_anchor)) rows->failed = true;
}

/* Without statistics SQLite takes a key that gives the order, and goes through all of an agency's rows for the few that
   changed. */
#define CHANGED_SUBACCOUNTS " FROM subaccounts s /*sqlite INDEXED BY subaccounts_by_version*/"

static bool query_briefs(struct tx *tx, id64_t agency, int64_t since, struct db_rows *rows)
{
#define BRIEF_COLUMNS                                                                        \
    "SELECT s.id, s.kind, s.status, s.name_key, s.email_key, s.reference, s.billing_anchor," \
    " s.created_at"
    static const char all[] =
        BRIEF_COLUMNS " FROM subaccounts s WHERE s.agency_id = $1 ORDER BY s.id" /* its key */;
    static const char changed[] = BRIEF_COLUMNS CHANGED_SUBACCOUNTS
        " WHERE s.agency_id = $1 AND s.version > $2 ORDER BY s.id";
#undef BRIEF_COLUMNS

    return since == SUBACCOUNTS_ALL
        ? db_query(tx, rows, all, ARGS(db_int(agency)))
        : db_query(tx, rows, changed, ARGS(db_int(agency), db_int(since)));
}

bool subaccount_briefs(struct tx *tx, id64_t agency, int64_t since, struct list *out)
{
    struct db_rows rows;
    size_t capacity = 64;
    struct subaccount_brief *at = ARENA_ARRAY(tx->arena, struct subaccount_brief, capacity);

    *out = (struct list){ at, 0 };
    if (!query_briefs(tx, agency, since, &rows)) return false;
    while (db_next(&rows)) {
        if (out->count == capacity) {
            struct subaccount_brief *grown =
                ARENA_ARRAY(tx->arena, struct subaccount_brief, capacity * 2);
            memcpy(grown, at, capacity * sizeof(*at));
            out->at = at = grown;
            capacity *= 2;
        }
        read_brief(&rows, &at[out->count++]);
    }
    return db_done(&rows);
}

static bool query_points(struct tx *tx, id64_t agency, int64_t since, struct db_rows *rows)
{
    static const char all[] =
        "SELECT owner_id, tier, effective_at, price_micros FROM price_points"
        " WHERE agency_id = $1 ORDER BY owner_id, tier, effective_at" /* its key */;
    /* CROSS JOIN: to SQLite, that the accounts come first. */
    static const char changed[] =
        "SELECT p.owner_id, p.tier, p.effective_at, p.price_micros" CHANGED_SUBACCOUNTS
        " CROSS JOIN price_points p WHERE s.agency_id = $1 AND s.version > $2"
        " AND p.agency_id = s.agency_id AND p.owner_id = s.id" /* its key */
        " ORDER BY p.owner_id, p.tier, p.effective_at";

    return since == SUBACCOUNTS_ALL
        ? db_query(tx, rows, all, ARGS(db_int(agency)))
        : db_query(tx, rows, changed, ARGS(db_int(agency), db_int(since)));
}

bool subaccount_price_points(struct tx *tx, id64_t agency, int64_t since, price_point_function take,
                             void *context)
{
    struct db_rows rows;

    if (!query_points(tx, agency, since, &rows)) return false;
    while (db_next(&rows)) {
        int64_t tier = row_int(&rows, 1);

        if (tier >= 0 && tier < TIER_COUNT)
            take(context, row_id(&rows, 0), (enum tier)tier,
                 (struct price_point){ row_instant(&rows, 2), row_micros(&rows, 3) });
    }
    return db_done(&rows);
}

#undef CHANGED_SUBACCOUNTS

struct loading {
    struct subaccount *out;
    bool failed;
};

static void take_subaccount(void *context, const struct db_rows *row)
{
    struct loading *loading = context;
    struct subaccount *account = &loading->out[row_int(row, 0)];

    *account = (struct subaccount){
        .agency_id = row_id(row, 1),
        .id = row_id(row, 2),
        .kind = name_index(subaccount_kind_names, row_text(row, 3)),
        .status = name_index(subaccount_status_names, row_text(row, 4)),
        .name = row_text(row, 5),
        .email = row_text(row, 6),
        .reference = row_text(row, 7),
        .timezone = row_text(row, 8),
        .suspension_note = row_text(row, 9),
        .suspended_at = row_instant(row, 10),
        .created_at = row_instant(row, 12),
        .removed_at = row_instant(row, 13),
        .concurrency_limit = row_int(row, 14),
    };
    if (!date_parse(row_text(row, 11), &account->billing_anchor)) loading->failed = true;
}

bool subaccounts_load_many(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                           struct subaccount *out)
{
#define SUBACCOUNT_COLUMNS                                                                              \
    "s.agency_id, s.id, s.kind, s.status, s.name, s.email, s.reference, s.timezone, s.suspension_note," \
    " s.suspended_at, s.billing_anchor, s.created_at, s.removed_at, s.concurrency_limit"
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, " SUBACCOUNT_COLUMNS
                   " FROM subaccounts s WHERE s.agency_id = $3 AND s.id = $1",
        .set_sql = "SELECT u.position, " SUBACCOUNT_COLUMNS
                   " FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
                   " JOIN subaccounts s ON s.agency_id = $3::bigint AND s.id = u.id",
    };
#undef SUBACCOUNT_COLUMNS
    const struct db_column columns[] = { { .numbers = ids },
                                         { .numbers = positions(tx->arena, n) } };
    struct loading loading = { .out = out };

    if (n == 0) return true;
    if (!db_bulk_run(tx, &find, columns, COUNT_OF(columns), n, ARGS(db_int(agency)),
                     take_subaccount, &loading))
        return false;
    return !loading.failed
        || fail(tx->problem, REASON_INTERNAL, NULL, "a billing anchor is no date");
}

/* Points come in order of time; the last one that is not after `at` counts, or else the first. */
struct pricing {
    struct tier_prices *out;
    bool (*seen)[TIER_COUNT];
    instant_t at;
};

static void take_price(void *context, size_t position, const struct db_rows *row)
{
    struct pricing *pricing = context;
    int64_t tier = row_int(row, 1);

    if (tier < 0 || tier >= TIER_COUNT) return;
    if (!pricing->seen[position][tier] || row_instant(row, 2) <= pricing->at)
        pricing->out[position].set[tier] = row_micros(row, 3);
    pricing->seen[position][tier] = true;
}

bool subaccounts_prices(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, instant_t at,
                        struct tier_prices *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, tier, effective_at, price_micros FROM price_points"
                   " WHERE agency_id = $3 AND owner_id = $1 ORDER BY tier, effective_at",
        .set_sql = "SELECT u.position, p.tier, p.effective_at, p.price_micros"
                   " FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
                   " JOIN price_points p ON p.agency_id = $3::bigint AND p.owner_id = u.id"
                   " ORDER BY u.position, p.tier, p.effective_at",
    };
    struct pricing pricing = { .out = out,
                               .seen = arena_alloc(tx->arena, sizeof(*pricing.seen) * (n + 1)),
                               .at = at };
    struct tier_prices none = { .set = { MICROS_NONE, MICROS_NONE } };

    if (!base_prices_find(tx, agency, at, none.base)) return false;
    for (size_t i = 0; i < n; i++)
        out[i] = none;
    if (!many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_price, &pricing))
        return false;
    for (size_t i = 0; i < n; i++) {
        for (int tier = 0; tier < TIER_COUNT; tier++)
            out[i].effective[tier] = price_effective(out[i].base[tier], out[i].set[tier]);
    }
    return true;
}

static void take_balance(void *context, size_t position, const struct db_rows *row)
{
    int64_t *out = context;

    out[position] = row_int(row, 1);
}

bool subaccounts_balances(struct tx *tx, id64_t agency, int account, const id64_t *ids, size_t n,
                          int64_t *out)
{
    static const struct many_sql find = {
        .each.row_sql = "SELECT $2, balance FROM ledger_accounts"
                        " WHERE agency_id = $3 AND account = $4 AND owner_id = $1",
        .each.set_sql =
            "SELECT u.position, a.balance FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
            " JOIN ledger_accounts a ON a.agency_id = $3::bigint AND a.account = $4::bigint"
            " AND a.owner_id = u.id",
        .all = "SELECT owner_id, balance FROM ledger_accounts"
               " WHERE agency_id = $1 AND account = $2 ORDER BY owner_id" /* its key */,
    };

    memset(out, 0, n * sizeof(*out));
    return many_find(tx, &find, ids, n, ARGS(db_int(agency), db_int(account)), take_balance, out);
}

static void read_usage(const struct db_rows *row, struct period_usage *out)
{
    out->billed_seconds = row_int(row, 1);
    out->spent = row_int(row, 2);
}

static void take_usage(void *context, const struct db_rows *row)
{
    read_usage(row, (struct period_usage *)context + row_int(row, 0));
}

struct walked_usage {
    const struct period *periods;
    struct period_usage *out;
};

static void take_walked(void *context, size_t position, const struct db_rows *row)
{
    const struct walked_usage *walked = context;

    /* Another may have begun one within those months that is over for it. */
    if (row_instant(row, 3) == walked->periods[position].start)
        read_usage(row, &walked->out[position]);
}

/* All periods that began no sooner than the first and no later than the last of these: few more, when they are those of one
   instant. */
static bool walk_usage(struct tx *tx, id64_t agency, const id64_t *ids,
                       const struct period *periods, size_t n, struct period_usage *out)
{
    static const char all[] =
        "SELECT subaccount_id, billed_seconds, spent_micros, start_at FROM usage_periods"
        " WHERE agency_id = $1 AND start_at BETWEEN $2 AND $3"
        " ORDER BY start_at, subaccount_id" /* its key */;
    struct walked_usage walked = { periods, out };
    instant_t first = periods[0].start, last = first;

    for (size_t i = 1; i < n; i++) {
        if (periods[i].start < first) first = periods[i].start;
        if (periods[i].start > last) last = periods[i].start;
    }
    return many_walk(tx, all, ids, n, ARGS(db_int(agency), db_int(first), db_int(last)),
                     take_walked, &walked);
}

bool subaccounts_period_usage(struct tx *tx, id64_t agency, const id64_t *ids,
                              const struct period *periods, size_t n, struct period_usage *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $3, billed_seconds, spent_micros FROM usage_periods"
                   " WHERE agency_id = $4 AND subaccount_id = $1 AND start_at = $2",
        .set_sql =
            "SELECT u.position, p.billed_seconds, p.spent_micros"
            " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (id, start_at, position)"
            " JOIN usage_periods p ON p.agency_id = $4::bigint AND p.subaccount_id = u.id"
            " AND p.start_at = u.start_at",
    };
    int64_t *starts = ARENA_ARRAY(tx->arena, int64_t, n + 1);
    const struct db_column columns[] = { { .numbers = ids },
                                         { .numbers = starts },
                                         { .numbers = positions(tx->arena, n) } };

    for (size_t i = 0; i < n; i++) {
        starts[i] = periods[i].start;
        out[i].billed_seconds = 0;
        out[i].spent = 0;
    }
    if (many_are_walked(ids, n)) return walk_usage(tx, agency, ids, periods, n, out);
    return n == 0
        || db_bulk_run(tx, &find, columns, COUNT_OF(columns), n, ARGS(db_int(agency)), take_usage,
                       out);
}

static void take_purchased(void *context, const struct db_rows *row)
{
    struct period_usage *usage = (struct period_usage *)context + row_int(row, 0);

    usage->purchased = row_int(row, 1);
}

bool subaccounts_period_purchased(struct tx *tx, id64_t agency, const id64_t *ids,
                                  const struct period *periods, size_t n, struct period_usage *out)
{
    static const struct db_bulk find = {
        .row_sql =
            "SELECT $4, COALESCE((SELECT SUM(paid_micros) FROM purchases"
            " WHERE agency_id = $5 AND subaccount_id = $1 AND succeeded_at >= $2"
            " AND succeeded_at < $3), 0)" /* purchases_by_subaccount_success */
            " - COALESCE((SELECT SUM(amount_micros) FROM refunds" /* refunds_by_subaccount_time */
            " WHERE agency_id = $5 AND subaccount_id = $1 AND created_at >= $2"
            " AND created_at < $3 AND state <> 'failed'), 0)",
        .set_sql = "SELECT u.position, (SELECT COALESCE(SUM(p.paid_micros), 0) FROM purchases p"
                   " WHERE p.agency_id = $5::bigint AND p.subaccount_id = u.id"
                   " AND p.succeeded_at >= u.start_at AND p.succeeded_at < u.end_at)::bigint"
                   " - (SELECT COALESCE(SUM(f.amount_micros), 0) FROM refunds f"
                   " WHERE f.agency_id = $5::bigint AND f.subaccount_id = u.id"
                   " AND f.created_at >= u.start_at AND f.created_at < u.end_at"
                   " AND f.state <> 'failed')::bigint"
                   " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])"
                   " AS u (id, start_at, end_at, position)",
    };
    int64_t *starts = ARENA_ARRAY(tx->arena, int64_t, n + 1),
            *ends = ARENA_ARRAY(tx->arena, int64_t, n + 1);
    const struct db_column columns[] = { { .numbers = ids },
                                         { .numbers = starts },
                                         { .numbers = ends },
                                         { .numbers = positions(tx->arena, n) } };

    for (size_t i = 0; i < n; i++) {
        starts[i] = periods[i].start;
        ends[i] = periods[i].end;
        out[i].purchased = 0;
    }
    return n == 0
        || db_bulk_run(tx, &find, columns, COUNT_OF(columns), n, ARGS(db_int(agency)),
                       take_purchased, out);
}
