#include "store/recharges.h"

#include "store/jobs.h"
#include "store/many.h"

/* clang-format off */
static const struct field recharge_row[] = {
    FIELD_ID(struct recharge, agency_id, ID_AGENCY),
    FIELD_ID(struct recharge, subaccount_id, ID_SUBACCOUNT),
    FIELD_BOOLEAN(struct recharge, enabled),
    FIELD_MONEY(struct recharge, threshold),
    FIELD_MONEY(struct recharge, amount),
    FIELD_NAME(struct recharge, tier, tier_names),
    FIELD_ID(struct recharge, purchase_id, ID_PURCHASE),
    FIELD_INSTANT(struct recharge, waits_until),
    FIELD_INTEGER(struct recharge, failures),
    FIELD_TEXT(struct recharge, failure),
    FIELD_INSTANT(struct recharge, turned_off_at),
    FIELD_INSTANT(struct recharge, updated_at),
    FIELD_END,
};
/* clang-format on */

bool recharge_load(struct tx *tx, id64_t agency, id64_t subaccount, struct recharge *out)
{
    bool found;

    if (!db_find(tx,
                 "SELECT agency_id, subaccount_id, enabled, threshold_micros, amount_micros, tier,"
                 " purchase_id, waits_until, failures, failure, turned_off_at, updated_at"
                 " FROM auto_recharges WHERE agency_id = $1 AND subaccount_id = $2",
                 ARGS(db_int(agency), db_int(subaccount)), recharge_row, out, &found))
        return false;
    if (found) return true;
    fields_clear(recharge_row, out);
    out->agency_id = agency;
    out->subaccount_id = subaccount;
    return true;
}

static struct db_value db_tier(int tier)
{
    struct db_value value = db_int(tier);

    value.is_null = tier < 0;
    return value;
}

bool recharge_save(struct tx *tx, const struct recharge *recharge)
{
    return db_run(
        tx,
        "INSERT INTO auto_recharges (agency_id, subaccount_id, enabled, threshold_micros,"
        " amount_micros, tier, purchase_id, waits_until, failures, failure, turned_off_at,"
        " updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (agency_id, subaccount_id) DO UPDATE SET enabled = excluded.enabled,"
        " threshold_micros = excluded.threshold_micros, amount_micros = excluded.amount_micros,"
        " tier = excluded.tier, purchase_id = excluded.purchase_id,"
        " waits_until = excluded.waits_until, failures = excluded.failures,"
        " failure = excluded.failure, turned_off_at = excluded.turned_off_at,"
        " updated_at = excluded.updated_at",
        ARGS(db_int(recharge->agency_id), db_int(recharge->subaccount_id),
             db_bool(recharge->enabled), db_micros(recharge->threshold),
             db_micros(recharge->amount), db_tier(recharge->tier), db_id(recharge->purchase_id),
             db_instant(recharge->waits_until), db_int(recharge->failures),
             db_text(recharge->failure), db_instant(recharge->turned_off_at),
             db_instant(recharge->updated_at)),
        NULL);
}

/* Those of the accounts asked for that are on and have nothing of their own under way. */
struct armed {
    id64_t *at;
    size_t n;
};

static void take_armed(void *context, size_t position, const struct db_rows *row)
{
    struct armed *armed = context;

    (void)position;
    armed->at[armed->n++] = row_id(row, 1);
}

bool recharge_order_looks(struct tx *tx, id64_t agency, const id64_t *subaccounts, size_t n)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, subaccount_id FROM auto_recharges WHERE agency_id = $3"
                   " AND subaccount_id = $1 AND enabled = 1 AND purchase_id IS NULL" /* the key */,
        .set_sql = "SELECT u.position, r.subaccount_id FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN auto_recharges r ON r.agency_id = $3::bigint"
                   " AND r.subaccount_id = u.id WHERE r.enabled = 1 AND r.purchase_id IS NULL",
    };
    struct armed armed = { .at = ARENA_ARRAY(tx->arena, id64_t, n + 1) };

    if (!many_find_each(tx, &find, subaccounts, n, ARGS(db_int(agency)), take_armed, &armed))
        return false;
    for (size_t i = 0; i < armed.n; i++) {
        if (!job_post(tx, agency, JOB_AUTO_RECHARGE, armed.at[i], tx->now)) return false;
    }
    return true;
}

bool recharge_order_look(struct tx *tx, id64_t agency, id64_t subaccount)
{
    return recharge_order_looks(tx, agency, &subaccount, 1);
}

bool recharge_order_looks_of_all(struct tx *tx, id64_t agency)
{
    static const struct field row[] = {
        FIELD_ID(struct recharge, subaccount_id, ID_SUBACCOUNT),
        FIELD_END,
    };
    struct list rows;

    if (!db_list(tx,
                 "SELECT subaccount_id FROM auto_recharges WHERE agency_id = $1" /* the key */
                 " AND enabled = 1 AND purchase_id IS NULL ORDER BY subaccount_id",
                 ARGS(db_int(agency)), row, sizeof(struct recharge), SIZE_MAX, &rows))
        return false;
    const struct recharge *armed = rows.at;

    for (size_t i = 0; i < rows.count; i++) {
        if (!job_post(tx, agency, JOB_AUTO_RECHARGE, armed[i].subaccount_id, tx->now)) return false;
    }
    return true;
}
