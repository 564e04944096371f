/* The platform's plans: listed, made, edited (api.md "platform"). */
#include "store/plans.h"

#include "api/platform_sessions.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "domain/prices.h"
#include "domain/purchases.h"

#define FEE_MAX (1000000 * MICROS_PER_USD)

enum { CAP_MAX = 1000000, KNOWLEDGE_PACKS_MAX = 10000 };

struct included_input {
    uint64_t given;
    seconds_t basic_seconds, premium_seconds;
    int every;
};

struct base_prices_input {
    micros_t basic, premium;
};

struct plan_input {
    struct str code, name;
    int model;
    micros_t monthly_fee_usd;
    int64_t subaccount_cap; /* 0: null was given, no cap */
    struct included_input included;
    int64_t knowledge_pack_limit;
    micros_t knowledge_price_usd; /* MICROS_NONE: none are sold */
    struct base_prices_input base_prices;
    bool white_label, offered;
};

struct cap_query {
    int64_t subaccount_cap;
};

struct usage_view {
    int64_t agencies, over_cap;
};

struct platform_plan_view {
    struct plan_view plan;
    struct tier_amounts base_prices;
    bool white_label, offered;
    struct usage_view usage;
};

/* clang-format off */
static const struct field included_input_fields[] = {
    FIELD_INTEGER(struct included_input, basic_seconds, .min = 0, .max = PURCHASE_SECONDS_MAX),
    FIELD_INTEGER(struct included_input, premium_seconds, .min = 0, .max = PURCHASE_SECONDS_MAX),
    FIELD_NAME(struct included_input, every, plan_every_names),
    FIELD_END,
};

static const struct field base_prices_input_fields[] = {
    FIELD_MONEY(struct base_prices_input, basic, .min = 1, .max = PRICE_MAX, .flags = FIELD_REQUIRED),
    FIELD_MONEY(struct base_prices_input, premium, .min = 1, .max = PRICE_MAX, .flags = FIELD_REQUIRED),
    FIELD_END,
};

#define EDITED_FIELDS(required)                                                                            \
    FIELD_TEXT(struct plan_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_LINE | (required)), \
    FIELD_NAME(struct plan_input, model, plan_model_names, .flags = (required)),                           \
    FIELD_MONEY(struct plan_input, monthly_fee_usd, .min = 0, .max = FEE_MAX, .flags = (required)),        \
    FIELD_INTEGER(struct plan_input, subaccount_cap, .min = 1, .max = CAP_MAX,                             \
                  .flags = FIELD_NULLABLE),                                                                \
    FIELD_OBJECT(struct plan_input, included, included_input_fields, .flags = FIELD_TELLS),                \
    FIELD_INTEGER(struct plan_input, knowledge_pack_limit, .min = 0, .max = KNOWLEDGE_PACKS_MAX),          \
    FIELD_MONEY(struct plan_input, knowledge_price_usd, .min = 1, .max = PRICE_MAX, .flags = FIELD_NULLABLE),  \
    FIELD_BOOLEAN(struct plan_input, white_label),                                                         \
    FIELD_BOOLEAN(struct plan_input, offered)

