/* Totals over a range: of the agency (console.md "Home") and of one sub-account. */
#include "api/pages.h"
#include "api/routes.h"
#include "api/views.h"
#include "api/wallets.h"
#include "base/decimal.h"
#include "domain/cycles.h"
#include "engine/standing.h"
#include "engine/usage.h"
#include "store/agencies.h"
#include "store/plans.h"
#include "store/subaccounts.h"

enum { RANGE_DAYS_MAX = 400, RISKS_MAX = 100, SECONDS_PER_MINUTE = 60 };

struct range_query {
    instant_t from, to;
};

/* What was used and bought, as the API shows it; MICROS_NONE is hidden. */
struct totals_view {
    seconds_t minutes_used_seconds;
    int64_t calls;
    micros_t spent, cost, margin, profit, purchased;
};

struct span_view {
    struct period span;
    struct totals_view totals;
};

struct risk_view {
    id64_t subaccount;
    struct str name, detail;
    int risk;
};

struct counts_view {
    int64_t active, suspended;
    struct str cap;
};

struct agency_overview {
    struct span_view now, before;
    micros_t worth;
    struct plan_view plan;
    instant_t renewal_at;
    struct counts_view counts;
    struct list series, risks;
};

struct subaccount_overview {
    id64_t subaccount;
    struct span_view now, before;
    struct wallet_view wallet;
    int64_t by_status[CALL_STATUS_COUNT];
    struct list series;
};

/* clang-format off */
#define TOTALS_FIELDS(view, totals)                                                              \
    FIELD_AS("minutes_used_seconds", view, totals.minutes_used_seconds, FIELD_IS_INTEGER),       \
    FIELD_AS("calls", view, totals.calls, FIELD_IS_INTEGER),                                     \
    FIELD_AS("spent_usd", view, totals.spent, FIELD_IS_MONEY),                                   \
    FIELD_AS("cost_usd", view, totals.cost, FIELD_IS_MONEY),                                     \
    FIELD_AS("margin_usd", view, totals.margin, FIELD_IS_MONEY),                                 \
    FIELD_AS("profit_usd", view, totals.profit, FIELD_IS_MONEY),                                 \
    FIELD_AS("purchased_usd", view, totals.purchased, FIELD_IS_MONEY)
#define SPAN_FIELDS(view, member)                                                                \
    FIELD_AS("from", view, member.span.start, FIELD_IS_INSTANT),                                 \
    FIELD_AS("to", view, member.span.end, FIELD_IS_INSTANT),                                     \
    TOTALS_FIELDS(view, member.totals)

static const struct field range_query_fields[] = {
    FIELD_INSTANT(struct range_query, from),
    FIELD_INSTANT(struct range_query, to),
    FIELD_END,
};

static const struct field point_fields[] = {
    FIELD_AS("start", struct span_view, span.start, FIELD_IS_INSTANT),
    TOTALS_FIELDS(struct span_view, totals),
    FIELD_END,
};

struct span_only {
    struct span_view span;
};

static const struct field span_fields[] = {
    SPAN_FIELDS(struct span_only, span),
    FIELD_END,
};

static const struct field risk_fields[] = {
    FIELD_ID(struct risk_view, subaccount, ID_SUBACCOUNT),
    FIELD_TEXT(struct risk_view, name),
    FIELD_NAME(struct risk_view, risk, risk_names),
    FIELD_TEXT(struct risk_view, detail),
    FIELD_END,
};

static const struct field counts_fields[] = {
    FIELD_INTEGER(struct counts_view, active),
    FIELD_INTEGER(struct counts_view, suspended),
    FIELD_JSON(struct counts_view, cap),
    FIELD_END,
};

static const struct field agency_overview_fields[] = {
    SPAN_FIELDS(struct agency_overview, now),
    FIELD_AS("wallet_balance_usd", struct agency_overview, worth, FIELD_IS_MONEY),
    FIELD_OBJECT(struct agency_overview, plan, plan_fields),
    FIELD_INSTANT(struct agency_overview, renewal_at),
    FIELD_AS("subaccounts", struct agency_overview, counts, FIELD_IS_OBJECT, .fields = counts_fields),
    FIELD_AS("previous", struct agency_overview, before, FIELD_IS_OBJECT, .fields = span_fields),
    FIELD_LIST(struct agency_overview, series, point_fields, struct span_view),
    FIELD_LIST(struct agency_overview, risks, risk_fields, struct risk_view),
    FIELD_END,
};

