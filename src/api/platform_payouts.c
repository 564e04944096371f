/* Payouts of all agencies, and what the platform's staff note about them by hand (api.md "platform"). */
#include "api/payouts.h"
#include "engine/payouts.h"

#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "store/agencies.h"
#include "store/platform_agencies.h"

static const char list_name[] = "platform payouts";

struct payouts_query {
    struct page page;
    int state;
    id64_t agency;
};

struct agency_ref {
    id64_t id;
    struct str name;
};

struct payout_view {
    struct payout payout;
    struct agency_ref agency;
};

struct failure_input {
    struct str reason;
};

struct account_input {
    bool connected;
};

/* clang-format off */
static const struct field payouts_query_fields[] = {
    PAGE_FIELDS(struct payouts_query),
    FIELD_NAME(struct payouts_query, state, payout_state_names),
    FIELD_ID(struct payouts_query, agency, ID_AGENCY),
    FIELD_END,
};

static const struct field failure_input_fields[] = {
    FIELD_TEXT(struct failure_input, reason, .min = 1, .max = PAYOUT_FAILURE_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_END,
};

static const struct field account_fields[] = {
    FIELD_BOOLEAN(struct account_input, connected, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field agency_ref_fields[] = {
    FIELD_ID(struct agency_ref, id, ID_AGENCY),
    FIELD_TEXT(struct agency_ref, name),
    FIELD_END,
};

static const struct field payout_view_fields[] = {
    PAYOUT_FIELDS(struct payout_view, payout.),
    FIELD_OBJECT(struct payout_view, agency, agency_ref_fields),
    FIELD_END,
};

static const struct field payout_record[] = {
    FIELD_AS("amount_usd", struct payout, amount, FIELD_IS_MONEY),
    FIELD_NAME(struct payout, state, payout_state_names),
    FIELD_TEXT(struct payout, failure),
    FIELD_END,
};
/* clang-format on */

static bool view_payouts(struct request *r, const struct payout *payouts, size_t n,
                         struct payout_view *views)
{
    id64_t *agencies = ARENA_ARRAY(r->arena, id64_t, n + 1);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n + 1);

    for (size_t i = 0; i < n; i++)
        agencies[i] = payouts[i].agency_id;
    if (!platform_agency_names(r->tx, agencies, n, names)) return false;
    for (size_t i = 0; i < n; i++)
        views[i] = (struct payout_view){ payouts[i], { agencies[i], names[i] } };
    return true;
}

static bool list_payouts(struct request *r)
{
    const struct payouts_query *query = r->query;
    struct payout_filter filter = {
        .agency = query->agency,
        .state = query->state,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !payout_list(r->tx, &filter, &rows))
        return false;

    const struct payout *payouts = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct payout_view *views = ARENA_ARRAY(r->arena, struct payout_view, n + 1);
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? payouts[n - 1].id : ID_NONE);

    return view_payouts(r, payouts, n, views)
        && request_reply_list(r, payout_view_fields, &(struct list){ views, n }, sizeof(*views),
                              next, -1);
}

static bool reply_changed(struct request *r, const char *action, const struct payout_change *change)
{
    struct payout_view view;

    return request_record_in(r, change->after.agency_id, action, ID_PAYOUT, change->after.id,
                             record_of(r, payout_record, &change->before),
                             record_of(r, payout_record, &change->after))
        && view_payouts(r, &change->after, 1, &view)
        && request_reply(r, 200, payout_view_fields, &view);
}

static bool mark_paid(struct request *r)
{
    struct payout_change change;

    return payout_paid(r->tx, r->scope.payout, r->caller.user, &change)
        && reply_changed(r, "payout.paid", &change);
}

static bool mark_failed(struct request *r)
{
    const struct failure_input *input = r->input;
    struct payout_change change;

    return payout_failed(r->tx, r->scope.payout, input->reason, r->caller.user, &change)
        && reply_changed(r, "payout.failed", &change);
}

static bool set_account(struct request *r)
{
    const struct account_input *input = r->input;
    struct account_input before = { 0 };

    return platform_agency_must_be_there(r->tx, r->scope.agency)
        && agency_hold(r->tx, r->scope.agency)
        && payout_connected_find(r->tx, r->scope.agency, &before.connected)
        && payout_connected_set(r->tx, r->scope.agency, input->connected)
        && request_record_in(r, r->scope.agency, "agency.payout_account_set", ID_AGENCY,
                             r->scope.agency, record_of(r, account_fields, &before),
                             record_of(r, account_fields, input))
        && request_reply(r, 200, account_fields, input);
}

static bool read_account(struct request *r)
{
    struct account_input view = { 0 };

    return platform_agency_must_be_there(r->tx, r->scope.agency)
        && payout_connected_find(r->tx, r->scope.agency, &view.connected)
        && request_reply(r, 200, account_fields, &view);
}

/* clang-format off */
const struct route platform_payout_routes[] = {
    {GET, "/v1/platform/payouts", CAN_PLATFORM_VIEW, {{READ, list_payouts}}, .query = payouts_query_fields,
     .query_size = sizeof(struct payouts_query), .name = "listPlatformPayouts"},
    {POST, "/v1/platform/payouts/{payout}/paid", CAN_PLATFORM_SETTLE, {{WRITE, mark_paid}}, .flags = ROUTE_NO_BODY,
     .name = "markPayoutPaid"},
    {POST, "/v1/platform/payouts/{payout}/fail", CAN_PLATFORM_SETTLE, {{WRITE, mark_failed}},
     .input = failure_input_fields, .input_size = sizeof(struct failure_input), .name = "failPayout"},
    {GET, "/v1/platform/agencies/{agency}/payout_account", CAN_PLATFORM_VIEW, {{READ, read_account}},
     .name = "getPlatformPayoutAccount"},
    {PUT, "/v1/platform/agencies/{agency}/payout_account", CAN_PLATFORM_SETTLE, {{WRITE, set_account}},
     .input = account_fields, .input_size = sizeof(struct account_input), .name = "setPayoutAccount"},
    ROUTE_END,
};
/* clang-format on */
