/* Buying minutes by hand (domain.md §5): recorded, listed, and marked paid once the money is there. */
#include "engine/purchases.h"

#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "api/wallets.h"
#include "store/purchases.h"
#include "store/subaccounts.h"

static const char list_name[] = "purchases";

struct purchase_input {
    int tier;
    seconds_t seconds;
    micros_t amount_usd;
};

struct purchase_query {
    struct page page;
    int state;
    instant_t from, to;
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
    FIELD_END,
};

static const struct field purchase_query_fields[] = {
    FIELD_NAME(struct purchase_query, state, purchase_state_names),
    FIELD_INSTANT(struct purchase_query, from),
    FIELD_INSTANT(struct purchase_query, to),
    PAGE_FIELDS(struct purchase_query),
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
    FIELD_AS("state", struct purchase_view, purchase.state, FIELD_IS_NAME, .names = purchase_state_names),
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

/* A purchase is as far away as its sub-account. */
static bool reach_purchase(struct request *r, enum permission permission, struct purchase *out)
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

/* A suspended account's own people change nothing, payments included; its agency's may record what
   it paid (domain.md §7). */
static bool refuse_suspended(struct request *r)
{
    struct subaccount account;

    if (!role_is_client(r->caller.role)) return true;
    return subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, &account)
        && request_allow(r,
                         account.status == SUBACCOUNT_SUSPENDED ? REASON_SUBACCOUNT_SUSPENDED
                                                                : REASON_NONE,
                         NULL);
}

static bool create(struct request *r, struct purchase *out)
{
    const struct purchase_input *input = r->input;
    bool by_amount = request_has(r, "amount_usd");

    return purchase_create(r->tx, r->caller.agency, r->scope.subaccount, (enum tier)input->tier,
                           by_amount ? 0 : input->seconds, by_amount ? input->amount_usd : 0,
                           r->caller.user, out);
}

static bool create_purchase(struct request *r)
{
    struct purchase purchase;

    return allow_input(r) && refuse_suspended(r) && create(r, &purchase)
        && request_record(r, "purchase.created", ID_PURCHASE, purchase.id, STR_NONE,
                          record_of(r, purchase_record, &purchase))
        && reply(r, 201, &purchase);
}

static bool read_purchase(struct request *r)
{
    struct purchase purchase;

    return reach_purchase(r, CAN_WALLET_VIEW, &purchase) && reply(r, 200, &purchase);
}

static bool reply_with_balances(struct request *r, const struct purchase *purchase)
{
    struct purchase_view view = view_of(r, purchase);

    view.balances = ARENA_NEW(r->arena, struct wallet_view);
    return wallet_view_load(r, purchase->subaccount_id, view.balances)
        && request_reply(r, 200, purchase_fields, &view);
}

static bool mark_paid(struct request *r)
{
    struct purchase before, after;

    return reach_purchase(r, CAN_PURCHASES_SETTLE, &before)
        && purchase_mark_paid(r->tx, r->caller.agency, before.id, request_actor(r), &after)
        && request_record(r, "purchase.succeeded", ID_PURCHASE, after.id,
                          record_of(r, settlement_record, &before),
                          record_of(r, settlement_record, &after))
        && reply_with_balances(r, &after);
}

/* clang-format off */
const struct route purchase_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/purchases", CAN_WALLET_VIEW, {{READ, list_purchases}},
     .query = purchase_query_fields, .query_size = sizeof(struct purchase_query), .key_scopes = 1u << SCOPE_READ,
     .name = "listPurchases"},
    {POST, "/v1/subaccounts/{subaccount}/purchases", CAN_PAYMENTS_MANAGE, {{WRITE, create_purchase}},
     .input = purchase_input_fields, .input_size = sizeof(struct purchase_input), .name = "createPurchase"},
    {GET, "/v1/purchases/{purchase}", CAN_WALLET_VIEW, {{READ, read_purchase}}, .key_scopes = 1u << SCOPE_READ,
     .name = "getPurchase"},
    {POST, "/v1/purchases/{purchase}/mark_paid", CAN_PURCHASES_SETTLE, {{WRITE, mark_paid}}, .flags = ROUTE_NO_BODY,
     .name = "markPurchasePaid"},
    ROUTE_END,
};
/* clang-format on */
