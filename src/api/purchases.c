/* Buying minutes (domain.md §5): recorded, listed, and marked paid once the money is there. */
#include "api/purchases.h"
#include "engine/purchases.h"

#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/senders.h"
#include "api/views.h"
#include "api/wallets.h"
#include "base/time.h"
#include "store/purchases.h"
#include "store/subaccounts.h"

enum { WAIT_SECONDS_MAX = 30 };

static const char list_name[] = "purchases";

struct purchase_input {
    int tier;
    seconds_t seconds;
    micros_t amount_usd;
    id64_t payment_method; /* ID_NONE: paid outside */
};

struct purchase_query {
    struct page page;
    int state;
    instant_t from, to;
};

struct wait_query {
    int64_t wait;
};

struct purchase_view {
    struct purchase purchase;
    micros_t base_price, profit;  /* MICROS_NONE: not for this caller, or not earned yet */
    struct wallet_view *balances; /* NULL but in the reply that moved minutes */
};

/* clang-format off */
static const struct field purchase_input_fields[] = {
    FIELD_NAME(struct purchase_input, tier, tier_names, .flags = FIELD_REQUIRED),
    FIELD_INTEGER(struct purchase_input, seconds, .min = 1, .max = PURCHASE_SECONDS_MAX),
    FIELD_MONEY(struct purchase_input, amount_usd, .min = 1, .max = PURCHASE_AMOUNT_MAX),
    FIELD_ID(struct purchase_input, payment_method, ID_PAYMENT_METHOD),
    FIELD_END,
};

static const struct field purchase_query_fields[] = {
    FIELD_NAME(struct purchase_query, state, purchase_state_names),
    FIELD_INSTANT(struct purchase_query, from),
    FIELD_INSTANT(struct purchase_query, to),
    PAGE_FIELDS(struct purchase_query),
    FIELD_END,
};

static const struct field wait_query_fields[] = {
    FIELD_INTEGER(struct wait_query, wait, .min = 1, .max = WAIT_SECONDS_MAX),
    FIELD_END,
};

