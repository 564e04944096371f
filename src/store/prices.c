/* Price and increment history (store/agencies.h). */
#include "store/agencies.h"

bool increment_point_insert(struct tx *tx, id64_t agency, instant_t from,
                            struct increment increment)
{
    return db_run(
        tx,
        "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (agency_id, effective_at) DO UPDATE"
        " SET first_seconds = excluded.first_seconds, step_seconds = excluded.step_seconds",
        ARGS(db_int(agency), db_int(from), db_int(increment.first_seconds),
             db_int(increment.step_seconds)),
        NULL);
}

bool price_point_insert(struct tx *tx, id64_t agency, id64_t owner, enum tier tier, instant_t from,
                        micros_t price)
{
    tx_mark(tx, agency, owner == agency ? ID_NONE : owner, CHANGED_BALANCE);
    return db_run(
        tx,
        "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency_id, owner_id, tier, effective_at)"
        " DO UPDATE SET price_micros = excluded.price_micros",
        ARGS(db_int(agency), db_int(owner), db_int(tier), db_int(from), db_micros(price)), NULL);
}

bool price_points_delete_after(struct tx *tx, id64_t agency, id64_t owner, instant_t after)
{
    return db_run(tx,
                  "DELETE FROM price_points WHERE agency_id = $1 AND owner_id = $2"
                  " AND tier IN (0, 1) AND effective_at > $3" /* the key */,
                  ARGS(db_int(agency), db_int(owner), db_int(after)), NULL);
}

/* As price_in_force (domain/prices.h): the newest point that is not after `at`, or else the very first. */
bool price_in_force_find(struct tx *tx, id64_t agency, id64_t owner, enum tier tier, instant_t at,
                         micros_t *out)
{
    struct db_rows rows;

    *out = MICROS_NONE;
    if (!db_query(
            tx, &rows,
            "SELECT price_micros FROM price_points WHERE agency_id = $1 AND owner_id = $2 AND tier = $3"
            " ORDER BY CASE WHEN effective_at <= $4 THEN 0 ELSE 1 END,"
            " CASE WHEN effective_at <= $4 THEN -effective_at ELSE effective_at END LIMIT 1",
            ARGS(db_int(agency), db_int(owner), db_int(tier), db_int(at))))
        return false;
    if (db_next(&rows)) *out = row_micros(&rows, 0);
    return db_done(&rows);
}

bool base_prices_find(struct tx *tx, id64_t agency, instant_t at, micros_t out[TIER_COUNT])
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_in_force_find(tx, agency, agency, (enum tier)tier, at, &out[tier])) return false;
    }
    return true;
}

bool price_next_change(struct tx *tx, id64_t agency, id64_t subaccount, instant_t *out)
{
    return db_find_int(
        tx,
        "SELECT MIN(effective_at) FROM price_points WHERE agency_id = $1"
        " AND owner_id IN ($1, $2) AND tier IN (0, 1) AND effective_at > $3" /* the key */,
        ARGS(db_int(agency), db_int(subaccount), db_int(tx->now)), INSTANT_NONE, out);
}

/* A point with its tier, as it is stored. */
struct point_row {
    int tier;
    struct price_point point;
};

static bool load_points(struct tx *tx, id64_t agency, id64_t owner, struct list *out)
{
    static const struct field columns[] = {
        FIELD_NAME(struct point_row, tier, tier_names),
        FIELD_INSTANT(struct point_row, point.from),
        FIELD_MONEY(struct point_row, point.price),
        FIELD_END,
    };

    return db_list(
        tx,
        "SELECT tier, effective_at, price_micros FROM price_points"
        " WHERE agency_id = $1 AND owner_id = $2 ORDER BY tier, effective_at" /* the key */,
        ARGS(db_int(agency), db_int(owner)), columns, sizeof(struct point_row), SIZE_MAX, out);
}

/* Rows come tier by tier. */
bool price_histories_load(struct tx *tx, id64_t agency, id64_t owner, struct tier_histories *out)
{
    struct list rows;

    *out = (struct tier_histories){ 0 };
    if (!load_points(tx, agency, owner, &rows)) return false;
    const struct point_row *row = rows.at;
    struct price_point *points = ARENA_ARRAY(tx->arena, struct price_point, rows.count + 1);

    for (size_t i = 0; i < rows.count; i++) {
        struct price_history *history = &out->of[row[i].tier];

        points[i] = row[i].point;
        if (history->count++ == 0) history->at = &points[i];
    }
    return true;
}

/* The price of one tier, of the agency ($2 is its own id then) or of a sub-account, told apart by `n`. */
#define IN_FORCE(n, owner, tier)                                                         \
    "SELECT * FROM (SELECT " n " AS n, price_micros FROM price_points"                   \
    " WHERE agency_id = $1 AND owner_id = " owner " AND tier = " tier /* its key */      \
    " ORDER BY CASE WHEN effective_at <= $3 THEN 0 ELSE 1 END,"                          \
    " CASE WHEN effective_at <= $3 THEN -effective_at ELSE effective_at END LIMIT 1) AS" \
    " p" n

/* In one statement: whoever moves or sells minutes waits for its answer with the agency's row locked. */
bool subaccount_prices(struct tx *tx, id64_t agency, id64_t subaccount, instant_t at,
                       struct tier_prices *out)
{
    micros_t *const of[] = { &out->base[TIER_BASIC], &out->base[TIER_PREMIUM],
                             &out->set[TIER_BASIC], &out->set[TIER_PREMIUM] };
    struct db_rows rows;

    for (size_t i = 0; i < COUNT_OF(of); i++)
        *of[i] = MICROS_NONE;
    if (!db_query(
            tx, &rows,
            IN_FORCE("0", "$1", "0") " UNION ALL " IN_FORCE("1", "$1", "1") " UNION ALL " IN_FORCE(
                "2", "$2", "0") " UNION ALL " IN_FORCE("3", "$2", "1"),
            ARGS(db_int(agency), db_int(subaccount), db_int(at))))
        return false;
    while (db_next(&rows))
        *of[row_int(&rows, 0)] = row_micros(&rows, 1);
    if (!db_done(&rows)) return false;
    for (int tier = 0; tier < TIER_COUNT; tier++)
        out->effective[tier] = price_effective(out->base[tier], out->set[tier]);
    return true;
}
