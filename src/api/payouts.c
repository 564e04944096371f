/* Payouts, and whether any can be made (domain.md §11): what the agency sees of them. */
#include "api/payouts.h"

#include "api/pages.h"
#include "api/routes.h"
#include "store/agencies.h"

static const char list_name[] = "payouts";

struct payouts_query {
    struct page page;
    int state;
};

struct account_view {
    bool connected;
    micros_t threshold_usd;
};

/* clang-format off */
static const struct field payouts_query_fields[] = {
    PAGE_FIELDS(struct payouts_query),
    FIELD_NAME(struct payouts_query, state, payout_state_names),
    FIELD_END,
};

const struct field payout_fields[] = {
    PAYOUT_FIELDS(struct payout, ),
    FIELD_END,
};

static const struct field account_fields[] = {
    FIELD_BOOLEAN(struct account_view, connected),
    FIELD_MONEY(struct account_view, threshold_usd),
    FIELD_END,
};
/* clang-format on */

static bool list_payouts(struct request *r)
{
    const struct payouts_query *query = r->query;
    struct payout_filter filter = {
        .agency = r->caller.agency,
        .state = query->state,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !payout_list(r->tx, &filter, &rows))
        return false;

    const struct payout *payouts = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? payouts[n - 1].id : ID_NONE);

    return request_reply_list(r, payout_fields, &(struct list){ rows.at, n }, sizeof(struct payout),
                              next, -1);
}

static bool read_account(struct request *r)
{
    struct account_view view;
    struct agency agency;

    if (!agency_load(r->tx, r->caller.agency, &agency)
        || !payout_connected_find(r->tx, agency.id, &view.connected))
        return false;
    view.threshold_usd = agency.payout_threshold;
    return request_reply(r, 200, account_fields, &view);
}

/* clang-format off */
const struct route payout_routes[] = {
    {GET, "/v1/payouts", CAN_PAYOUTS_MANAGE, {{READ, list_payouts}}, .query = payouts_query_fields,
     .query_size = sizeof(struct payouts_query), .name = "listPayouts"},
    {GET, "/v1/payout_account", CAN_PAYOUTS_MANAGE, {{READ, read_account}}, .name = "getPayoutAccount"},
    ROUTE_END,
};
/* clang-format on */