static const struct field purchase_fields[] = {
    FIELD_AS("id", struct purchase_view, purchase.id, FIELD_IS_ID, .id_kind = ID_PURCHASE),
    FIELD_AS("subaccount", struct purchase_view, purchase.subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("tier", struct purchase_view, purchase.tier, FIELD_IS_NAME, .names = tier_names),
    FIELD_AS("seconds", struct purchase_view, purchase.seconds, FIELD_IS_INTEGER),
    FIELD_AS("paid_usd", struct purchase_view, purchase.paid, FIELD_IS_MONEY),
    FIELD_AS("unit_price", struct purchase_view, purchase.unit_price, FIELD_IS_MONEY),
    FIELD_AS("base_price", struct purchase_view, base_price, FIELD_IS_MONEY),
    FIELD_AS("profit_usd", struct purchase_view, profit, FIELD_IS_MONEY),
    FIELD_AS("provider", struct purchase_view, purchase.provider, FIELD_IS_NAME, .names = purchase_provider_names),
    FIELD_AS("origin", struct purchase_view, purchase.origin, FIELD_IS_NAME, .names = purchase_origin_names),
    FIELD_AS("state", struct purchase_view, purchase.state, FIELD_IS_NAME, .names = purchase_state_names),
    FIELD_AS("payer", struct purchase_view, purchase.payer_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("payment_method", struct purchase_view, purchase.payment_method_id, FIELD_IS_ID,
             .id_kind = ID_PAYMENT_METHOD),
    FIELD_AS("failure", struct purchase_view, purchase.failure, FIELD_IS_TEXT),
    FIELD_AS("refunded_seconds", struct purchase_view, purchase.refunded, FIELD_IS_INTEGER),
    FIELD_AS("refunded_usd", struct purchase_view, purchase.refunded_amount, FIELD_IS_MONEY),
    FIELD_AS("disputed_at", struct purchase_view, purchase.disputed_at, FIELD_IS_INSTANT),
    FIELD_AS("created_at", struct purchase_view, purchase.created_at, FIELD_IS_INSTANT),
    FIELD_AS("succeeded_at", struct purchase_view, purchase.succeeded_at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct purchase_view, balances, wallet_fields, .flags = FIELD_POINTER | FIELD_OMIT_NULL,
                 .size = sizeof(struct wallet_view)),
    FIELD_END,
};

const struct field purchase_record[] = {
    FIELD_AS("subaccount", struct purchase, subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_NAME(struct purchase, tier, tier_names),
    FIELD_INTEGER(struct purchase, seconds),
    FIELD_AS("paid_usd", struct purchase, paid, FIELD_IS_MONEY),
    FIELD_MONEY(struct purchase, unit_price),
    FIELD_NAME(struct purchase, state, purchase_state_names),
    FIELD_END,
};

const struct field settlement_record[] = {
    FIELD_NAME(struct purchase, state, purchase_state_names),
    FIELD_MONEY(struct purchase, base_price),
    FIELD_AS("profit_usd", struct purchase, profit, FIELD_IS_MONEY),
    FIELD_END,
};
/* clang-format on */

static struct purchase_view view_of(const struct request *r, const struct purchase *purchase)
{
    bool sees_profits = caller_sees_profits(r);

    return (struct purchase_view){
        .purchase = *purchase,
        .base_price = sees_profits ? purchase->base_price : MICROS_NONE,
        .profit = sees_profits ? purchase->profit : MICROS_NONE,
    };
}

static bool reply(struct request *r, int status, const struct purchase *purchase)
{
    struct purchase_view view = view_of(r, purchase);

    return request_reply(r, status, purchase_fields, &view);
}

bool purchase_reach(struct request *r, enum permission permission, struct purchase *out)
{
    return purchase_find(r->tx, r->caller.agency, r->scope.purchase, out)
        && request_allow(r, caller_may_reach(r, permission, out->subaccount_id), NULL);
}

static bool list_purchases(struct request *r)
{
    const struct purchase_query *query = r->query;
    struct purchase_filter filter = {
        .subaccount = r->scope.subaccount,
        .state = query->state,
        .from = query->from,
        .to = query->to,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!range_allow(r, query->from, query->to)
        || !page_before(r, &query->page, list_name, &filter.before)
        || !purchase_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct purchase *purchases = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct purchase_view *views = ARENA_ARRAY(r->arena, struct purchase_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = view_of(r, &purchases[i]);

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? purchases[n - 1].id : ID_NONE);

    return request_reply_list(r, purchase_fields, &(struct list){ views, n }, sizeof(*views), next,
                              -1);
}

/* By minutes or by amount: one of them, and only one. */
static bool allow_input(struct request *r)
{
    bool by_seconds = request_has(r, "seconds"), by_amount = request_has(r, "amount_usd");
    enum reason reason = by_seconds ? REASON_EXCLUSIVE_FIELDS : REASON_REQUIRED;

    if (by_seconds != by_amount) return true;
    fail_field(&r->problem, reason, STR("seconds"), "Give either seconds or amount_usd.");
    return fail_field(&r->problem, reason, STR("amount_usd"), "Give either seconds or amount_usd.");
}

static struct ordered_purchase order_of(struct request *r)
{
    const struct purchase_input *input = r->input;
    bool by_amount = request_has(r, "amount_usd");

    return (struct ordered_purchase){
        .problem = &r->problem,
        .order = {
            .agency = r->caller.agency,
            .subaccount = r->scope.subaccount,
            .tier = (enum tier)input->tier,
            .seconds = by_amount ? 0 : input->seconds,
            .amount = by_amount ? input->amount_usd : 0,
            .payer = r->scope.subaccount,
            .payment_method = input->payment_method,
            .created_by = r->caller.user,
        },
    };
}

static bool allow_order(struct request *r)
{
    return refuse_suspended_client(r, r->scope.subaccount);
}

static bool record_and_reply(struct request *r, const struct purchase *made)
{
    return request_record(r, "purchase.created", ID_PURCHASE, made->id, STR_NONE,
                          record_of(r, purchase_record, made))
        && reply(r, 201, made);
}

static bool create_purchases(struct tx *tx, struct request **requests, size_t n)
{
    struct ordered_purchase *orders = ARENA_ARRAY(tx->arena, struct ordered_purchase, n);
    id64_t agency = requests[0]->caller.agency;

    if (!senders_keep_allowed(tx, requests, &n, allow_order)) return false;
    for (size_t i = 0; i < n; i++)
        orders[i] = order_of(requests[i]);
    if (n > 0 && !purchases_create(tx, agency, orders, n)) return false;
    for (size_t i = 0; i < n; i++) {
        if (orders[i].is_made && !record_and_reply(requests[i], &orders[i].made)) return false;
    }
    return true;
}

static bool create_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, create_purchases);
}

static const struct gather create_gather = { create_together };

/* Until it has come to rest, or so many seconds. */
static bool waits(struct request *r, const struct purchase *purchase)
{
    const struct wait_query *query = r->query;
    int64_t waited_us = clock_monotonic_us() - r->began_us;

    return !purchase_is_at_rest(purchase) && waited_us < query->wait * MICROS_PER_SECOND
        && request_look_again(r);
}

static bool read_purchase(struct request *r)
{
    struct purchase purchase;

    return purchase_reach(r, CAN_WALLET_VIEW, &purchase)
        && (waits(r, &purchase) || reply(r, 200, &purchase));
}

static bool allow_payment(struct request *r)
{
    struct purchase purchase;

    return purchase_reach(r, CAN_PURCHASES_SETTLE, &purchase);
}

static bool reply_with_balances(struct request *r, const struct ordered_payment *payment)
{
    struct purchase_view view = view_of(r, &payment->paid);
    struct wallet_view balances;

    view.balances = &balances;
    return wallet_view(&payment->wallet, payment->prices, &balances)
        ? request_reply(r, 200, purchase_fields, &view)
        : fail_as(r->tx->problem, REASON_OVERFLOW, NULL);
}

static bool record_payment(struct request *r, const struct ordered_payment *payment)
{
    return request_record(r, "purchase.succeeded", ID_PURCHASE, payment->purchase,
                          record_of(r, settlement_record, &payment->before),
                          record_of(r, settlement_record, &payment->paid));
}

static bool mark_purchases_paid(struct tx *tx, struct request **requests, size_t n)
{
    struct ordered_payment *payments = ARENA_ARRAY(tx->arena, struct ordered_payment, n);
    id64_t agency = requests[0]->caller.agency;
    struct actor actor = request_actor(requests[0]);

    if (!senders_keep_allowed(tx, requests, &n, allow_payment)) return false;
    for (size_t i = 0; i < n; i++)
        payments[i] = (struct ordered_payment){ .purchase = requests[i]->scope.purchase,
                                                .problem = &requests[i]->problem };
    if (n > 0 && !purchases_mark_paid(tx, agency, payments, n, actor)) return false;
    for (size_t i = 0; i < n; i++) {
        if (payments[i].is_paid
            && (!record_payment(requests[i], &payments[i])
                || !reply_with_balances(requests[i], &payments[i])))
            return false;
    }
    return true;
}

static bool mark_paid_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, mark_purchases_paid);
}

