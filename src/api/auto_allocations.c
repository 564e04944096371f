/* Monthly auto-allocation of a sub-account (domain.md §5): its settings, what they cost, how it stands, and its runs. */
#include "api/automatic.h"
#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "domain/purchases.h"
#include "engine/allocation_runs.h"
#include "engine/allocations.h"
#include "store/agencies.h"
#include "store/allocations.h"
#include "store/automatic_purchases.h"
#include "store/subaccounts.h"

static const char list_name[] = "allocation runs";

enum { RUNS_SHOWN = 12 };

enum allocation_standing {
    STANDING_OFF,
    STANDING_ON,
    STANDING_PROCESSING,
    STANDING_WAITING_FOR_PAYMENT,
    STANDING_RETRYING,
    STANDING_PAST_DUE,
    STANDING_SUSPENDED,
};
static const char *const standing_names[] = {
    "off", "on", "processing", "waiting_for_payment", "retrying", "past_due", "suspended", NULL,
};

struct settings_input {
    bool enabled;
    seconds_t basic_seconds, premium_seconds;
    int64_t day;
};

struct run_view {
    struct allocation_run run;
    struct str month;
};

struct allocation_view {
    struct allocation allocation;
    struct str day; /* JSON: a number or null */
    struct allocation_quote quote;
    int state;
    struct payment_method *card; /* the primary's */
    struct list runs;
};

struct run_query {
    struct page page;
};

/* clang-format off */
#define SETTINGS_FIELDS                                                                                        \
    FIELD_INTEGER(struct settings_input, basic_seconds, .min = 0, .max = PURCHASE_SECONDS_MAX),                \
    FIELD_INTEGER(struct settings_input, premium_seconds, .min = 0, .max = PURCHASE_SECONDS_MAX),              \
    FIELD_INTEGER(struct settings_input, day, .min = 1, .max = 31)

static const struct field settings_fields[] = {
    FIELD_BOOLEAN(struct settings_input, enabled, .flags = FIELD_REQUIRED),
    SETTINGS_FIELDS,
    FIELD_END,
};

static const struct field quote_input_fields[] = {
    SETTINGS_FIELDS,
    FIELD_END,
};

static const struct field run_query_fields[] = {
    PAGE_FIELDS(struct run_query),
    FIELD_END,
};

static const struct field quote_fields[] = {
    FIELD_AS("basic_price", struct allocation_quote, base[TIER_BASIC], FIELD_IS_MONEY),
    FIELD_AS("premium_price", struct allocation_quote, base[TIER_PREMIUM], FIELD_IS_MONEY),
    FIELD_AS("cost_usd", struct allocation_quote, cost, FIELD_IS_MONEY),
    FIELD_INSTANT(struct allocation_quote, next_run_at),
    FIELD_END,
};

