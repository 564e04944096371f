#include "store/plans.h"

/* clang-format off */
static const struct field plan_columns[] = {
    FIELD_TEXT(struct plan, code),
    FIELD_TEXT(struct plan, name),
    FIELD_NAME(struct plan, model, plan_model_names),
    FIELD_MONEY(struct plan, monthly_fee),
    FIELD_INTEGER(struct plan, subaccount_cap),
    FIELD_INTEGER(struct plan, included[TIER_BASIC]),
    FIELD_INTEGER(struct plan, included[TIER_PREMIUM]),
    FIELD_BOOLEAN(struct plan, included_monthly),
    FIELD_INTEGER(struct plan, knowledge_packs),
    FIELD_MONEY(struct plan, knowledge_price),
    FIELD_MONEY(struct plan, base_prices[TIER_BASIC]),
    FIELD_MONEY(struct plan, base_prices[TIER_PREMIUM]),
    FIELD_BOOLEAN(struct plan, white_label),
    FIELD_BOOLEAN(struct plan, offered),
    FIELD_END,
};
/* clang-format on */

#define SELECT_PLAN                                                                         \
    "SELECT code, name, model, monthly_fee_micros, COALESCE(subaccount_cap, -1),"           \
    " included_basic_seconds, included_premium_seconds, included_monthly, knowledge_packs," \
    " knowledge_price_micros, base_basic_micros, base_premium_micros, white_label, offered" \
    " FROM plans"

bool plan_find(struct tx *tx, struct str code, struct plan *out, bool *found)
{
    return db_find(tx, SELECT_PLAN " WHERE code = $1", ARGS(db_text(code)), plan_columns, out,
                   found);
}

bool plan_lock(struct tx *tx, struct str code, struct plan *out, bool *found)
{
    return db_find(tx, SELECT_PLAN " WHERE code = $1 /*postgres FOR SHARE*/", ARGS(db_text(code)),
                   plan_columns, out, found);
}

bool plan_lock_to_change(struct tx *tx, struct str code, struct plan *out)
{
    return db_find(tx, SELECT_PLAN " WHERE code = $1 /*postgres FOR NO KEY UPDATE*/",
                   ARGS(db_text(code)), plan_columns, out, NULL);
}

bool plan_list(struct tx *tx, struct list *out)
{
    return db_list(tx, SELECT_PLAN " ORDER BY monthly_fee_micros, code /*postgres COLLATE \"C\"*/",
                   NO_ARGS, plan_columns, sizeof(struct plan), SIZE_MAX, out);
}

static struct db_value cap_value(int64_t cap)
{
    struct db_value value = db_int(cap);

    value.is_null = cap < 0;
    return value;
}

bool plan_insert(struct tx *tx, const struct plan *plan)
{
    int64_t inserted;

    if (!db_run(tx,
                "INSERT INTO plans (code, name, model, monthly_fee_micros, subaccount_cap,"
                " included_basic_seconds, included_premium_seconds, included_monthly,"
                " knowledge_packs, base_basic_micros, base_premium_micros, white_label, offered,"
                " knowledge_price_micros)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
                " ON CONFLICT (code) DO NOTHING",
                ARGS(db_text(plan->code), db_text(plan->name),
                     db_text(str_from_c(plan_model_names[plan->model])), db_int(plan->monthly_fee),
                     cap_value(plan->subaccount_cap), db_int(plan->included[TIER_BASIC]),
                     db_int(plan->included[TIER_PREMIUM]), db_bool(plan->included_monthly),
                     db_int(plan->knowledge_packs), db_int(plan->base_prices[TIER_BASIC]),
                     db_int(plan->base_prices[TIER_PREMIUM]), db_bool(plan->white_label),
                     db_bool(plan->offered), db_micros(plan->knowledge_price)),
                &inserted))
        return false;
    return inserted == 1 || fail_as(tx->problem, REASON_PLAN_EXISTS, "code");
}

bool plan_update(struct tx *tx, const struct plan *plan)
{
    return db_change_one(
        tx,
        "UPDATE plans SET name = $2, monthly_fee_micros = $3, subaccount_cap = $4,"
        " included_basic_seconds = $5, included_premium_seconds = $6, included_monthly = $7,"
        " knowledge_packs = $8, white_label = $9, offered = $10, knowledge_price_micros = $11"
        " WHERE code = $1",
        ARGS(db_text(plan->code), db_text(plan->name), db_int(plan->monthly_fee),
             cap_value(plan->subaccount_cap), db_int(plan->included[TIER_BASIC]),
             db_int(plan->included[TIER_PREMIUM]), db_bool(plan->included_monthly),
             db_int(plan->knowledge_packs), db_bool(plan->white_label), db_bool(plan->offered),
             db_micros(plan->knowledge_price)));
}