#define STATUS_FIELD(name, status) \
    FIELD_AS(name, struct subaccount_overview, by_status[status], FIELD_IS_INTEGER)

static const struct field by_status_fields[] = {
    STATUS_FIELD("completed", CALL_COMPLETED),
    STATUS_FIELD("voicemail", CALL_VOICEMAIL),
    STATUS_FIELD("no_answer", CALL_NO_ANSWER),
    STATUS_FIELD("busy", CALL_BUSY),
    STATUS_FIELD("failed", CALL_FAILED),
    STATUS_FIELD("canceled", CALL_CANCELED),
    STATUS_FIELD("transferred", CALL_TRANSFERRED),
    FIELD_END,
};

static const struct field subaccount_overview_fields[] = {
    FIELD_ID(struct subaccount_overview, subaccount, ID_SUBACCOUNT),
    SPAN_FIELDS(struct subaccount_overview, now),
    FIELD_OBJECT(struct subaccount_overview, wallet, wallet_fields),
    /* Its members stand in the overview itself. */
    {.name = "calls_by_status", .type = FIELD_IS_OBJECT, .fields = by_status_fields},
    FIELD_AS("previous", struct subaccount_overview, before, FIELD_IS_OBJECT, .fields = span_fields),
    FIELD_LIST(struct subaccount_overview, series, point_fields, struct span_view),
    FIELD_END,
};
/* clang-format on */

/* The range asked for; by default the billing period that `anchor` gives, up to now. */
static bool read_range(struct request *r, struct date anchor, struct period *out)
{
    const struct range_query *query = r->query;
    struct period cycle = cycle_at(anchor, r->caller.zone, r->now);

    out->end = query->to != INSTANT_NONE ? query->to : r->now;
    out->start = query->from;
    if (out->start == INSTANT_NONE)
        out->start = out->end > cycle.start ? cycle.start : out->end - (cycle.end - cycle.start);
    if (!range_allow(r, out->start, out->end)) return false;
    return out->end - out->start <= RANGE_DAYS_MAX * MICROS_PER_DAY
        || fail_field(&r->problem, REASON_RANGE_TOO_LONG, STR("to"),
                      "A range may have at most %d days.", RANGE_DAYS_MAX);
}

static struct totals_view totals_view(const struct request *r, const struct usage_totals *totals)
{
    struct totals_view view = {
        .minutes_used_seconds = totals->billed_seconds,
        .calls = totals->calls,
        .spent = totals->spent,
        .purchased = totals->purchased,
        .cost = MICROS_NONE,
        .margin = MICROS_NONE,
        .profit = MICROS_NONE,
    };

    if (!caller_sees_profits(r)) return view;
    view.cost = totals->cost;
    view.margin = totals->spent - totals->cost;
    view.profit = totals->profit;
    return view;
}

/* What one range holds: its days, their sum, and the same span before it. */
struct report {
    struct usage_bucket *days;
    size_t n_days;
    struct usage_totals total;
    struct usage_bucket before;
};

static bool load_report(struct request *r, id64_t subaccount, struct period range,
                        struct report *out)
{
    out->days = usage_days(r->arena, r->caller.zone, range, &out->n_days);
    out->before = (struct usage_bucket){
        .span = { range.start - (range.end - range.start), range.start },
    };
    if (!usage_sum(r->tx, r->caller.agency, subaccount, out->days, out->n_days)
        || !usage_sum(r->tx, r->caller.agency, subaccount, &out->before, 1))
        return false;
    return usage_total(out->days, out->n_days, &out->total)
        || fail_as(&r->problem, REASON_OVERFLOW, NULL);
}

static struct list series_view(const struct request *r, const struct report *report)
{
    struct span_view *points = ARENA_ARRAY(r->arena, struct span_view, report->n_days);

    for (size_t i = 0; i < report->n_days; i++)
        points[i] =
            (struct span_view){ report->days[i].span, totals_view(r, &report->days[i].totals) };
    return (struct list){ points, report->n_days };
}

static struct span_view before_view(const struct request *r, const struct report *report)
{
    return (struct span_view){ report->before.span, totals_view(r, &report->before.totals) };
}

/* "1,234.5": minutes of a positive or negative number of seconds, to a tenth, half up. */
static struct str minutes_text(struct arena *arena, seconds_t seconds)
{
    seconds_t tenths =
        ((seconds < 0 ? -seconds : seconds) * 10 + SECONDS_PER_MINUTE / 2) / SECONDS_PER_MINUTE;
    long long minutes = tenths / 10, tenth = tenths % 10;

