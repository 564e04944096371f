/* Refunds, and disputes that were lost (domain.md §5): quoted, made, listed. */
#include "engine/refunds.h"

#include "api/actors.h"
#include "api/pages.h"
#include "api/purchases.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "api/wallets.h"
#include "store/platform_agencies.h"
#include "store/refunds.h"

static const char list_name[] = "refunds";

struct refund_input {
    seconds_t seconds;
};

struct refund_query {
    struct page page;
};

struct refund_view {
    struct refund refund;
    micros_t base, profit; /* MICROS_NONE: not for this caller */
    seconds_t most;        /* of a quote */
    struct actor_view actor;
    struct wallet_view *balances; /* NULL but in the reply that moved minutes */
};

/* clang-format off */
static const struct field refund_input_fields[] = {
    FIELD_INTEGER(struct refund_input, seconds, .min = 1, .max = PURCHASE_SECONDS_MAX),
    FIELD_END,
};

static const struct field refund_query_fields[] = {
    PAGE_FIELDS(struct refund_query),
    FIELD_END,
};

#define SHARE_FIELDS                                                                                          \
    FIELD_AS("purchase", struct refund_view, refund.purchase_id, FIELD_IS_ID, .id_kind = ID_PURCHASE),         \
    FIELD_AS("tier", struct refund_view, refund.tier, FIELD_IS_NAME, .names = tier_names),                     \
    FIELD_AS("seconds", struct refund_view, refund.seconds, FIELD_IS_INTEGER),                                 \
    FIELD_AS("amount_usd", struct refund_view, refund.amount, FIELD_IS_MONEY),                                 \
    FIELD_AS("base_usd", struct refund_view, base, FIELD_IS_MONEY),                                            \
    FIELD_AS("profit_usd", struct refund_view, profit, FIELD_IS_MONEY)

static const struct field quote_fields[] = {
    SHARE_FIELDS,
    FIELD_AS("refundable_seconds", struct refund_view, most, FIELD_IS_INTEGER),
    FIELD_END,
};

static const struct field refund_fields[] = {
    FIELD_AS("id", struct refund_view, refund.id, FIELD_IS_ID, .id_kind = ID_REFUND),
    SHARE_FIELDS,
    FIELD_AS("kind", struct refund_view, refund.kind, FIELD_IS_NAME, .names = refund_kind_names),
    FIELD_AS("state", struct refund_view, refund.state, FIELD_IS_NAME, .names = refund_state_names),
    FIELD_AS("failure", struct refund_view, refund.failure, FIELD_IS_TEXT),
    FIELD_OBJECT(struct refund_view, actor, actor_fields),
    FIELD_AS("created_at", struct refund_view, refund.created_at, FIELD_IS_INSTANT),
    FIELD_AS("settled_at", struct refund_view, refund.settled_at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct refund_view, balances, wallet_fields, .flags = FIELD_POINTER | FIELD_OMIT_NULL,
                 .size = sizeof(struct wallet_view)),
    FIELD_END,
};