/* The plan's own prices, then those that were ordered and not canceled. */
bool plan_base_steps(struct tx *tx, const struct plan *plan, struct base_steps *out)
{
    static const struct field columns[] = {
        FIELD_INSTANT(struct base_step, from),
        FIELD_MONEY(struct base_step, prices[TIER_BASIC]),
        FIELD_MONEY(struct base_step, prices[TIER_PREMIUM]),
        FIELD_END,
    };
    struct list rows;

    if (!db_list(tx,
                 "SELECT 0, base_basic_micros, base_premium_micros FROM plans WHERE code = $1"
                 " UNION ALL SELECT effective_at, basic_micros, premium_micros"
                 " FROM base_price_changes" /* base_price_changes_ordered */
                 " WHERE plan_code = $1 AND canceled_at IS NULL ORDER BY 1",
                 ARGS(db_text(plan->code)), columns, sizeof(struct base_step), SIZE_MAX, &rows))
        return false;
    *out = (struct base_steps){ rows.at, rows.count };
    return rows.count > 0 || fail_as(tx->problem, REASON_NOT_FOUND, NULL);
}

bool plan_usage_count(struct tx *tx, struct str code, int64_t cap, struct plan_usage *out)
{
    static const struct field columns[] = {
        FIELD_INTEGER(struct plan_usage, agencies),
        FIELD_INTEGER(struct plan_usage, over),
        FIELD_END,
    };

    return db_find(
        tx,
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN $2 >= 0 AND (SELECT COUNT(*) FROM subaccounts s"
        " WHERE s.agency_id = g.id AND s.kind = 'secondary' AND s.status <> 'removed') > $2"
        " THEN 1 ELSE 0 END), 0) FROM agencies g" /* agencies_by_plan */
        " WHERE g.plan_code = $1 AND g.status <> 'deleted'",
        ARGS(db_text(code), db_int(cap)), columns, out, NULL);
}

bool agency_set_plan(struct tx *tx, const struct agency *agency)
{
    return db_change_one(
        tx,
        "UPDATE agencies SET plan_code = $2, next_plan_code = $3, next_plan_at = $4 WHERE id = $1",
        ARGS(db_int(agency->id), db_text(agency->plan_code), db_text(agency->next_plan_code),
             db_instant(agency->next_plan_at)));
}

bool plan_start(struct tx *tx, id64_t agency, struct str code, bool *is_first)
{
    int64_t inserted;

    if (!db_run(tx,
                "INSERT INTO plan_starts (agency_id, plan_code, started_at) VALUES ($1, $2, $3)"
                " ON CONFLICT DO NOTHING",
                ARGS(db_int(agency), db_text(code), db_int(tx->now)), &inserted))
        return false;
    *is_first = inserted == 1;
    return true;
}

bool plan_was_started(struct tx *tx, id64_t agency, struct str code, bool *was)
{
    int64_t one;

    if (!db_find_int(tx, "SELECT 1 FROM plan_starts WHERE agency_id = $1 AND plan_code = $2",
                     ARGS(db_int(agency), db_text(code)), 0, &one))
        return false;
    *was = one == 1;
    return true;
}

static const struct field name_columns[] = {
    FIELD_ID(struct account_name, id, ID_SUBACCOUNT),
    FIELD_TEXT(struct account_name, name),
    FIELD_END,
};

bool subaccounts_added_last(struct tx *tx, id64_t agency, int64_t count, int64_t limit,
                            struct account_names *out)
{
    out->count = count;
    return db_list(tx,
                   "SELECT id, name FROM subaccounts WHERE agency_id = $1 AND kind = 'secondary'"
                   " AND status <> 'removed' ORDER BY id DESC LIMIT $2" /* the key */,
                   ARGS(db_int(agency), db_int(count < limit ? count : limit)), name_columns,
                   sizeof(struct account_name), SIZE_MAX, &out->named);
}

/* The client price in force at $4; every account has one from the beginning of time. */
#define PRICE_AT(tier)                                                           \
    "(SELECT p.price_micros FROM price_points p WHERE p.agency_id = s.agency_id" \
    " AND p.owner_id = s.id AND p.tier = " tier " AND p.effective_at <= $4"      \
    " ORDER BY p.effective_at DESC LIMIT 1)" /* the key */

bool subaccounts_below_base(struct tx *tx, id64_t agency, const micros_t base[TIER_COUNT],
                            instant_t at, int64_t limit, struct account_names *out)
{
    if (!db_list(
            tx,
            "SELECT s.id, s.name FROM subaccounts s WHERE s.agency_id = $1"
            " AND s.kind = 'secondary' AND s.status <> 'removed'"
            " AND (" PRICE_AT("0") " < $2 OR " PRICE_AT(
                "1") " < $3)"
                     " ORDER BY s.name_key, s.id" /* subaccounts_by_name */,
            ARGS(db_int(agency), db_int(base[TIER_BASIC]), db_int(base[TIER_PREMIUM]), db_int(at)),
            name_columns, sizeof(struct account_name), SIZE_MAX, &out->named))
        return false;
    out->count = (int64_t)out->named.count;
    if (out->count > limit) out->named.count = (size_t)limit;
    return true;
}