static const struct field plan_create_fields[] = {
    FIELD_TEXT(struct plan_input, code, .min = 1, .max = PLAN_CODE_MAX_CHARS, .flags = FIELD_REQUIRED),
    EDITED_FIELDS(FIELD_REQUIRED),
    FIELD_OBJECT(struct plan_input, base_prices, base_prices_input_fields, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field plan_patch_fields[] = {
    EDITED_FIELDS(0),
    FIELD_END,
};

static const struct field cap_query_fields[] = {
    FIELD_INTEGER(struct cap_query, subaccount_cap, .min = 1, .max = CAP_MAX),
    FIELD_END,
};

static const struct field usage_fields[] = {
    FIELD_INTEGER(struct usage_view, agencies),
    FIELD_INTEGER(struct usage_view, over_cap),
    FIELD_END,
};

static const struct field platform_plan_fields[] = {
    FIELD_OBJECT(struct platform_plan_view, plan, plan_fields),
    FIELD_OBJECT(struct platform_plan_view, base_prices, tier_amounts_fields),
    FIELD_BOOLEAN(struct platform_plan_view, white_label),
    FIELD_BOOLEAN(struct platform_plan_view, offered),
    FIELD_OBJECT(struct platform_plan_view, usage, usage_fields),
    FIELD_END,
};

/* What the platform's trail keeps: all of it but how many are on it. */
static const struct field plan_record[] = {
    FIELD_OBJECT(struct platform_plan_view, plan, plan_fields),
    FIELD_OBJECT(struct platform_plan_view, base_prices, tier_amounts_fields),
    FIELD_BOOLEAN(struct platform_plan_view, white_label),
    FIELD_BOOLEAN(struct platform_plan_view, offered),
    FIELD_END,
};
/* clang-format on */

/* Base prices are those of now. */
static bool fill_view(struct request *r, const struct plan *plan, struct platform_plan_view *out)
{
    struct base_steps steps;
    struct plan_usage usage;

    if (!plan_base_steps(r->tx, plan, &steps)
        || !plan_usage_count(r->tx, plan->code, plan->subaccount_cap, &usage))
        return false;
    *out = (struct platform_plan_view){
        .plan = plan_view(r->arena, plan),
        .base_prices = tier_amounts(base_step_at(steps, r->now)->prices),
        .white_label = plan->white_label,
        .offered = plan->offered,
        .usage = { usage.agencies, usage.over },
    };
    return true;
}

static bool list_plans(struct request *r)
{
    struct list rows;

    if (!plan_list(r->tx, &rows)) return false;
    const struct plan *plans = rows.at;
    struct platform_plan_view *views =
        ARENA_ARRAY(r->arena, struct platform_plan_view, rows.count + 1);

    for (size_t i = 0; i < rows.count; i++) {
        if (!fill_view(r, &plans[i], &views[i])) return false;
    }
    return request_reply_list(r, platform_plan_fields, &(struct list){ views, rows.count },
                              sizeof(*views), STR_NONE, -1);
}

/* A merge patch: what is given replaces. */
static void patch_included(const struct included_input *input, struct plan *plan)
{
    if ((input->given & field_bit(included_input_fields, "basic_seconds")) != 0)
        plan->included[TIER_BASIC] = input->basic_seconds;
    if ((input->given & field_bit(included_input_fields, "premium_seconds")) != 0)
        plan->included[TIER_PREMIUM] = input->premium_seconds;
    if ((input->given & field_bit(included_input_fields, "every")) != 0)
        plan->included_monthly = input->every == PLAN_EVERY_MONTH;
}

static void patch(const struct request *r, struct plan *plan)
{
    const struct plan_input *input = r->input;

    if (request_has(r, "name")) plan->name = input->name;
    if (request_has(r, "model")) plan->model = input->model;
    if (request_has(r, "monthly_fee_usd")) plan->monthly_fee = input->monthly_fee_usd;
    if (request_has(r, "subaccount_cap"))
        plan->subaccount_cap = input->subaccount_cap == 0 ? -1 : input->subaccount_cap;
    patch_included(&input->included, plan);
    if (request_has(r, "knowledge_pack_limit")) plan->knowledge_packs = input->knowledge_pack_limit;
    if (request_has(r, "knowledge_price_usd")) plan->knowledge_price = input->knowledge_price_usd;
    if (request_has(r, "white_label")) plan->white_label = input->white_label;
    if (request_has(r, "offered")) plan->offered = input->offered;
}

static struct str record_text(struct request *r, const struct platform_plan_view *view)
{
    return record_of(r, plan_record, view);
}

static bool create_plan(struct request *r)
{
    const struct plan_input *input = r->input;
    struct plan plan = {
        .code = input->code,
        .subaccount_cap = -1,
        .knowledge_price = MICROS_NONE,
        .base_prices = { input->base_prices.basic, input->base_prices.premium },
        .offered = true,
    };
    struct platform_plan_view view;

    if (!plan_code_is_valid(plan.code))
        return fail_field_as(&r->problem, REASON_BAD_PLAN_CODE, STR("code"));
    patch(r, &plan);
    return plan_insert(r->tx, &plan) && fill_view(r, &plan, &view)
        && staff_record_plan(r, "platform_plan.created", plan.code, STR_NONE, record_text(r, &view))
        && request_reply(r, 201, platform_plan_fields, &view);
}

/* A cap below what agencies use is theirs to keep: they can add none, and the reply says how many they are. */
static bool update_plan(struct request *r)
{
    struct plan plan;
    struct platform_plan_view before, after;

    if (!plan_lock_to_change(r->tx, r->scope.plan, &plan) || !fill_view(r, &plan, &before))
        return false;
    patch(r, &plan);
    return plan_update(r->tx, &plan) && fill_view(r, &plan, &after)
        && staff_record_plan(r, "platform_plan.updated", plan.code, record_text(r, &before),
                             record_text(r, &after))
        && request_reply(r, 200, platform_plan_fields, &after);
}

/* How many agencies are on it, and would be over another cap. */
static bool read_usage(struct request *r)
{
    const struct cap_query *query = r->query;
    struct plan_usage usage;
    struct plan plan;

    if (!plan_find(r->tx, r->scope.plan, &plan, NULL)) return false;
    int64_t cap = query->subaccount_cap > 0 ? query->subaccount_cap : plan.subaccount_cap;

    if (!plan_usage_count(r->tx, plan.code, cap, &usage)) return false;
    const struct usage_view view = { usage.agencies, usage.over };
    return request_reply(r, 200, usage_fields, &view);
}

/* clang-format off */
const struct route platform_plan_routes[] = {
    {GET, "/v1/platform/plans", CAN_PLATFORM_VIEW, {{READ, list_plans}}, .name = "listPlans"},
    {POST, "/v1/platform/plans", CAN_PLATFORM_PLANS, {{WRITE, create_plan}}, .input = plan_create_fields,
     .input_size = sizeof(struct plan_input), .name = "createPlan"},
    {PATCH, "/v1/platform/plans/{plan}", CAN_PLATFORM_PLANS, {{WRITE, update_plan}}, .input = plan_patch_fields,
     .input_size = sizeof(struct plan_input), .name = "updatePlan"},
    {GET, "/v1/platform/plans/{plan}/usage", CAN_PLATFORM_VIEW, {{READ, read_usage}}, .query = cap_query_fields,
     .query_size = sizeof(struct cap_query), .name = "getPlanUsage"},
    ROUTE_END,
};
/* clang-format on */
