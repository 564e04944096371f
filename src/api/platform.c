/* The platform: its agencies and what they owe (api.md "platform"). */
#include "engine/platform.h"
#include "engine/platform_list.h"

#include "api/records.h"
#include "api/routes.h"
#include "api/tables.h"
#include "api/views.h"
#include "domain/ledger.h"
#include "domain/profits.h"
#include "store/ledger.h"

static const char *const sort_names[] = {
    "name",         "-name",      "created_at",  "-created_at", "subaccounts",
    "-subaccounts", "credit_usd", "-credit_usd", NULL,
};

static const struct table table = { "platform agencies", sort_names };

struct agency_query {
    struct page page;
    int sort, status;
    struct str plan, q;
};

struct plan_ref {
    struct str code, name;
};

struct owner_ref {
    struct str name, email;
};

struct row_view {
    struct platform_agency agency;
    struct plan_ref plan;
    struct owner_ref owner;
};

struct agency_detail {
    struct row_view row;
    struct str timezone;
    micros_t credit_limit, profit, payable, collected, payout_threshold;
    struct str requests_per_second; /* JSON: a number or null */
    int64_t queue_share;
};

#define TERMS_MAX (1000000000 * MICROS_PER_USD)

struct agencies_by_status {
    int64_t active, deleting;
};

struct subaccounts_by_status {
    int64_t active, suspended;
};

struct overview_view {
    struct agencies_by_status agencies;
    struct subaccounts_by_status subaccounts;
    micros_t owed;
    int64_t calls_today;
    seconds_t minutes_used;
    instant_t day_start, month_start;
};

/* clang-format off */
static const struct field agency_query_fields[] = {
    PAGE_FIELDS(struct agency_query),
    FIELD_NAME(struct agency_query, sort, sort_names),
    FIELD_NAME(struct agency_query, status, agency_status_names),
    FIELD_TEXT(struct agency_query, plan, .min = 1, .max = 40),
    FIELD_TEXT(struct agency_query, q, .min = 1, .max = 120),
    FIELD_END,
};

static const struct field plan_ref_fields[] = {
    FIELD_TEXT(struct plan_ref, code),
    FIELD_TEXT(struct plan_ref, name),
    FIELD_END,
};

static const struct field owner_ref_fields[] = {
    FIELD_TEXT(struct owner_ref, name),
    FIELD_TEXT(struct owner_ref, email),
    FIELD_END,
};

#define ROW_FIELDS(view, row)                                                                             \
    FIELD_AS("id", view, row agency.id, FIELD_IS_ID, .id_kind = ID_AGENCY),                              \
    FIELD_AS("name", view, row agency.name, FIELD_IS_TEXT),                                              \
    FIELD_AS("plan", view, row plan, FIELD_IS_OBJECT, .fields = plan_ref_fields),                        \
    FIELD_AS("status", view, row agency.status, FIELD_IS_NAME, .names = agency_status_names),            \
    FIELD_AS("owner", view, row owner, FIELD_IS_OBJECT, .fields = owner_ref_fields),                     \
    FIELD_AS("subaccounts", view, row agency.subaccounts, FIELD_IS_INTEGER),                             \
    FIELD_AS("credit_usd", view, row agency.credit, FIELD_IS_MONEY),                                     \
    FIELD_AS("created_at", view, row agency.created_at, FIELD_IS_INSTANT)

static const struct field row_fields[] = {
    ROW_FIELDS(struct row_view, ),
    FIELD_END,
};

static const struct field detail_fields[] = {
    ROW_FIELDS(struct agency_detail, row.),
    FIELD_TEXT(struct agency_detail, timezone),
    FIELD_AS("credit_limit_usd", struct agency_detail, credit_limit, FIELD_IS_MONEY),
    FIELD_AS("profit_usd", struct agency_detail, profit, FIELD_IS_MONEY),
    FIELD_AS("payable_usd", struct agency_detail, payable, FIELD_IS_MONEY),
    FIELD_AS("collected_usd", struct agency_detail, collected, FIELD_IS_MONEY),
    FIELD_AS("payout_threshold_usd", struct agency_detail, payout_threshold, FIELD_IS_MONEY),
    FIELD_JSON(struct agency_detail, requests_per_second),
    FIELD_INTEGER(struct agency_detail, queue_share),
    FIELD_END,
};

static const struct field terms_fields[] = {
    FIELD_AS("credit_limit_usd", struct agency_terms, credit_limit, FIELD_IS_MONEY, .min = 0, .max = TERMS_MAX,
             .flags = FIELD_NULLABLE),
    FIELD_AS("payout_threshold_usd", struct agency_terms, payout_threshold, FIELD_IS_MONEY, .min = 0, .max = TERMS_MAX),
    FIELD_INTEGER(struct agency_terms, requests_per_second, .min = 1, .max = AGENCY_REQUESTS_MAX, .flags = FIELD_NULLABLE),
    FIELD_INTEGER(struct agency_terms, queue_share, .min = 1, .max = AGENCY_SHARE_MAX),
    FIELD_END,
};

static const struct field agencies_by_status_fields[] = {
    FIELD_INTEGER(struct agencies_by_status, active),
    FIELD_INTEGER(struct agencies_by_status, deleting),
    FIELD_END,
};

static const struct field subaccounts_by_status_fields[] = {
    FIELD_INTEGER(struct subaccounts_by_status, active),
    FIELD_INTEGER(struct subaccounts_by_status, suspended),
    FIELD_END,
};

