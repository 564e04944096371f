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
    return db_run(
        tx,
        "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency_id, owner_id, tier, effective_at)"
        " DO UPDATE SET price_micros = excluded.price_micros",
        ARGS(db_int(agency), db_int(owner), db_int(tier), db_int(from), db_micros(price)), NULL);
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

bool subaccount_prices(struct tx *tx, id64_t agency, id64_t subaccount, instant_t at,
                       struct tier_prices *out)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_in_force_find(tx, agency, agency, (enum tier)tier, at, &out->base[tier])
            || !price_in_force_find(tx, agency, subaccount, (enum tier)tier, at, &out->set[tier]))
            return false;
        out->effective[tier] = price_effective(out->base[tier], out->set[tier]);
    }
    return true;
}
