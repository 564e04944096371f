/* Minutes given or taken by hand: by the agency's people at its cost, by the platform's staff for nothing (domain.md §5). */
#include "engine/adjustments.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/wallets.h"
#include "domain/purchases.h"
#include "store/adjustments.h"
#include "store/agencies.h"
#include "store/platform_agencies.h"

static const char list_name[] = "adjustments", grant_list_name[] = "platform grants";

struct adjustment_input {
    id64_t subaccount; /* of grants; ID_NONE: the primary */
    int tier;
    seconds_t seconds;
    struct str reason;
};

struct adjustment_query {
    struct page page;
};

struct adjustment_view {
    struct adjustment adjustment;
    struct actor_view actor;
    struct wallet_view *balances; /* NULL but in the reply that moved minutes */
};

/* clang-format off */
#define INPUT_FIELDS                                                                                         \
    FIELD_NAME(struct adjustment_input, tier, tier_names, .flags = FIELD_REQUIRED),                          \
    FIELD_INTEGER(struct adjustment_input, seconds, .min = -PURCHASE_SECONDS_MAX, .max = PURCHASE_SECONDS_MAX, \
                  .flags = FIELD_REQUIRED),                                                                  \
    FIELD_TEXT(struct adjustment_input, reason, .min = 1, .max = ADJUSTMENT_REASON_MAX,                      \
               .flags = FIELD_REQUIRED | FIELD_LINE)

static const struct field adjustment_input_fields[] = {
    INPUT_FIELDS,
    FIELD_END,
};

static const struct field grant_input_fields[] = {
    FIELD_ID(struct adjustment_input, subaccount, ID_SUBACCOUNT),
    INPUT_FIELDS,
    FIELD_END,
};

static const struct field adjustment_query_fields[] = {
    PAGE_FIELDS(struct adjustment_query),
    FIELD_END,
};

#define VIEW_FIELDS                                                                                          \
    FIELD_AS("tier", struct adjustment_view, adjustment.tier, FIELD_IS_NAME, .names = tier_names),           \
    FIELD_AS("seconds", struct adjustment_view, adjustment.seconds, FIELD_IS_INTEGER),                       \
    FIELD_AS("reason", struct adjustment_view, adjustment.reason, FIELD_IS_TEXT),                            \
    FIELD_OBJECT(struct adjustment_view, actor, actor_fields),                                               \
    FIELD_AS("created_at", struct adjustment_view, adjustment.created_at, FIELD_IS_INSTANT)

