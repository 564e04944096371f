/* Profit (domain.md §11): by sub-account, month or purchase over any range, and what of it can be paid out. */
#include "engine/profits.h"

#include "api/routes.h"
#include "api/tables.h"
#include "base/decimal.h"
#include "domain/accounts.h"
#include "domain/tier.h"
#include "store/names.h"
#include "store/payouts.h"

static const char purchases_name[] = "profits by purchase";
static const char *const sort_names[] = {
    "name",         "-name",         "profit_usd",     "-profit_usd", "payable_usd",
    "-payable_usd", "collected_usd", "-collected_usd", NULL,
};
static const struct table table = { "profits by sub-account", sort_names };

enum group { GROUP_SUBACCOUNT, GROUP_MONTH, GROUP_PURCHASE };
static const char *const group_names[] = { "subaccount", "month", "purchase", NULL };

enum payout_account { ACCOUNT_NOT_CONNECTED, ACCOUNT_CONNECTED };
static const char *const payout_account_names[] = { "not_connected", "connected", NULL };

struct profits_query {
    struct page page;
    instant_t from, to;
    int group_by, sort;
    id64_t subaccount;
};

/* Profit, and by who collected the money. */
struct profit_view {
    micros_t profit, payable, collected;
};

struct account_view {
    id64_t subaccount;
    struct str name;
    int status;
    struct profit_view profit;
};

struct month_view {
    struct period span;
    struct profit_view profit;
};

struct purchase_view {
    struct profit_purchase purchase;
    struct str name;
    struct profit_view profit;
};

struct report_view {
    struct period span;
    int group_by;
    struct profit_view totals;
    struct list rows;
    struct str next_cursor;
};

struct standing_view {
    struct profit_standing standing;
    int payout_account;
};

/* clang-format off */
static const struct field profits_query_fields[] = {
    FIELD_INSTANT(struct profits_query, from),
    FIELD_INSTANT(struct profits_query, to),
    FIELD_NAME(struct profits_query, group_by, group_names),
    FIELD_NAME(struct profits_query, sort, sort_names),
    FIELD_ID(struct profits_query, subaccount, ID_SUBACCOUNT),
    PAGE_FIELDS(struct profits_query),
    FIELD_END,
};

#define PROFIT_FIELDS(s, member)                                        \
    FIELD_AS("profit_usd", s, member profit, FIELD_IS_MONEY),           \
    FIELD_AS("payable_usd", s, member payable, FIELD_IS_MONEY),         \
    FIELD_AS("collected_usd", s, member collected, FIELD_IS_MONEY)

static const struct field totals_fields[] = {
    PROFIT_FIELDS(struct profit_view, ),
    FIELD_END,
};

static const struct field account_fields[] = {
    FIELD_ID(struct account_view, subaccount, ID_SUBACCOUNT),
    FIELD_TEXT(struct account_view, name),
    FIELD_NAME(struct account_view, status, subaccount_status_names),
    PROFIT_FIELDS(struct account_view, profit.),
    FIELD_END,
};

static const struct field month_fields[] = {
    FIELD_AS("start", struct month_view, span.start, FIELD_IS_INSTANT),
    FIELD_AS("end", struct month_view, span.end, FIELD_IS_INSTANT),
    PROFIT_FIELDS(struct month_view, profit.),
    FIELD_END,
};