static const struct field overview_fields[] = {
    FIELD_OBJECT(struct overview_view, agencies, agencies_by_status_fields),
    FIELD_OBJECT(struct overview_view, subaccounts, subaccounts_by_status_fields),
    FIELD_AS("owed_usd", struct overview_view, owed, FIELD_IS_MONEY),
    FIELD_INTEGER(struct overview_view, calls_today),
    FIELD_AS("minutes_used_seconds", struct overview_view, minutes_used, FIELD_IS_INTEGER),
    FIELD_INSTANT(struct overview_view, day_start),
    FIELD_INSTANT(struct overview_view, month_start),
    FIELD_END,
};
/* clang-format on */

/* Days and months of the platform are those of UTC: its agencies live in many zones. */
static bool read_overview(struct request *r)
{
    const struct zone *zone = zone_find(STR("UTC"));
    struct date day = zone_date(zone, r->now), month = day;
    struct platform_totals totals;

    month.day = 1;
    struct overview_view view = {
        .day_start = zone_midnight(zone, day),
        .month_start = zone_midnight(zone, month),
    };
    if (!platform_totals_load(r->tx, view.day_start, view.month_start, &totals)) return false;
    view.agencies = (struct agencies_by_status){ totals.active, totals.deleting };
    view.subaccounts =
        (struct subaccounts_by_status){ totals.active_subaccounts, totals.suspended_subaccounts };
    view.owed = totals.owed;
    view.calls_today = totals.calls_today;
    view.minutes_used = totals.used_month;
    return request_reply(r, 200, overview_fields, &view);
}

static struct row_view row_of(const struct platform_agency *agency)
{
    return (struct row_view){
        .agency = *agency,
        .plan = { agency->plan_code, agency->plan_name },
        .owner = { agency->owner_name, agency->owner_email },
    };
}

static bool list_agencies(struct request *r)
{
    const struct agency_query *query = r->query;
    struct table_ask ask;
    struct platform_page page;

    if (!table_ask(r, &table, query->sort, &query->page, &ask)) return false;
    const struct platform_filter filter = {
        .status = query->status,
        .plan = query->plan,
        .search = query->q,
        .sort = (enum platform_sort)ask.column,
        .page = ask.page,
    };
    if (!platform_page(r->tx, &filter, &page)) return false;
    struct str next = page.has_more ? table_next(r, &ask, &page.last) : STR_NONE;
    const struct platform_agency *agencies = page.agencies.at;
    size_t n = page.agencies.count;
    struct row_view *views = ARENA_ARRAY(r->arena, struct row_view, n + 1);
    for (size_t i = 0; i < n; i++)
        views[i] = row_of(&agencies[i]);
    return request_reply_list(r, row_fields, &(struct list){ views, n }, sizeof(*views), next,
                              (int64_t)page.total);
}

static bool read_agency(struct request *r)
{
    struct platform_agency row;
    struct agency agency;
    id64_t id = r->scope.agency;
    struct agency_detail view = { 0 };

    if (!platform_agency_load(r->tx, id, &row) || !agency_load(r->tx, id, &agency)
        || !ledger_balance(r->tx, id, LEDGER_PROFIT, id, &view.profit)
        || !ledger_balance(r->tx, id, LEDGER_COLLECTED, id, &view.collected))
        return false;
    view.row = row_of(&row);
    view.timezone = agency.timezone;
    view.payable = profit_to_pay_out(view.profit, row.credit);
    view.credit_limit = agency.credit_limit;
    view.payout_threshold = agency.payout_threshold;
    view.requests_per_second = json_limit(r->arena, agency.requests_per_second);
    view.queue_share = agency.queue_share;
    return request_reply(r, 200, detail_fields, &view);
}

/* What is not given stays as it is. */
static bool set_terms(struct request *r)
{
    const struct agency_terms *input = r->input;
    struct agency_terms before, after;

    if (!agency_terms_lock(r->tx, r->scope.agency, &before)) return false;
    after = before;
    if (request_has(r, "credit_limit_usd")) after.credit_limit = input->credit_limit;
    if (request_has(r, "payout_threshold_usd")) after.payout_threshold = input->payout_threshold;
    if (request_has(r, "requests_per_second"))
        after.requests_per_second = input->requests_per_second;
    if (request_has(r, "queue_share")) after.queue_share = input->queue_share;
    return agency_terms_set(r->tx, r->scope.agency, &after)
        && request_record_in(r, r->scope.agency, "agency.terms_set", ID_AGENCY, r->scope.agency,
                             record_of(r, terms_fields, &before),
                             record_of(r, terms_fields, &after))
        && read_agency(r);
}

/* clang-format off */
const struct route platform_routes[] = {
    {GET, "/v1/platform/overview", CAN_PLATFORM_VIEW, {{READ, read_overview}}, .name = "getPlatformOverview"},
    {GET, "/v1/platform/agencies", CAN_PLATFORM_VIEW, {{READ, list_agencies}}, .query = agency_query_fields,
     .query_size = sizeof(struct agency_query), .name = "listAgencies"},
    {GET, "/v1/platform/agencies/{agency}", CAN_PLATFORM_VIEW, {{READ, read_agency}}, .name = "getPlatformAgency"},
    {PATCH, "/v1/platform/agencies/{agency}", CAN_PLATFORM_SETTLE, {{WRITE, set_terms}}, .input = terms_fields,
     .input_size = sizeof(struct agency_terms), .name = "setAgencyTerms"},
    ROUTE_END,
};
/* clang-format on */
