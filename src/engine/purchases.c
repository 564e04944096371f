#include "engine/purchases.h"

#include "base/id.h"
#include "engine/credit.h"
#include "engine/minute_desk.h"
#include "engine/minutes.h"
#include "engine/purchase_hooks.h"
#include "store/agencies.h"
#include "store/jobs.h"
#include "store/ledger.h"
#include "store/payment_methods.h"
#include "store/purchases.h"
#include "store/subaccounts.h"

#include <assert.h>
#include <string.h>

static bool price(struct tx *tx, const struct purchase_order *order,
                  const struct tier_prices *prices, struct purchase *purchase)
{
    micros_t base = prices->base[order->tier];
    micros_t client = order->at_base ? base : prices->effective[order->tier];
    enum reason refused = purchase_price(purchase, order->seconds, order->amount, base, client);

    return refused == REASON_NONE
        || fail_as(tx->problem, refused, order->amount != 0 ? "amount_usd" : "seconds");
}

static bool choose_card(struct tx *tx, const struct purchase_order *order,
                        struct purchase *purchase)
{
    struct payment_method method;
    bool found;

    if (order->payment_method == ID_NONE) return true;
    if (!payment_method_find(tx, order->agency, order->payer, order->payment_method, &method,
                             &found))
        return false;
    if (!found)
        return fail_field_as(tx->problem, REASON_UNKNOWN_PAYMENT_METHOD, STR("payment_method"));
    purchase->provider = method.provider;
    purchase->payer_id = method.subaccount_id;
    purchase->payment_method_id = method.id;
    return true;
}

static bool charge_later(struct tx *tx, const struct purchase *purchase)
{
    return purchase->provider == PROVIDER_MANUAL
        || job_post(tx, purchase->agency_id, JOB_PURCHASE_CHARGE, purchase->id, tx->now);
}

static struct purchase purchase_of(const struct tx *tx, const struct purchase_order *order)
{
    return (struct purchase){
        .agency_id = order->agency,
        .id = id_new(tx->now),
        .subaccount_id = order->subaccount,
        .tier = order->tier,
        .provider = PROVIDER_MANUAL,
        .origin = order->origin,
        .state = PURCHASE_PENDING,
        .profit = MICROS_NONE,
        .disputed_at = INSTANT_NONE,
        .created_by = order->created_by,
        .created_at = tx->now,
        .succeeded_at = INSTANT_NONE,
    };
}

bool purchase_create(struct tx *tx, const struct purchase_order *order, struct purchase *out)
{
    const struct purchase *const made = out;
    struct subaccount account;
    struct tier_prices prices;

    if (!agency_hold(tx, order->agency)) return false;
    *out = purchase_of(tx, order);
    return subaccount_load(tx, order->agency, order->subaccount, &account)
        && minutes_require_account(tx, &account) && choose_card(tx, order, out)
        && subaccount_prices(tx, order->agency, order->subaccount, tx->now, &prices)
        && price(tx, order, &prices, out) && purchases_insert(tx, &made, 1)
        && charge_later(tx, out);
}

static bool allow(struct tx *tx, enum reason reason, const struct purchase *purchase)
{
    return reason == REASON_NONE
        || fail(tx->problem, reason, NULL, "This purchase is %s.",
                purchase_state_names[purchase->state]);
}

/* Base is today's, the price what was agreed. */
static bool succeed(struct tx *tx, struct purchase *purchase, micros_t base, struct actor actor,
                    struct posting *out)
{
    purchase->base_price = base;
    enum reason refused = posting_for_purchase(purchase, id_new(tx->now), tx->now, out);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    out->actor = actor;
    purchase->state = PURCHASE_SUCCEEDED;
    purchase->failure = STR_NONE;
    purchase->posting_id = out->id;
    purchase->succeeded_at = tx->now;
    return true;
}

/* `credit` NULL: whatever there is of it. */
static bool post(struct tx *tx, struct purchase *purchase, struct actor actor,
                 const struct credit *credit)
{
    struct tier_prices prices;
    struct posting posting;

    if (!subaccount_prices(tx, purchase->agency_id, purchase->subaccount_id, tx->now, &prices))
        return false;
    assert(purchase->tier >= 0 && purchase->tier < TIER_COUNT);
    return succeed(tx, purchase, prices.base[purchase->tier], actor, &posting)
        && (credit == NULL || credit_require_for(tx, credit, &posting))
        && ledger_post_one(tx, &posting) && purchase_update(tx, purchase)
        && purchase_tell(tx, purchase);
}

/* Locks go from the agency down to the purchase, as wherever both are taken. */
bool purchase_mark_paid(struct tx *tx, id64_t agency, id64_t purchase, struct actor actor,
                        struct purchase *out)
{
    struct subaccount account;
    struct credit credit;

    return credit_lock(tx, agency, &credit) && purchase_load(tx, agency, purchase, out)
        && allow(tx, may_mark_paid(out), out)
        && subaccount_load(tx, agency, out->subaccount_id, &account)
        && minutes_require_account(tx, &account) && post(tx, out, actor, &credit);
}

bool purchase_collected(struct tx *tx, struct purchase *purchase)
{
    return post(tx, purchase, (struct actor){ .user = purchase->created_by }, NULL);
}

/* --- many at once --- */

/* One to be made, and where its account sits. */
struct seated_order {
    struct ordered_purchase *order;
    size_t seat;
};

static bool make(struct minute_desk *desk, void *context)
{
    const struct seated_order *seated = context;
    const struct purchase_order *order = &seated->order->order;
    struct purchase *out = &seated->order->made;
    struct tier_prices prices;

    if (seated->seat == MINUTE_DESK_NO_SEAT)
        return fail_as(desk->tx->problem, REASON_NOT_FOUND, NULL);
    *out = purchase_of(desk->tx, order);
    minute_desk_prices(desk, seated->seat, &prices);
    return minute_desk_require_account(desk, seated->seat) && choose_card(desk->tx, order, out)
        && price(desk->tx, order, &prices, out);
}