/* As the platform's staff see it: nothing of the client but what the card network told them. */
static const struct field dispute_fields[] = {
    FIELD_AS("id", struct refund_view, refund.id, FIELD_IS_ID, .id_kind = ID_REFUND),
    SHARE_FIELDS,
    FIELD_AS("lost_at", struct refund_view, refund.created_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field refund_record[] = {
    FIELD_INTEGER(struct refund, seconds),
    FIELD_AS("amount_usd", struct refund, amount, FIELD_IS_MONEY),
    FIELD_AS("base_usd", struct refund, base, FIELD_IS_MONEY),
    FIELD_AS("profit_usd", struct refund, profit, FIELD_IS_MONEY),
    FIELD_NAME(struct refund, state, refund_state_names),
    FIELD_END,
};
/* clang-format on */

static const struct actor_place refund_by = {
    .view = offsetof(struct refund_view, actor),
    .user = offsetof(struct refund_view, refund.created_by),
};

static struct refund_order order_of(const struct request *r)
{
    const struct refund_input *input = r->input;

    return (struct refund_order){
        .agency = r->caller.agency,
        .purchase = r->scope.purchase,
        .seconds = input->seconds,
        .actor = request_actor(r),
    };
}

static struct refund_view view_of(const struct request *r, const struct refund *refund)
{
    bool sees_profits = caller_sees_profits(r);

    return (struct refund_view){
        .refund = *refund,
        .base = sees_profits ? refund->base : MICROS_NONE,
        .profit = sees_profits ? refund->profit : MICROS_NONE,
    };
}

static bool quote_refund(struct request *r)
{
    const struct refund_order order = order_of(r);
    struct purchase purchase;
    struct refund refund;
    seconds_t most;

    if (!purchase_reach(r, CAN_PURCHASES_SETTLE, &purchase)
        || !refund_quoted(r->tx, &order, &refund, &most))
        return false;
    struct refund_view view = view_of(r, &refund);

    view.most = most;
    return request_reply(r, 200, quote_fields, &view);
}

static bool reply_with_balances(struct request *r, const struct refund *refund)
{
    struct refund_view view = view_of(r, refund);

    view.balances = ARENA_NEW(r->arena, struct wallet_view);
    return actors_fill(r, &view, 1, sizeof(view), &refund_by)
        && wallet_view_load(r, refund->subaccount_id, view.balances)
        && request_reply(r, 201, refund_fields, &view);
}

static bool make_refund(struct request *r)
{
    const struct refund_order order = order_of(r);
    struct purchase purchase;
    struct refund refund;

    return purchase_reach(r, CAN_PURCHASES_SETTLE, &purchase)
        && refund_made(r->tx, &order, &refund, &purchase)
        && request_record(r, "purchase.refunded", ID_PURCHASE, purchase.id, STR_NONE,
                          record_of(r, refund_record, &refund))
        && reply_with_balances(r, &refund);
}

static bool list_refunds(struct request *r)
{
    const struct refund_query *query = r->query;
    struct refund_filter filter = {
        .purchase = r->scope.purchase,
        .limit = page_rows(&query->page),
    };
    struct purchase purchase;
    struct list rows;

    if (!purchase_reach(r, CAN_WALLET_VIEW, &purchase)
        || !page_before(r, &query->page, list_name, &filter.before)
        || !refund_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct refund *refunds = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct refund_view *views = ARENA_ARRAY(r->arena, struct refund_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = view_of(r, &refunds[i]);

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? refunds[n - 1].id : ID_NONE);

    return actors_fill(r, views, n, sizeof(*views), &refund_by)
        && request_reply_list(r, refund_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

static bool lose_dispute(struct request *r)
{
    struct refund refund;

    if (!platform_agency_must_be_there(r->tx, r->scope.agency)
        || !purchase_dispute_lost(r->tx, r->scope.agency, r->scope.purchase, request_actor(r),
                                  &refund)
        || !request_record_in(r, r->scope.agency, "purchase.dispute_lost", ID_PURCHASE,
                              refund.purchase_id, STR_NONE, record_of(r, refund_record, &refund)))
        return false;
    struct refund_view view = { .refund = refund, .base = refund.base, .profit = refund.profit };

    return request_reply(r, 201, dispute_fields, &view);
}

/* clang-format off */
const struct route refund_routes[] = {
    {POST, "/v1/purchases/{purchase}/refund/quote", CAN_PURCHASES_SETTLE, {{READ, quote_refund}},
     .input = refund_input_fields, .input_size = sizeof(struct refund_input), .flags = ROUTE_NOT_KEPT,
     .name = "quoteRefund"},
    {POST, "/v1/purchases/{purchase}/refund", CAN_PURCHASES_SETTLE, {{WRITE, make_refund}},
     .input = refund_input_fields, .input_size = sizeof(struct refund_input), .name = "refundPurchase"},
    {GET, "/v1/purchases/{purchase}/refunds", CAN_WALLET_VIEW, {{READ, list_refunds}}, .query = refund_query_fields,
     .query_size = sizeof(struct refund_query), .key_scopes = 1u << SCOPE_READ, .name = "listRefunds"},
    {POST, "/v1/platform/agencies/{agency}/purchases/{purchase}/dispute_lost", CAN_PLATFORM_SETTLE,
     {{WRITE, lose_dispute}}, .flags = ROUTE_NO_BODY, .name = "loseDispute"},
    ROUTE_END,
};
/* clang-format on */