static const struct gather mark_paid_gather = { mark_paid_together };

static bool cancel(struct request *r)
{
    struct purchase before, after;

    return purchase_reach(r, CAN_PAYMENTS_MANAGE, &before)
        && refuse_suspended_client(r, before.subaccount_id)
        && purchase_cancel(r->tx, r->caller.agency, before.id, &after)
        && request_record(r, "purchase.canceled", ID_PURCHASE, after.id,
                          record_of(r, purchase_record, &before),
                          record_of(r, purchase_record, &after))
        && reply(r, 200, &after);
}

static bool complete_action(struct request *r)
{
    struct purchase before, after;

    return purchase_reach(r, CAN_PAYMENTS_MANAGE, &before)
        && refuse_suspended_client(r, before.subaccount_id)
        && purchase_complete_action(r->tx, r->caller.agency, before.id, &after)
        && reply(r, 200, &after);
}

/* clang-format off */
const struct route purchase_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/purchases", CAN_WALLET_VIEW, {{READ, list_purchases}},
     .query = purchase_query_fields, .query_size = sizeof(struct purchase_query), .key_scopes = 1u << SCOPE_READ,
     .name = "listPurchases"},
    {POST, "/v1/subaccounts/{subaccount}/purchases", CAN_PAYMENTS_MANAGE, {{WRITE, NULL}},
     .input = purchase_input_fields, .input_size = sizeof(struct purchase_input), .check = allow_input,
     .gather = &create_gather, .name = "createPurchase"},
    {GET, "/v1/purchases/{purchase}", CAN_WALLET_VIEW, {{READ, read_purchase}}, .query = wait_query_fields,
     .query_size = sizeof(struct wait_query), .key_scopes = 1u << SCOPE_READ,
     .name = "getPurchase"},
    {POST, "/v1/purchases/{purchase}/mark_paid", CAN_PURCHASES_SETTLE, {{WRITE, NULL}}, .flags = ROUTE_NO_BODY,
     .gather = &mark_paid_gather, .name = "markPurchasePaid"},
    {POST, "/v1/purchases/{purchase}/cancel", CAN_PAYMENTS_MANAGE, {{WRITE, cancel}}, .flags = ROUTE_NO_BODY,
     .name = "cancelPurchase"},
    {POST, "/v1/purchases/{purchase}/complete_action", CAN_PAYMENTS_MANAGE, {{WRITE, complete_action}},
     .flags = ROUTE_NO_BODY, .name = "completePurchaseAction"},
    ROUTE_END,
};
/* clang-format on */
