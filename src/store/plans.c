/* Platform plans (store/agencies.h). */
#include "store/agencies.h"

#include "store/platform_agencies.h"

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
    FIELD_MONEY(struct plan, base_prices[TIER_BASIC]),
    FIELD_MONEY(struct plan, base_prices[TIER_PREMIUM]),
    FIELD_BOOLEAN(struct plan, white_label),
    FIELD_END,
};
/* clang-format on */

#define SELECT_PLAN                                                                         \
    "SELECT code, name, model, monthly_fee_micros, COALESCE(subaccount_cap, -1),"           \
    " included_basic_seconds, included_premium_seconds, included_monthly, knowledge_packs," \
    " base_basic_micros, base_premium_micros, white_label FROM plans"

bool plan_find(struct tx *tx, struct str code, struct plan *out, bool *found)
{
    return db_find(tx, SELECT_PLAN " WHERE code = $1", ARGS(db_text(code)), plan_columns, out,
                   found);
}

bool plan_list(struct tx *tx, struct list *out)
{
    return db_list(tx, SELECT_PLAN " ORDER BY monthly_fee_micros, code /*postgres COLLATE \"C\"*/",
                   NO_ARGS, plan_columns, sizeof(struct plan), SIZE_MAX, out);
}