bool purchases_create(struct tx *tx, id64_t agency, struct ordered_purchase *orders, size_t n)
{
    const struct purchase **made = ARENA_ARRAY(tx->arena, const struct purchase *, n);
    size_t n_made = 0;
    struct minute_desk desk;

    if (!minute_desk_open(&desk, tx, agency, n, 0)) return false;
    for (size_t i = 0; i < n; i++) {
        struct seated_order seated = { &orders[i],
                                       minute_desk_seat(&desk, orders[i].order.subaccount) };

        if (!minute_desk_serve_one(&desk, orders[i].problem, make, &seated, &orders[i].is_made))
            return false;
        if (orders[i].is_made) made[n_made++] = &orders[i].made;
    }
    if (!purchases_insert(tx, made, n_made)) return false;
    for (size_t i = 0; i < n_made; i++) {
        if (!charge_later(tx, made[i])) return false;
    }
    return true;
}

/* One that the agency says was paid, as the orders before have left it, and where its account sits. */
struct seated_payment {
    struct ordered_payment *order;
    struct purchase *purchase;
    struct actor actor;
    size_t seat;
};

static bool pay(struct minute_desk *desk, void *context)
{
    const struct seated_payment *seated = context;
    struct ordered_payment *order = seated->order;
    struct tx *tx = desk->tx;
    struct tier_prices prices;
    struct posting posting;

    order->before = order->paid = *seated->purchase;
    if (order->before.id == ID_NONE) return fail_as(tx->problem, REASON_NOT_FOUND, NULL);
    if (!allow(tx, may_mark_paid(&order->before), &order->before)
        || !minute_desk_require_account(desk, seated->seat))
        return false;
    minute_desk_prices(desk, seated->seat, &prices);
    if (!succeed(tx, &order->paid, prices.base[order->paid.tier], seated->actor, &posting)
        || !credit_require_for(tx, &desk->credit, &posting))
        return false;
    minute_desk_take(desk, &posting);
    *seated->purchase = order->paid;
    order->wallet = desk->wallets[seated->seat];
    memcpy(order->prices, prices.effective, sizeof(prices.effective));
    return true;
}

/* Locks those named, each once, then their wallets. */
static bool seat_payments(struct minute_desk *desk, struct ordered_payment *orders, size_t n,
                          struct actor actor, struct seated_payment *out)
{
    struct arena *arena = desk->tx->arena;
    struct pairs distinct = pairs_new(arena, n);
    id64_t *ids = ARENA_ARRAY(arena, id64_t, n);
    struct purchase *named = ARENA_ARRAY(arena, struct purchase, n);

    for (size_t i = 0; i < n; i++)
        out[i] = (struct seated_payment){ &orders[i],
                                          &named[pairs_add(&distinct, orders[i].purchase, 0)],
                                          actor, 0 };
    for (size_t i = 0; i < distinct.count; i++)
        ids[i] = distinct.at[i].a;
    if (!purchases_lock(desk->tx, desk->agency->id, ids, distinct.count, named)) return false;
    for (size_t i = 0; i < n; i++)
        out[i].seat = minute_desk_seat(desk, out[i].purchase->subaccount_id);
    return minute_desk_lock_wallets(desk);
}

/* Locks go from the agency down, as in purchase_mark_paid. Whoever waits for a purchase, as recharges do, hears of it
   when the minutes are there. */
bool purchases_mark_paid(struct tx *tx, id64_t agency, struct ordered_payment *orders, size_t n,
                         struct actor actor)
{
    struct seated_payment *seated = ARENA_ARRAY(tx->arena, struct seated_payment, n);
    const struct purchase **paid = ARENA_ARRAY(tx->arena, const struct purchase *, n);
    size_t n_paid = 0;
    struct minute_desk desk;

    if (!minute_desk_open(&desk, tx, agency, n, n)
        || !seat_payments(&desk, orders, n, actor, seated))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!minute_desk_serve_one(&desk, orders[i].problem, pay, &seated[i], &orders[i].is_paid))
            return false;
        if (orders[i].is_paid) paid[n_paid++] = &orders[i].paid;
    }
    if (!minute_desk_post(&desk) || !purchases_succeeded(tx, agency, paid, n_paid)) return false;
    for (size_t i = 0; i < n_paid; i++) {
        if (!purchase_tell(tx, paid[i])) return false;
    }
    return true;
}

/* What its account's people may still change: not once it was removed. */
static bool load(struct tx *tx, id64_t agency, id64_t purchase, struct purchase *out)
{
    struct subaccount account;

    return purchase_load(tx, agency, purchase, out)
        && subaccount_load(tx, agency, out->subaccount_id, &account)
        && minutes_require_account(tx, &account);
}

bool purchase_cancel(struct tx *tx, id64_t agency, id64_t purchase, struct purchase *out)
{
    if (!load(tx, agency, purchase, out) || !allow(tx, may_cancel_purchase(out), out)) return false;
    out->state = PURCHASE_CANCELED;
    return purchase_update(tx, out) && purchase_tell(tx, out);
}

bool purchase_complete_action(struct tx *tx, id64_t agency, id64_t purchase, struct purchase *out)
{
    struct credit credit;

    if (!credit_lock(tx, agency, &credit) || !load(tx, agency, purchase, out)
        || !allow(tx, may_complete_action(out), out))
        return false;
    out->state = PURCHASE_PROCESSING;
    out->failure = STR_NONE;
    return purchase_update(tx, out) && charge_later(tx, out);
}
