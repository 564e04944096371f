#include "api/calls.h"

#include "api/pages.h"
#include "api/routes.h"
#include "api/views.h"
#include "domain/money.h"
#include "store/calls.h"
#include "store/subaccounts.h"

static const char *const call_sort_names[] = { "-started_at", "started_at", NULL };
enum { NEWEST_FIRST, OLDEST_FIRST };

struct call_query {
    id64_t subaccount;
    instant_t from, to;
    int status, direction, tier, sort;
    struct str agent, campaign, q;
    struct page page;
};

/* clang-format off */
static const struct field call_query_fields[] = {
    FIELD_ID(struct call_query, subaccount, ID_SUBACCOUNT),
    FIELD_INSTANT(struct call_query, from),
    FIELD_INSTANT(struct call_query, to),
    FIELD_NAME(struct call_query, status, call_status_names),
    FIELD_NAME(struct call_query, direction, call_direction_names),
    FIELD_NAME(struct call_query, tier, tier_names),
    FIELD_TEXT(struct call_query, agent, .min = 1, .max = 120),
    FIELD_TEXT(struct call_query, campaign, .min = 1, .max = 120),
    FIELD_TEXT(struct call_query, q, .min = 1, .max = 120),
    FIELD_NAME(struct call_query, sort, call_sort_names),
    PAGE_FIELDS(struct call_query),
    FIELD_END,
};

/* A call as the API shows it: what is stored, and what follows from it. */
struct call_view {
    struct call call;
    micros_t base_price, spent, cost;
    bool late;
};