static const struct field adjustment_fields[] = {
    FIELD_AS("id", struct adjustment_view, adjustment.id, FIELD_IS_ID, .id_kind = ID_ADJUSTMENT),
    FIELD_AS("subaccount", struct adjustment_view, adjustment.subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    VIEW_FIELDS,
    FIELD_AS("base_price", struct adjustment_view, adjustment.base_price, FIELD_IS_MONEY),
    FIELD_AS("credit_usd", struct adjustment_view, adjustment.credit, FIELD_IS_MONEY),
    FIELD_OBJECT(struct adjustment_view, balances, wallet_fields, .flags = FIELD_POINTER | FIELD_OMIT_NULL,
                 .size = sizeof(struct wallet_view)),
    FIELD_END,
};

/* The platform's staff are told nothing of an agency's accounts. */
static const struct field grant_fields[] = {
    FIELD_AS("id", struct adjustment_view, adjustment.id, FIELD_IS_ID, .id_kind = ID_ADJUSTMENT),
    FIELD_AS("agency", struct adjustment_view, adjustment.agency_id, FIELD_IS_ID, .id_kind = ID_AGENCY),
    VIEW_FIELDS,
    FIELD_END,
};

static const struct field adjustment_record[] = {
    FIELD_NAME(struct adjustment, tier, tier_names),
    FIELD_INTEGER(struct adjustment, seconds),
    FIELD_AS("credit_usd", struct adjustment, credit, FIELD_IS_MONEY),
    FIELD_TEXT(struct adjustment, reason),
    FIELD_END,
};
/* clang-format on */

static const struct actor_place adjustment_by = {
    .view = offsetof(struct adjustment_view, actor),
    .user = offsetof(struct adjustment_view, adjustment.created_by),
};

static struct adjustment_order order_of(const struct request *r)
{
    const struct adjustment_input *input = r->input;

    return (struct adjustment_order){
        .agency = r->caller.agency,
        .subaccount = r->scope.subaccount,
        .tier = (enum tier)input->tier,
        .seconds = input->seconds,
        .reason = input->reason,
        .actor = request_actor(r),
    };
}

static bool allow_seconds(struct request *r)
{
    const struct adjustment_input *input = r->input;

    return input->seconds != 0
        || fail_field(&r->problem, REASON_NOT_ALLOWED_VALUE, STR("seconds"),
                      "Give more than 0 to add minutes, less than 0 to take some.");
}

static bool make(struct request *r, const struct adjustment_order *order, const char *action,
                 struct adjustment *out)
{
    return allow_seconds(r) && adjustment_made(r->tx, order, out)
        && request_record_in(r, order->agency, action, ID_SUBACCOUNT, out->subaccount_id, STR_NONE,
                             record_of(r, adjustment_record, out));
}

static bool adjust(struct request *r)
{
    const struct adjustment_order order = order_of(r);
    struct adjustment_view view = { 0 };

    if (!make(r, &order, "minutes.adjusted", &view.adjustment)) return false;
    view.actor = actor_view(r->arena, order.actor, r->caller.name);
    if (r->caller.is_platform) view.actor = staff_view(r->arena, r->caller.user, r->caller.name);
    view.balances = ARENA_NEW(r->arena, struct wallet_view);
    return wallet_view_load(r, view.adjustment.subaccount_id, view.balances)
        && request_reply(r, 201, adjustment_fields, &view);
}

static bool grant(struct request *r)
{
    const struct adjustment_input *input = r->input;
    struct adjustment_order order = order_of(r);
    struct adjustment_view view = { 0 };
    struct agency agency;

    if (!platform_agency_must_be_there(r->tx, r->scope.agency)
        || !agency_load(r->tx, r->scope.agency, &agency))
        return false;
    order.agency = agency.id;
    order.subaccount = input->subaccount != ID_NONE ? input->subaccount : agency.primary_id;
    order.by_platform = true;
    if (!make(r, &order, "minutes.granted", &view.adjustment)) return false;
    view.actor = staff_view(r->arena, r->caller.user, r->caller.name);
    return request_reply(r, 201, grant_fields, &view);
}

static bool list(struct request *r, id64_t agency, struct adjustment_filter filter,
                 const char *name, const struct field *fields)
{
    const struct adjustment_query *query = r->query;
    struct list rows;

    filter.limit = page_rows(&query->page);
    if (!page_before(r, &query->page, name, &filter.before)
        || !adjustment_list(r->tx, agency, &filter, &rows))
        return false;

    const struct adjustment *adjustments = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct adjustment_view *views = ARENA_ARRAY(r->arena, struct adjustment_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct adjustment_view){ .adjustment = adjustments[i] };

    struct str next =
        page_next(r, &query->page, name, &rows, n > 0 ? adjustments[n - 1].id : ID_NONE);

    return actors_fill(r, views, n, sizeof(*views), &adjustment_by)
        && request_reply_list(r, fields, &(struct list){ views, n }, sizeof(*views), next, -1);
}

static bool list_adjustments(struct request *r)
{
    const struct adjustment_filter filter = { .subaccount = r->scope.subaccount, .by_platform = 0 };

    return list(r, r->caller.agency, filter, list_name, adjustment_fields);
}

static bool list_grants(struct request *r)
{
    const struct adjustment_filter filter = { .by_platform = 1 };

    return platform_agency_must_be_there(r->tx, r->scope.agency)
        && list(r, r->scope.agency, filter, grant_list_name, grant_fields);
}

/* clang-format off */
const struct route adjustment_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/adjustments", CAN_PURCHASES_SETTLE, {{READ, list_adjustments}},
     .query = adjustment_query_fields, .query_size = sizeof(struct adjustment_query), .name = "listAdjustments"},
    {POST, "/v1/subaccounts/{subaccount}/adjustments", CAN_PURCHASES_SETTLE, {{WRITE, adjust}},
     .input = adjustment_input_fields, .input_size = sizeof(struct adjustment_input), .name = "adjustMinutes"},
    {GET, "/v1/platform/agencies/{agency}/grants", CAN_PLATFORM_VIEW, {{READ, list_grants}},
     .query = adjustment_query_fields, .query_size = sizeof(struct adjustment_query), .name = "listGrants"},
    {POST, "/v1/platform/agencies/{agency}/grants", CAN_PLATFORM_SETTLE, {{WRITE, grant}},
     .input = grant_input_fields, .input_size = sizeof(struct adjustment_input), .name = "grantMinutes"},
    ROUTE_END,
};
/* clang-format on */