static const struct field run_fields[] = {
    FIELD_TEXT(struct run_view, month),
    FIELD_AS("state", struct run_view, run.state, FIELD_IS_NAME, .names = allocation_state_names),
    FIELD_AS("basic_seconds", struct run_view, run.seconds[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("premium_seconds", struct run_view, run.seconds[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_AS("due_at", struct run_view, run.due_at, FIELD_IS_INSTANT),
    FIELD_AS("failures", struct run_view, run.failures, FIELD_IS_INTEGER),
    FIELD_AS("reason", struct run_view, run.reason, FIELD_IS_TEXT),
    FIELD_AS("retry_at", struct run_view, run.retry_at, FIELD_IS_INSTANT),
    FIELD_AS("settled_at", struct run_view, run.settled_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field allocation_fields[] = {
    FIELD_AS("enabled", struct allocation_view, allocation.enabled, FIELD_IS_BOOLEAN),
    FIELD_AS("basic_seconds", struct allocation_view, allocation.seconds[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("premium_seconds", struct allocation_view, allocation.seconds[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_JSON(struct allocation_view, day),
    FIELD_NAME(struct allocation_view, state, standing_names),
    FIELD_AS("basic_price", struct allocation_view, quote.base[TIER_BASIC], FIELD_IS_MONEY),
    FIELD_AS("premium_price", struct allocation_view, quote.base[TIER_PREMIUM], FIELD_IS_MONEY),
    FIELD_AS("cost_usd", struct allocation_view, quote.cost, FIELD_IS_MONEY),
    FIELD_AS("next_run_at", struct allocation_view, quote.next_run_at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct allocation_view, card, automatic_card_fields, .flags = FIELD_POINTER),
    FIELD_LIST(struct allocation_view, runs, run_fields, struct run_view),
    FIELD_AS("updated_at", struct allocation_view, allocation.updated_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field allocation_record[] = {
    FIELD_BOOLEAN(struct allocation, enabled),
    FIELD_AS("basic_seconds", struct allocation, seconds[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("premium_seconds", struct allocation, seconds[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_INTEGER(struct allocation, day),
    FIELD_END,
};
static const struct field run_record[] = {
    FIELD_TEXT(struct run_view, month),
    FIELD_AS("basic_seconds", struct run_view, run.seconds[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("premium_seconds", struct run_view, run.seconds[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_END,
};
/* clang-format on */

static struct allocation_settings settings_of(const struct request *r)
{
    const struct settings_input *input = r->input;

    return (
        struct allocation_settings){ .enabled = input->enabled,
                                     .seconds = { input->basic_seconds, input->premium_seconds },
                                     .day = input->day };
}

static struct run_view *view_runs(struct request *r, const struct allocation_run *runs, size_t n)
{
    struct run_view *views = ARENA_ARRAY(r->arena, struct run_view, n + 1);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct run_view){ runs[i], month_format(r->arena, runs[i].month) };
    return views;
}

/* Money that is expected from somebody is told apart from what is on its way. */
static bool open_standing(struct request *r, const struct allocation_run *run, int *out)
{
    struct purchase tries[TIER_COUNT];
    bool waits = false;

    if (!allocation_tries(r->tx, run, tries)) return false;
    for (int tier = 0; tier < TIER_COUNT; tier++)
        waits = waits || (tries[tier].id != ID_NONE && may_mark_paid(&tries[tier]) == REASON_NONE);
    *out = waits ? STANDING_WAITING_FOR_PAYMENT : STANDING_PROCESSING;
    return true;
}

/* What needs an eye comes before what goes well. */
static bool find_standing(struct request *r, const struct allocation *allocation,
                          const struct subaccount *account, int *out)
{
    struct allocation_run open, past_due;
    bool is_open, is_past_due;

    if (!allocation_run_open(r->tx, account->agency_id, account->id, &open, &is_open)
        || !allocation_run_past_due(r->tx, account->agency_id, account->id, &past_due,
                                    &is_past_due))
        return false;
    if (is_open && open.state == ALLOCATION_PROCESSING) return open_standing(r, &open, out);
    if (is_open && open.state == ALLOCATION_RETRYING)
        *out = STANDING_RETRYING;
    else if (!allocation->enabled)
        *out = STANDING_OFF;
    else if (account->status == SUBACCOUNT_SUSPENDED)
        *out = STANDING_SUSPENDED;
    else if (is_open)
        *out = STANDING_PROCESSING; /* due, and begun in a moment */
    else
        *out = is_past_due ? STANDING_PAST_DUE : STANDING_ON;
    return true;
}

static bool load_card(struct request *r, struct payment_method **out)
{
    struct agency agency;

    return agency_load(r->tx, r->caller.agency, &agency)
        && automatic_card_load(r, agency.primary_id, out);
}

static bool reply(struct request *r)
{
    struct allocation_view view;
    struct subaccount account;
    struct list runs;

    if (!subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, &account)) return false;
    if (account.kind == SUBACCOUNT_PRIMARY)
        return request_allow(r, REASON_PRIMARY_NOT_ALLOCATED, NULL);
    if (!allocation_load(r->tx, account.agency_id, account.id, &view.allocation)
        || !allocation_cost_now(r->tx, &view.allocation, &view.quote) || !load_card(r, &view.card)
        || !find_standing(r, &view.allocation, &account, &view.state)
        || !allocation_runs_list(r->tx, account.agency_id, account.id, 0, RUNS_SHOWN, &runs))
        return false;
    view.day = json_cap(r->arena, view.allocation.day > 0 ? view.allocation.day : -1);
    view.runs = (struct list){ view_runs(r, runs.at, runs.count), runs.count };
    return request_reply(r, 200, allocation_fields, &view);
}

static bool list_runs(struct request *r)
{
    const struct run_query *query = r->query;
    struct list rows;
    id64_t before; /* a month */

    if (!page_before(r, &query->page, list_name, &before)
        || !allocation_runs_list(r->tx, r->caller.agency, r->scope.subaccount, before,
                                 page_rows(&query->page), &rows))
        return false;
    const struct allocation_run *runs = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct str next = page_next(r, &query->page, list_name, &rows, n > 0 ? runs[n - 1].month : 0);

    return request_reply_list(r, run_fields, &(struct list){ view_runs(r, runs, n), n },
                              sizeof(struct run_view), next, -1);
}

static bool quote_allocation(struct request *r)
{
    const struct allocation_settings settings = settings_of(r);
    struct allocation_quote quote;

    return allocation_quoted(r->tx, r->caller.agency, r->scope.subaccount, &settings, &quote)
        && request_reply(r, 200, quote_fields, &quote);
}

static bool set_allocation(struct request *r)
{
    const struct allocation_settings settings = settings_of(r);
    struct allocation before, after;

    return allocation_change(r->tx, r->caller.agency, r->scope.subaccount, &settings, &before,
                             &after)
        && request_record(r, "auto_allocation.set", ID_SUBACCOUNT, r->scope.subaccount,
                          record_of(r, allocation_record, &before),
                          record_of(r, allocation_record, &after))
        && reply(r);
}

static bool retry_allocation(struct request *r)
{
    struct run_view view;

    if (!allocation_retry(r->tx, r->caller.agency, r->scope.subaccount, &view.run)) return false;
    view.month = month_format(r->arena, view.run.month);
    return request_record(r, "auto_allocation.retried", ID_SUBACCOUNT, r->scope.subaccount,
                          STR_NONE, record_of(r, run_record, &view))
        && reply(r);
}

static bool forget_allocation(struct request *r)
{
    struct allocation before;

    return allocation_forget(r->tx, r->caller.agency, r->scope.subaccount, &before)
        && request_record(r, "auto_allocation.removed", ID_SUBACCOUNT, r->scope.subaccount,
                          record_of(r, allocation_record, &before), STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route auto_allocation_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/auto_allocation", CAN_ALLOCATION_MANAGE, {{READ, reply}},
     .key_scopes = 1u << SCOPE_READ, .name = "getAutoAllocation"},
    {PUT, "/v1/subaccounts/{subaccount}/auto_allocation", CAN_ALLOCATION_MANAGE, {{WRITE, set_allocation}},
     .input = settings_fields, .input_size = sizeof(struct settings_input), .name = "setAutoAllocation"},
    {DELETE, "/v1/subaccounts/{subaccount}/auto_allocation", CAN_ALLOCATION_MANAGE, {{WRITE, forget_allocation}},
     .name = "removeAutoAllocation"},
    {POST, "/v1/subaccounts/{subaccount}/auto_allocation/quote", CAN_ALLOCATION_MANAGE, {{READ, quote_allocation}},
     .input = quote_input_fields, .input_size = sizeof(struct settings_input), .flags = ROUTE_NOT_KEPT,
     .name = "quoteAutoAllocation"},
    {POST, "/v1/subaccounts/{subaccount}/auto_allocation/retry", CAN_ALLOCATION_MANAGE, {{WRITE, retry_allocation}},
     .flags = ROUTE_NO_BODY, .name = "retryAutoAllocation"},
    {GET, "/v1/subaccounts/{subaccount}/auto_allocation/runs", CAN_ALLOCATION_MANAGE, {{READ, list_runs}},
     .query = run_query_fields, .query_size = sizeof(struct run_query), .key_scopes = 1u << SCOPE_READ,
     .name = "listAllocationRuns"},
    ROUTE_END,
};
/* clang-format on */