static const struct field call_fields[] = {
    FIELD_AS("id", struct call_view, call.id, FIELD_IS_ID, .id_kind = ID_CALL),
    FIELD_AS("external_id", struct call_view, call.external_id, FIELD_IS_TEXT),
    FIELD_AS("source", struct call_view, call.source, FIELD_IS_TEXT),
    FIELD_AS("subaccount", struct call_view, call.subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("subaccount_name", struct call_view, call.subaccount_name, FIELD_IS_TEXT),
    FIELD_AS("tier", struct call_view, call.tier, FIELD_IS_NAME, .names = tier_names),
    FIELD_AS("direction", struct call_view, call.direction, FIELD_IS_NAME, .names = call_direction_names),
    FIELD_AS("status", struct call_view, call.status, FIELD_IS_NAME, .names = call_status_names),
    FIELD_AS("started_at", struct call_view, call.started_at, FIELD_IS_INSTANT),
    FIELD_AS("answered_at", struct call_view, call.answered_at, FIELD_IS_INSTANT),
    FIELD_AS("ended_at", struct call_view, call.ended_at, FIELD_IS_INSTANT),
    FIELD_AS("duration_seconds", struct call_view, call.duration_seconds, FIELD_IS_INTEGER),
    FIELD_AS("reservation", struct call_view, call.reservation, FIELD_IS_TEXT),
    FIELD_AS("agent", struct call_view, call.agent, FIELD_IS_TEXT),
    FIELD_AS("project", struct call_view, call.project, FIELD_IS_TEXT),
    FIELD_AS("campaign", struct call_view, call.campaign, FIELD_IS_TEXT),
    FIELD_AS("contact", struct call_view, call.contact, FIELD_IS_TEXT),
    FIELD_AS("from", struct call_view, call.from, FIELD_IS_TEXT),
    FIELD_AS("to", struct call_view, call.to, FIELD_IS_TEXT),
    FIELD_AS("outcome", struct call_view, call.outcome, FIELD_IS_TEXT),
    FIELD_AS("sentiment", struct call_view, call.sentiment, FIELD_IS_TEXT),
    FIELD_AS("summary", struct call_view, call.summary, FIELD_IS_TEXT),
    FIELD_AS("recording_url", struct call_view, call.recording_url, FIELD_IS_TEXT),
    FIELD_AS("billed_seconds", struct call_view, call.billed_seconds, FIELD_IS_INTEGER),
    FIELD_AS("price", struct call_view, call.price, FIELD_IS_MONEY),
    FIELD_AS("base_price", struct call_view, base_price, FIELD_IS_MONEY),
    FIELD_AS("spent_usd", struct call_view, spent, FIELD_IS_MONEY),
    FIELD_AS("cost_usd", struct call_view, cost, FIELD_IS_MONEY),
    FIELD_AS("late", struct call_view, late, FIELD_IS_BOOLEAN),
    FIELD_AS("recorded_at", struct call_view, call.recorded_at, FIELD_IS_INSTANT),
    FIELD_END,
};
/* clang-format on */

/* What agency cost is shown to: people and keys that may see profits. */
static bool call_view_fill(struct request *r, const struct call *call, struct call_view *out)
{
    *out = (struct call_view){ .call = *call, .base_price = call->base_price };
    out->late = call->charged_id != call->subaccount_id;
    if (!money_value(call->billed_seconds, call->price, &out->spent)
        || !money_value(call->billed_seconds, call->base_price, &out->cost))
        return fail(&r->problem, REASON_INTERNAL, NULL, "a stored call's value overflows");
    if (!caller_sees_profits(r)) {
        out->base_price = MICROS_NONE;
        out->cost = MICROS_NONE;
    }
    return true;
}

/* The accounts that a caller with a limited reach may list calls of. */
static void limit_to_reach(struct request *r, struct call_filter *filter)
{
    const struct reach *reach = &r->caller.reach;
    id64_t *ids = ARENA_ARRAY(r->arena, id64_t, reach->n_granted + 1);
    bool sees_primary = caller_may_reach(r, CAN_WORKSPACE_VIEW, reach->primary) == REASON_NONE;

    if (reach->all) {
        if (!sees_primary) filter->except = reach->primary;
        return;
    }
    for (size_t i = 0; i < reach->n_granted; i++)
        ids[filter->n_reach++] = reach->granted[i];
    if (sees_primary) ids[filter->n_reach++] = reach->primary;
    filter->reach = ids;
}

static const char calls_list_name[] = "calls";

static bool read_cursor(struct request *r, const struct call_query *query,
                        struct call_filter *filter)
{
    struct cursor cursor;

    if (!page_cursor(r, query->page.cursor, calls_list_name, &cursor)) return false;
    filter->after_start = str_is_absent(query->page.cursor) ? INSTANT_NONE : cursor.number;
    filter->after_id = cursor.id;
    return true;
}

/* That the account of the filter is there and within reach, as one in a path would have to be. */
static bool reach_subaccount(struct request *r, id64_t subaccount)
{
    bool exists;

    return subaccount_exists(r->tx, r->caller.agency, subaccount, &exists)
        && request_allow(r, exists ? REASON_NONE : REASON_NOT_FOUND, "subaccount")
        && request_allow(r, caller_may_reach(r, CAN_WORKSPACE_VIEW, subaccount), "subaccount");
}

static bool build_filter(struct request *r, const struct call_query *query,
                         struct call_filter *filter)
{
    *filter = (struct call_filter){
        .subaccount = query->subaccount,
        .from = query->from,
        .to = query->to,
        .status = query->status,
        .direction = query->direction,
        .tier = query->tier,
        .agent = query->agent,
        .campaign = query->campaign,
        .search = query->q,
        .oldest_first = query->sort == OLDEST_FIRST,
        .limit = page_rows(&query->page),
    };
    if (query->from != INSTANT_NONE && query->to != INSTANT_NONE && query->from > query->to)
        return fail_field(&r->problem, REASON_BAD_RANGE, STR("to"),
                          "The range ends before it starts.");
    if (query->subaccount == ID_NONE)
        limit_to_reach(r, filter);
    else if (!reach_subaccount(r, query->subaccount))
        return false;
    return read_cursor(r, query, filter);
}

static bool list_calls(struct request *r)
{
    const struct call_query *query = r->query;
    struct call_filter filter;
    struct list calls;
    struct str next = STR_NONE;

    if (!build_filter(r, query, &filter) || !call_list(r->tx, r->caller.agency, &filter, &calls))
        return false;
    size_t shown = page_shown(&query->page, &calls);
    struct call_view *views = ARENA_ARRAY(r->arena, struct call_view, shown + 1);
    for (size_t i = 0; i < shown; i++) {
        if (!call_view_fill(r, &((const struct call *)calls.at)[i], &views[i])) return false;
    }
    if (calls.count > shown) {
        const struct call *last = &views[shown - 1].call;
        next = cursor_encode(r->arena,
                             &(struct cursor){ .list = calls_list_name,
                                               .number = last->started_at,
                                               .id = last->id });
    }
    return request_reply_list(r, call_fields, &(struct list){ views, shown }, sizeof(*views), next,
                              -1);
}

static bool read_call(struct request *r)
{
    struct call call;
    struct call_view view;

    return call_load(r->tx, r->caller.agency, r->scope.call, &call)
        && request_allow(r, caller_may_reach(r, CAN_WORKSPACE_VIEW, call.subaccount_id), NULL)
        && call_view_fill(r, &call, &view) && request_reply(r, 200, call_fields, &view);
}

/* clang-format off */
const struct route call_routes[] = {
    {POST, "/v1/calls", CAN_PURCHASES_SETTLE, {{WRITE, NULL}, {INLINE, calls_recorded}}, .decode = calls_decode, .gather = &calls_gather,
     .key_scopes = 1u << SCOPE_CALLS_WRITE, .name = "recordCalls"},
    {GET, "/v1/calls", CAN_WORKSPACE_VIEW, {{READ, list_calls}}, .query = call_query_fields,
     .query_size = sizeof(struct call_query), .key_scopes = 1u << SCOPE_READ, .name = "listCalls"},
    {GET, "/v1/calls/{call}", CAN_WORKSPACE_VIEW, {{READ, read_call}}, .key_scopes = 1u << SCOPE_READ,
     .name = "getCall"},
    ROUTE_END,
};
/* clang-format on */
