#include "store/automatic_purchases.h"

#include "store/allocations.h"

bool recharges_begun_since(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from,
                           int64_t *out)
{
    return db_find_int(
        tx,
        "SELECT COUNT(*) FROM purchases WHERE agency_id = $1 AND subaccount_id = $2"
        " AND origin = 'auto_recharge' AND created_at >= $3" /* purchases_recharges */,
        ARGS(db_int(agency), db_int(subaccount), db_int(from)), 0, out);
}

bool allocation_purchase_insert(struct tx *tx, const struct allocation_run *run,
                                const struct purchase *purchase)
{
    return db_run(tx,
                  "INSERT INTO allocation_purchases (agency_id, purchase_id, subaccount_id, month,"
                  " tier) VALUES ($1, $2, $3, $4, $5)",
                  ARGS(db_int(run->agency_id), db_int(purchase->id), db_int(run->subaccount_id),
                       db_int(run->month), db_int(purchase->tier)),
                  NULL);
}

bool allocation_run_of(struct tx *tx, id64_t agency, id64_t purchase, struct allocation_run *out,
                       bool *found)
{
    static const struct field key[] = {
        FIELD_ID(struct allocation_run, subaccount_id, ID_SUBACCOUNT),
        FIELD_INTEGER(struct allocation_run, month),
        FIELD_END,
    };
    struct allocation_run named;

    if (!db_find(tx,
                 "SELECT subaccount_id, month FROM allocation_purchases"
                 " WHERE agency_id = $1 AND purchase_id = $2",
                 ARGS(db_int(agency), db_int(purchase)), key, &named, found))
        return false;
    return !*found || allocation_run_load(tx, agency, named.subaccount_id, named.month, out);
}

/* The latest comes last, and stays. */
bool allocation_tries(struct tx *tx, const struct allocation_run *run,
                      struct purchase out[TIER_COUNT])
{
    struct db_rows rows;

    for (int tier = 0; tier < TIER_COUNT; tier++)
        out[tier] = (struct purchase){ .id = ID_NONE };
    if (!db_query(tx, &rows,
                  "SELECT a.tier, p.id, p.state, p.failure, p.provider FROM allocation_purchases a"
                  " JOIN purchases p ON p.agency_id = a.agency_id AND p.id = a.purchase_id"
                  " WHERE a.agency_id = $1 AND a.subaccount_id = $2 AND a.month = $3"
                  " ORDER BY a.purchase_id" /* allocation_purchases_by_run */,
                  ARGS(db_int(run->agency_id), db_int(run->subaccount_id), db_int(run->month))))
        return false;
    while (db_next(&rows)) {
        int64_t tier = row_int(&rows, 0);

        if (tier < 0 || tier >= TIER_COUNT) continue;
        out[tier] = (struct purchase){
            .agency_id = run->agency_id,
            .id = row_id(&rows, 1),
            .subaccount_id = run->subaccount_id,
            .tier = (int)tier,
            .state = row_name(&rows, 2, purchase_state_names),
            .failure = row_text(&rows, 3),
            .provider = row_name(&rows, 4, purchase_provider_names),
        };
    }
    return db_done(&rows);
}

bool payment_troubles(struct tx *tx, id64_t agency, struct list *out)
{
    static const struct field row[] = {
        FIELD_ID(struct payment_trouble, subaccount, ID_SUBACCOUNT),
        FIELD_BOOLEAN(struct payment_trouble, fails),
        FIELD_BOOLEAN(struct payment_trouble, is_past_due),
        FIELD_END,
    };

    return db_list(
        tx,
        "SELECT subaccount_id, MAX(fails), MAX(past_due) FROM ("
        "SELECT subaccount_id, 1 AS fails, 0 AS past_due FROM auto_recharges"
        " WHERE agency_id = $1 AND failures > 0" /* auto_recharges_failing */
        " UNION ALL SELECT subaccount_id, 1, 0 FROM allocation_runs"
        " WHERE agency_id = $1 AND settled_at IS NULL" /* allocation_runs_open */
        " AND state = 'retrying'"
        " UNION ALL SELECT d.subaccount_id, 0, 1 FROM allocation_runs d"
        " JOIN auto_allocations a ON a.agency_id = d.agency_id"
        " AND a.subaccount_id = d.subaccount_id AND a.enabled = 1"
        " WHERE d.agency_id = $1 AND d.state = 'past_due'" /* allocation_runs_past_due */
        " AND NOT EXISTS (SELECT 1 FROM allocation_runs s WHERE s.agency_id = d.agency_id"
        " AND s.subaccount_id = d.subaccount_id AND s.month > d.month AND s.state = 'succeeded')"
        ") AS troubles GROUP BY subaccount_id ORDER BY subaccount_id",
        ARGS(db_int(agency)), row, sizeof(struct payment_trouble), SIZE_MAX, out);
}
