/* Base prices of plans by effective date: ordered, looked at before, canceled (api.md "platform"). */
#include "engine/price_orders.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/platform_sessions.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "domain/prices.h"
#include "store/price_changes.h"

enum { AGENCIES_SHOWN = 50 };

static const char list_name[] = "base prices";

struct order_input {
    struct str plan;
    micros_t basic, premium;
    instant_t effective_at; /* INSTANT_NONE: now */
};

struct list_query {
    struct page page;
    struct str plan;
};

struct change_view {
    struct price_change change;
    int state;
    struct actor_view created_by;
};

struct effect_view {
    instant_t effective_at;
    int64_t agencies, agencies_below, accounts_below, prices_below;
    struct list below; /* of struct price_effect_row */
};

/* clang-format off */
#define ORDER_FIELDS                                                                                        \
    FIELD_TEXT(struct order_input, plan, .min = 1, .max = PLAN_CODE_MAX_CHARS, .flags = FIELD_REQUIRED),    \
    FIELD_MONEY(struct order_input, basic, .min = 1, .max = PRICE_MAX, .flags = FIELD_REQUIRED),            \
    FIELD_MONEY(struct order_input, premium, .min = 1, .max = PRICE_MAX, .flags = FIELD_REQUIRED),          \
    FIELD_INSTANT(struct order_input, effective_at)

static const struct field order_input_fields[] = {
    ORDER_FIELDS,
    FIELD_END,
};

static const struct field list_query_fields[] = {
    PAGE_FIELDS(struct list_query),
    FIELD_TEXT(struct list_query, plan, .min = 1, .max = PLAN_CODE_MAX_CHARS),
    FIELD_END,
};

