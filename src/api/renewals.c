/* What happened at each renewal (domain.md §§5, 10, 11). */
#include "api/renewals.h"

#include "api/pages.h"
#include "api/routes.h"
#include "store/renewals.h"

static const char list_name[] = "renewals";
static const char short_list_name[] = "short shares";

struct renewals_query {
    struct page page;
};

struct renewal_view {
    struct renewal renewal;
    struct tier_seconds granted, each, distributed;
};

/* clang-format off */
static const struct field renewals_query_fields[] = {
    PAGE_FIELDS(struct renewals_query),
    FIELD_END,
};

static const struct field renewal_fields[] = {
    FIELD_AS("id", struct renewal_view, renewal.id, FIELD_IS_ID, .id_kind = ID_RENEWAL),
    FIELD_AS("start_at", struct renewal_view, renewal.start_at, FIELD_IS_INSTANT),
    FIELD_AS("end_at", struct renewal_view, renewal.end_at, FIELD_IS_INSTANT),
    FIELD_AS("plan_code", struct renewal_view, renewal.plan_code, FIELD_IS_TEXT),
    FIELD_AS("fee_usd", struct renewal_view, renewal.fee, FIELD_IS_MONEY),
    FIELD_OBJECT(struct renewal_view, granted, tier_seconds_fields),
    FIELD_OBJECT(struct renewal_view, each, tier_seconds_fields),
    FIELD_AS("accounts", struct renewal_view, renewal.accounts, FIELD_IS_INTEGER),
    FIELD_OBJECT(struct renewal_view, distributed, tier_seconds_fields),
    FIELD_AS("short_accounts", struct renewal_view, renewal.short_accounts, FIELD_IS_INTEGER),
    FIELD_AS("payout", struct renewal_view, renewal.payout, FIELD_IS_NAME, .names = payout_outcome_names),
    FIELD_AS("payable_usd", struct renewal_view, renewal.payable, FIELD_IS_MONEY),
    FIELD_AS("started_at", struct renewal_view, renewal.started_at, FIELD_IS_INSTANT),
    FIELD_AS("completed_at", struct renewal_view, renewal.completed_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field short_fields[] = {
    FIELD_AS("subaccount", struct short_share, subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_TEXT(struct short_share, name),
    FIELD_AS("basic_seconds", struct short_share, share[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("premium_seconds", struct short_share, share[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_END,
};
/* clang-format on */

static bool list_renewals(struct request *r)
{
    const struct renewals_query *query = r->query;
    id64_t before;
    struct list rows;

    if (!page_before(r, &query->page, list_name, &before)
        || !renewal_list(r->tx, r->caller.agency, before, page_rows(&query->page), &rows))
        return false;

    const struct renewal *renewals = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct renewal_view *views = ARENA_ARRAY(r->arena, struct renewal_view, n + 1);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct renewal_view){
            .renewal = renewals[i],
            .granted = tier_seconds(renewals[i].granted),
            .each = tier_seconds(renewals[i].each),
            .distributed = tier_seconds(renewals[i].distributed),
        };
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? renewals[n - 1].id : ID_NONE);

    return request_reply_list(r, renewal_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

static bool list_short(struct request *r)
{
    const struct renewals_query *query = r->query;
    struct renewal renewal;
    struct cursor cursor;
    struct list rows;
    bool found;

    if (!renewal_find(r->tx, r->caller.agency, r->scope.renewal, &renewal, &found)) return false;
    if (!found) return request_allow(r, REASON_NOT_FOUND, NULL);
    if (!page_cursor(r, query->page.cursor, short_list_name, &cursor)
        || !renewal_short_list(r->tx, r->caller.agency, renewal.id, cursor.text, cursor.id,
                               page_rows(&query->page), &rows))
        return false;

    const struct short_share *shares = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct str next = rows.count > n
        ? cursor_encode(r->arena,
                        &(struct cursor){ .list = short_list_name,
                                          .text = shares[n - 1].name_key,
                                          .id = shares[n - 1].subaccount_id })
        : STR_NONE;

    return request_reply_list(r, short_fields, &(struct list){ rows.at, n },
                              sizeof(struct short_share), next, -1);
}

/* clang-format off */
const struct route renewal_routes[] = {
    {GET, "/v1/agency/renewals", CAN_AGENCY_BILLING, {{READ, list_renewals}}, .query = renewals_query_fields,
     .query_size = sizeof(struct renewals_query), .name = "listRenewals"},
    {GET, "/v1/agency/renewals/{renewal}/short", CAN_AGENCY_BILLING, {{READ, list_short}},
     .query = renewals_query_fields, .query_size = sizeof(struct renewals_query), .name = "listShortShares"},
    ROUTE_END,
};
/* clang-format on */