    if (minutes < 1000) return str_format(arena, "%lld.%lld", minutes, tenth);
    return str_format(arena, "%lld,%03lld.%lld", minutes / 1000, minutes % 1000, tenth);
}

static struct str risk_detail(struct arena *arena, const struct account_risk *risk)
{
    const seconds_t *wallet = risk->facts.wallet;
    int lowest = wallet[TIER_BASIC] < wallet[TIER_PREMIUM] ? TIER_BASIC : TIER_PREMIUM;

    switch (risk->risk) {
    case RISK_OVERDRAWN:
        return str_format(arena, "%.*s %s minutes below zero.",
                          STR_ARG(minutes_text(arena, wallet[lowest])), tier_names[lowest]);
    case RISK_LOW_BALANCE:
        return str_format(arena, "%.*s minutes left, %.*s used this period.",
                          STR_ARG(minutes_text(arena, wallet[TIER_BASIC] + wallet[TIER_PREMIUM])),
                          STR_ARG(minutes_text(arena, risk->facts.used)));
    case RISK_ALLOCATION_PAST_DUE:
        return STR("The minutes that you buy for it every month were not paid.");
    case RISK_PAYMENT_FAILING: return STR("A payment that it makes by itself failed.");
    case RISK_SUSPENDED: return STR("Suspended.");
    case RISK_COUNT: break;
    }
    return STR("");
}

static struct list risks_view(const struct request *r, const struct standing *standing)
{
    struct risk_view *views = ARENA_ARRAY(r->arena, struct risk_view, standing->n_risks + 1);

    for (size_t i = 0; i < standing->n_risks; i++) {
        const struct account_risk *risk = &standing->risks[i];

        views[i] = (struct risk_view){
            .subaccount = risk->subaccount,
            .name = risk->name,
            .risk = (int)risk->risk,
            .detail = risk_detail(r->arena, risk),
        };
    }
    return (struct list){ views, standing->n_risks };
}

static bool read_agency_overview(struct request *r)
{
    struct agency agency;
    struct plan plan;
    struct period range;
    struct report report;
    struct standing standing;

    if (!agency_load(r->tx, r->caller.agency, &agency)
        || !plan_find(r->tx, agency.plan_code, &plan, NULL)
        || !read_range(r, agency.subscription_start, &range)
        || !load_report(r, ID_NONE, range, &report)
        || !agency_standing(r->tx, agency.id, r->caller.zone, RISKS_MAX, &standing))
        return false;

    const struct agency_overview view = {
        .now = { range, totals_view(r, &report.total) },
        .before = before_view(r, &report),
        .worth = standing.worth,
        .plan = plan_view(r->arena, &plan),
        .renewal_at = cycle_at(agency.subscription_start, r->caller.zone, r->now).end,
        .counts = { standing.active, standing.suspended, json_cap(r->arena, plan.subaccount_cap) },
        .series = series_view(r, &report),
        .risks = risks_view(r, &standing),
    };
    return request_reply(r, 200, agency_overview_fields, &view);
}

static bool read_subaccount_overview(struct request *r)
{
    struct subaccount_overview view = { .subaccount = r->scope.subaccount };
    struct subaccount account;
    struct period range;
    struct report report;

    if (!subaccount_load(r->tx, r->caller.agency, view.subaccount, &account)
        || !read_range(r, account.billing_anchor, &range)
        || !load_report(r, view.subaccount, range, &report)
        || !wallet_view_load(r, view.subaccount, &view.wallet))
        return false;
    view.now = (struct span_view){ range, totals_view(r, &report.total) };
    view.before = before_view(r, &report);
    view.series = series_view(r, &report);
    for (int status = 0; status < CALL_STATUS_COUNT; status++)
        view.by_status[status] = report.total.by_status[status];
    return request_reply(r, 200, subaccount_overview_fields, &view);
}

/* clang-format off */
const struct route overview_routes[] = {
    {GET, "/v1/agency/overview", CAN_REPORTS_AGENCY, {{READ, read_agency_overview}}, .query = range_query_fields,
     .query_size = sizeof(struct range_query), .key_scopes = 1u << SCOPE_READ, .name = "getAgencyOverview"},
    {GET, "/v1/subaccounts/{subaccount}/overview", CAN_WORKSPACE_VIEW, {{READ, read_subaccount_overview}},
     .query = range_query_fields, .query_size = sizeof(struct range_query), .key_scopes = 1u << SCOPE_READ,
     .name = "getSubaccountOverview"},
    ROUTE_END,
};
/* clang-format on */