static const struct field change_fields[] = {
    FIELD_AS("id", struct change_view, change.id, FIELD_IS_ID, .id_kind = ID_PRICE_CHANGE),
    FIELD_AS("plan", struct change_view, change.plan_code, FIELD_IS_TEXT),
    FIELD_AS("basic", struct change_view, change.prices[TIER_BASIC], FIELD_IS_MONEY),
    FIELD_AS("premium", struct change_view, change.prices[TIER_PREMIUM], FIELD_IS_MONEY),
    FIELD_AS("effective_at", struct change_view, change.effective_at, FIELD_IS_INSTANT),
    FIELD_NAME(struct change_view, state, price_change_state_names),
    FIELD_OBJECT(struct change_view, created_by, actor_fields),
    FIELD_AS("created_at", struct change_view, change.created_at, FIELD_IS_INSTANT),
    FIELD_AS("canceled_at", struct change_view, change.canceled_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field change_record[] = {
    FIELD_AS("id", struct price_change, id, FIELD_IS_ID, .id_kind = ID_PRICE_CHANGE),
    FIELD_AS("basic", struct price_change, prices[TIER_BASIC], FIELD_IS_MONEY),
    FIELD_AS("premium", struct price_change, prices[TIER_PREMIUM], FIELD_IS_MONEY),
    FIELD_INSTANT(struct price_change, effective_at),
    FIELD_END,
};

static const struct field effect_row_fields[] = {
    FIELD_ID(struct price_effect_row, agency, ID_AGENCY),
    FIELD_TEXT(struct price_effect_row, name),
    FIELD_INTEGER(struct price_effect_row, accounts),
    FIELD_INTEGER(struct price_effect_row, prices),
    FIELD_END,
};

static const struct field effect_fields[] = {
    FIELD_INSTANT(struct effect_view, effective_at),
    FIELD_INTEGER(struct effect_view, agencies),
    FIELD_INTEGER(struct effect_view, agencies_below),
    FIELD_INTEGER(struct effect_view, accounts_below),
    FIELD_INTEGER(struct effect_view, prices_below),
    FIELD_LIST(struct effect_view, below, effect_row_fields, struct price_effect_row),
    FIELD_END,
};
/* clang-format on */

static struct change_view view_of(struct request *r, const struct price_change_row *row)
{
    const struct price_change *change = &row->change;

    return (struct change_view){
        .change = *change,
        .state = price_change_state(change, row->newest_at, r->now),
        .created_by = staff_view(r->arena, change->created_by, row->created_by_name),
    };
}

static bool reply(struct request *r, int status, id64_t id)
{
    struct price_change_row row;

    if (!price_change_row_load(r->tx, id, &row)) return false;
    const struct change_view view = view_of(r, &row);
    return request_reply(r, status, change_fields, &view);
}

static bool order(struct request *r)
{
    const struct order_input *input = r->input;
    struct price_change change = {
        .plan_code = input->plan,
        .effective_at = input->effective_at,
        .prices = { [TIER_BASIC] = input->basic, [TIER_PREMIUM] = input->premium },
        .created_by = r->caller.user,
    };

    return price_order(r->tx, &change)
        && staff_record_plan(r, "platform_plan.prices_ordered", change.plan_code, STR_NONE,
                             record_of(r, change_record, &change))
        && reply(r, 201, change.id);
}

static bool cancel(struct request *r)
{
    struct price_change change;

    return price_order_cancel(r->tx, r->scope.price_change, r->caller.user, &change)
        && staff_record_plan(r, "platform_plan.prices_canceled", change.plan_code,
                             record_of(r, change_record, &change), STR_NONE)
        && reply(r, 200, change.id);
}

static bool list_changes(struct request *r)
{
    const struct list_query *query = r->query;
    struct price_change_filter filter = { .plan = query->plan, .limit = page_rows(&query->page) };
    struct list rows;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !price_change_list(r->tx, &filter, &rows))
        return false;

    const struct price_change_row *changes = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct change_view *views = ARENA_ARRAY(r->arena, struct change_view, n + 1);

    for (size_t i = 0; i < n; i++)
        views[i] = view_of(r, &changes[i]);
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? changes[n - 1].change.id : ID_NONE);

    return request_reply_list(r, change_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

static void sum_up(const struct price_effect *effect, struct effect_view *out)
{
    const struct price_effect_row *rows = effect->rows.at;

    out->agencies = effect->agencies;
    out->agencies_below = (int64_t)effect->rows.count;
    for (size_t i = 0; i < effect->rows.count; i++) {
        out->accounts_below += rows[i].accounts;
        out->prices_below += rows[i].prices;
    }
    out->below = effect->rows;
    if (out->below.count > AGENCIES_SHOWN) out->below.count = AGENCIES_SHOWN;
}

/* What an order would do, before it is made. */
static bool preview(struct request *r)
{
    const struct order_input *query = r->query;
    const micros_t prices[TIER_COUNT] = {
        [TIER_BASIC] = query->basic, [TIER_PREMIUM] = query->premium
    };
    struct effect_view view = { .effective_at = query->effective_at != INSTANT_NONE
                                    ? query->effective_at
                                    : r->now };
    struct price_effect effect;
    struct plan plan;
    bool found;

    if (!plan_find(r->tx, query->plan, &plan, &found)) return false;
    if (!found) return fail_field_as(&r->problem, REASON_UNKNOWN_PLAN, STR("plan"));
    enum reason refused = may_order_prices(view.effective_at, r->now);

    if (refused != REASON_NONE) return fail_field_as(&r->problem, refused, STR("effective_at"));
    if (!price_effect_load(r->tx, plan.code, prices, view.effective_at, &effect)) return false;
    sum_up(&effect, &view);
    return request_reply(r, 200, effect_fields, &view);
}

/* clang-format off */
const struct route platform_price_routes[] = {
    {GET, "/v1/platform/prices", CAN_PLATFORM_VIEW, {{READ, list_changes}}, .query = list_query_fields,
     .query_size = sizeof(struct list_query), .name = "listBasePrices"},
    {POST, "/v1/platform/prices", CAN_PLATFORM_PLANS, {{WRITE, order}}, .input = order_input_fields,
     .input_size = sizeof(struct order_input), .name = "orderBasePrices"},
    {GET, "/v1/platform/prices/preview", CAN_PLATFORM_VIEW, {{READ, preview}}, .query = order_input_fields,
     .query_size = sizeof(struct order_input), .name = "previewBasePrices"},
    {DELETE, "/v1/platform/prices/{price_change}", CAN_PLATFORM_PLANS, {{WRITE, cancel}}, .name = "cancelBasePrices"},
    ROUTE_END,
};
/* clang-format on */