static const struct field purchase_fields[] = {
    FIELD_AS("purchase", struct purchase_view, purchase.id, FIELD_IS_ID, .id_kind = ID_PURCHASE),
    FIELD_AS("subaccount", struct purchase_view, purchase.subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_TEXT(struct purchase_view, name),
    FIELD_AS("tier", struct purchase_view, purchase.tier, FIELD_IS_NAME, .names = tier_names),
    FIELD_AS("seconds", struct purchase_view, purchase.seconds, FIELD_IS_INTEGER),
    FIELD_AS("paid_usd", struct purchase_view, purchase.paid, FIELD_IS_MONEY),
    PROFIT_FIELDS(struct purchase_view, profit.),
    FIELD_AS("changes", struct purchase_view, purchase.changes, FIELD_IS_INTEGER),
    FIELD_AS("changed_at", struct purchase_view, purchase.changed_at, FIELD_IS_INSTANT),
    FIELD_END,
};

#define REPORT_FIELDS(row_fields, row)                                                        \
    FIELD_AS("from", struct report_view, span.start, FIELD_IS_INSTANT),                       \
    FIELD_AS("to", struct report_view, span.end, FIELD_IS_INSTANT),                           \
    FIELD_NAME(struct report_view, group_by, group_names),                                    \
    FIELD_OBJECT(struct report_view, totals, totals_fields),                                  \
    FIELD_AS("data", struct report_view, rows, FIELD_IS_LIST, .fields = row_fields, .size = sizeof(struct row)), \
    FIELD_TEXT(struct report_view, next_cursor),                                              \
    FIELD_END

static const struct field by_account_fields[] = { REPORT_FIELDS(account_fields, account_view) };
static const struct field by_month_fields[] = { REPORT_FIELDS(month_fields, month_view) };
static const struct field by_purchase_fields[] = { REPORT_FIELDS(purchase_fields, purchase_view) };

static const struct field standing_fields[] = {
    FIELD_AS("profit_usd", struct standing_view, standing.profit, FIELD_IS_MONEY),
    FIELD_AS("credit_usd", struct standing_view, standing.credit, FIELD_IS_MONEY),
    FIELD_AS("payable_usd", struct standing_view, standing.payable, FIELD_IS_MONEY),
    FIELD_AS("threshold_usd", struct standing_view, standing.threshold, FIELD_IS_MONEY),
    FIELD_AS("paid_out_usd", struct standing_view, standing.paid_out, FIELD_IS_MONEY),
    FIELD_AS("earned_payable_usd", struct standing_view, standing.earned.payable, FIELD_IS_MONEY),
    FIELD_AS("earned_collected_usd", struct standing_view, standing.earned.collected, FIELD_IS_MONEY),
    FIELD_AS("renewal_at", struct standing_view, standing.renewal_at, FIELD_IS_INSTANT),
    FIELD_NAME(struct standing_view, payout_account, payout_account_names),
    FIELD_END,
};
/* clang-format on */

static bool view_profit(struct request *r, const struct profit *profit, struct profit_view *out)
{
    out->payable = profit->payable;
    out->collected = profit->collected;
    return int64_add(profit->payable, profit->collected, &out->profit)
        || fail_as(&r->problem, REASON_OVERFLOW, NULL);
}

static bool report_accounts(struct request *r, const struct profit_total *total,
                            struct report_view *out)
{
    const struct profits_query *query = r->query;
    struct table_ask ask;
    struct profit_page page;

    if (!table_ask(r, &table, query->sort, &query->page, &ask)
        || !profit_accounts(r->tx, total, (enum profit_sort)ask.column, &ask.page, &page))
        return false;
    struct account_view *views = ARENA_ARRAY(r->arena, struct account_view, page.count);
    for (size_t i = 0; i < page.count; i++) {
        const struct profit_account *account = &page.at[i];

        views[i] = (struct account_view){ account->id, account->name, account->status, { 0 } };
        if (!view_profit(r, &account->profit, &views[i].profit)) return false;
    }
    out->rows = (struct list){ views, page.count };
    out->next_cursor = page.has_more ? table_next(r, &ask, &page.last) : STR_NONE;
    return request_reply(r, 200, by_account_fields, out);
}

static bool report_months(struct request *r, const struct profit_range *range,
                          struct report_view *out)
{
    struct profit_month *months;
    size_t n;

    if (!profit_months(r->tx, r->caller.zone, range, &months, &n)) return false;
    struct month_view *views = ARENA_ARRAY(r->arena, struct month_view, n);
    for (size_t i = 0; i < n; i++) {
        views[i].span = months[i].span;
        if (!view_profit(r, &months[i].profit, &views[i].profit)) return false;
    }
    out->rows = (struct list){ views, n };
    return request_reply(r, 200, by_month_fields, out);
}

static bool view_purchases(struct request *r, const struct profit_purchase *purchases, size_t n,
                           struct purchase_view *views)
{
    id64_t *ids = ARENA_ARRAY(r->arena, id64_t, n);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = purchases[i].subaccount_id;
    if (!names_find(r->tx, r->caller.agency, ids, n, names)) return false;
    for (size_t i = 0; i < n; i++) {
        views[i] = (struct purchase_view){ .purchase = purchases[i], .name = names[i] };
        if (!view_profit(r, &purchases[i].profit, &views[i].profit)) return false;
    }
    return true;
}

static bool report_purchases(struct request *r, const struct profit_total *total,
                             struct report_view *out)
{
    const struct profits_query *query = r->query;
    int64_t before;
    struct list list;

    if (!page_before(r, &query->page, purchases_name, &before)
        || !profits_by_purchase(r->tx, &total->changes, query->subaccount, before,
                                page_rows(&query->page), &list))
        return false;
    const struct profit_purchase *purchases = list.at;
    size_t n = page_shown(&query->page, &list);
    struct purchase_view *views = ARENA_ARRAY(r->arena, struct purchase_view, n);

    if (!view_purchases(r, purchases, n, views)) return false;
    out->rows = (struct list){ views, n };
    out->next_cursor =
        page_next(r, &query->page, purchases_name, &list, n > 0 ? purchases[n - 1].seq : ID_NONE);
    return request_reply(r, 200, by_purchase_fields, out);
}

/* From the beginning, up to now, unless it is asked otherwise. */
static bool read_range(struct request *r, struct profit_range *out)
{
    const struct profits_query *query = r->query;

    *out = (struct profit_range){
        .agency = r->caller.agency,
        .subaccount = query->subaccount,
        .span = { query->from != INSTANT_NONE ? query->from : 0,
                  query->to != INSTANT_NONE ? query->to : r->now },
    };
    return range_allow(r, out->span.start, out->span.end);
}

static bool report(struct request *r)
{
    const struct profits_query *query = r->query;
    struct report_view view = { .group_by =
                                    query->group_by < 0 ? GROUP_SUBACCOUNT : query->group_by,
                                .next_cursor = STR_NONE };
    struct profit_range range;
    struct profit_total total;

    if (!read_range(r, &range) || !profit_total(r->tx, &range, &total)
        || !view_profit(r, &total.profit, &view.totals))
        return false;
    view.span = (struct period){ query->from, range.span.end };
    switch ((enum group)view.group_by) {
    case GROUP_SUBACCOUNT: return report_accounts(r, &total, &view);
    case GROUP_MONTH: return report_months(r, &range, &view);
    case GROUP_PURCHASE: return report_purchases(r, &total, &view);
    }
    return false;
}

static bool read_standing(struct request *r)
{
    struct standing_view view;
    bool is_connected;

    if (!profit_standing(r->tx, r->caller.agency, r->caller.zone, &view.standing)
        || !payout_connected_find(r->tx, r->caller.agency, &is_connected))
        return false;
    view.payout_account = is_connected ? ACCOUNT_CONNECTED : ACCOUNT_NOT_CONNECTED;
    return request_reply(r, 200, standing_fields, &view);
}

/* clang-format off */
const struct route profit_routes[] = {
    {GET, "/v1/profits", CAN_PROFITS_VIEW, {{READ, report}}, .query = profits_query_fields,
     .query_size = sizeof(struct profits_query), .key_scopes = 1u << SCOPE_READ, .name = "getProfits"},
    {GET, "/v1/profits/standing", CAN_PROFITS_VIEW, {{READ, read_standing}}, .key_scopes = 1u << SCOPE_READ,
     .name = "getProfitStanding"},
    ROUTE_END,
};
/* clang-format on */
