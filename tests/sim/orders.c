#include "orders.h"

#include "base/id.h"
#include "engine/moves.h"
#include "engine/purchases.h"
#include "engine/refunds.h"
#include "engine/removals.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

enum { SWEPT_MAX = 500 };

static bool buy(struct world *w, struct tx *tx, const struct order *order, struct outcome *out)
{
    const struct purchase_order wanted = {
        .agency = w->agency,
        .subaccount = w->accounts[order->account],
        .tier = (enum tier)order->tier,
        .seconds = order->seconds,
        .origin = ORIGIN_DIRECT,
        .created_by = w->owner,
    };
    struct purchase purchase;

    if (!purchase_create(tx, &wanted, &purchase)
        || !purchase_mark_paid(tx, w->agency, purchase.id, (struct actor){ .user = w->owner },
                               &purchase))
        return false;
    out->id = purchase.id;
    return true;
}

/* Holds, extends or cancels. */
static bool reserve(struct world *w, struct tx *tx, const struct order *order, struct outcome *out)
{
    static bool (*const ways[ORDER_KIND_COUNT])(struct tx *, id64_t, struct hold_order **, size_t,
                                                struct actor) = {
        [ORDER_HOLD] = reservations_hold,
        [ORDER_EXTEND] = reservations_extend,
        [ORDER_CANCEL] = reservations_cancel,
    };
    struct hold_order wanted = {
        .subaccount = id_format(w->arena, ID_SUBACCOUNT, w->accounts[order->account]),
        .tier = order->tier,
        .agent = STR_NONE,
        .campaign = STR_NONE,
        .wanted = order->seconds,
        .id = order->hold < 0 ? ID_NONE : w->model.holds[order->hold].id,
    };
    struct hold_order *one = &wanted;

    if (!ways[order->kind](tx, w->agency, &one, 1, (struct actor){ 0 })) return false;
    out->at = tx->now; /* after what changed the agency, also where the clock went back since */
    if (wanted.refused != REASON_NONE) return fail_as(tx->problem, wanted.refused, NULL);
    out->id = wanted.reservation.id;
    out->seconds = wanted.granted;
    return true;
}

static bool record(struct world *w, struct tx *tx, const struct order *order, struct outcome *out)
{
    struct call_submission call = {
        .record = {
            .id = str_format(w->arena, "call-%lld", (long long)order->number),
            .source = STR("engine"),
            .subaccount = id_format(w->arena, ID_SUBACCOUNT, w->accounts[order->account]),
            .tier = order->tier,
            .direction = CALL_OUTBOUND,
            .status = CALL_COMPLETED,
            .started_at = w->earliest + order->number * MICROS_PER_SECOND,
            .answered_at = INSTANT_NONE,
            .ended_at = INSTANT_NONE,
            .duration_seconds = order->seconds,
            .reservation = order->hold < 0
                ? STR_NONE
                : id_format(w->arena, ID_RESERVATION, w->model.holds[order->hold].id),
        },
    };
    struct call_submission *one = &call;

    if (!calls_record(tx, w->agency, &one, 1, (struct actor){ 0 })) return false;
    out->call = call.outcome;
    return true;
}

static bool move(struct world *w, struct tx *tx, const struct order *order, struct outcome *out)
{
    const struct move_order wanted = {
        .agency = w->agency,
        .from = w->accounts[order->account],
        .to = w->accounts[order->to],
        .tier = (enum tier)order->tier,
        .sent = order->seconds,
    };
    struct minute_move quoted, made;

    if (!move_quoted(tx, &wanted, &quoted)
        || !move_made(tx, &wanted, quoted.received, (struct actor){ .user = w->owner }, &made))
        return false;
    out->id = made.id;
    out->seconds = made.received;
    return true;
}

static bool give_back(struct world *w, struct tx *tx, const struct order *order,
                      struct outcome *out)
{
    const struct refund_order wanted = {
        .agency = w->agency,
        .purchase = w->model.purchases[order->purchase].id,
        .seconds = order->seconds,
        .actor = { .user = w->owner },
    };
    struct purchase after;
    struct refund refund;

    if (!refund_made(tx, &wanted, &refund, &after)) return false;
    out->id = refund.id;
    out->seconds = refund.seconds;
    return true;
}

/* Suspends or restores, as the API does. */
static bool set_status(struct world *w, struct tx *tx, const struct order *order,
                       struct outcome *out)
{
    bool suspends = order->kind == ORDER_SUSPEND;
    struct subaccount account;
    int64_t version;

    if (!agency_next_version(tx, w->agency, &version)
        || !subaccount_load(tx, w->agency, w->accounts[order->account], &account))
        return false;
    enum reason refused = suspends ? may_suspend(&account) : may_restore(&account);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    account.status = suspends ? SUBACCOUNT_SUSPENDED : SUBACCOUNT_ACTIVE;
    account.suspension_note = suspends ? STR("Not paid") : STR_NONE;
    account.suspended_at = suspends ? tx->now : INSTANT_NONE;
    out->id = account.id;
    return subaccount_set_status(tx, &account, version);
}

/* By today's quote; every other time whatever calls are in progress. */
static bool remove_account(struct world *w, struct tx *tx, const struct order *order,
                           struct outcome *out)
{
    id64_t account = w->accounts[order->account], to = w->accounts[order->to];
    struct removal quoted, made;

    if (!removal_look(tx, w->agency, account, to, &quoted)) return false;
    const seconds_t received[TIER_COUNT] = {
        [TIER_BASIC] = quoted.moves[TIER_BASIC].received,
        [TIER_PREMIUM] = quoted.moves[TIER_PREMIUM].received,
    };

    if (!subaccount_remove(tx, w->agency, account, to, received,
                           order_forces(order) ? REMOVAL_FORCED : REMOVAL_WAITS,
                           (struct actor){ .user = w->owner }, &made))
        return false;
    out->id = account;
    out->seconds = made.moves[TIER_BASIC].received + made.moves[TIER_PREMIUM].received;
    return true;
}

static bool sweep(struct world *w, struct tx *tx, const struct order *order, struct outcome *out)
{
    (void)w;
    (void)order;
    return reservations_expire(tx, SWEPT_MAX, &out->seconds);
}

bool order_carry_out(struct world *w, struct tx *tx, const struct order *order, struct outcome *out)
{
    static bool (*const ways[ORDER_KIND_COUNT])(struct world *, struct tx *, const struct order *,
                                                struct outcome *) = {
        [ORDER_BUY] = buy,
        [ORDER_HOLD] = reserve,
        [ORDER_EXTEND] = reserve,
        [ORDER_CANCEL] = reserve,
        [ORDER_RECORD] = record,
        [ORDER_MOVE] = move,
        [ORDER_REFUND] = give_back,
        [ORDER_SUSPEND] = set_status,
        [ORDER_RESTORE] = set_status,
        [ORDER_REMOVE] = remove_account,
        [ORDER_SWEEP] = sweep,
    };

    *out = (struct outcome){ .at = tx->now };
    return ways[order->kind](w, tx, order, out);
}
