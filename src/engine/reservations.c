#include "engine/reservations.h"

#include "base/id.h"
#include "engine/pairs.h"
#include "engine/recharge_runs.h"

/* The accounts that a batch of orders is about, each once, as it stands after the orders so far. */
struct desk {
    struct tx *tx;
    struct charged_agency *agency;
    struct pairs ids; /* (sub-account, 0), beside what follows */
    struct charged_account **accounts;
    struct wallet *wallets;
    int64_t *in_progress;
    struct pairs moved; /* (sub-account, tier) */
    seconds_t *seconds; /* to hold, side by side with `moved` */
};

static bool desk_open(struct desk *desk, struct tx *tx, id64_t agency, size_t n)
{
    *desk = (struct desk){ .tx = tx, .agency = accounts_load(tx->cache, tx, agency) };
    desk->ids = pairs_new(tx->arena, n);
    desk->accounts = ARENA_ARRAY(tx->arena, struct charged_account *, n);
    desk->wallets = ARENA_ARRAY(tx->arena, struct wallet, n);
    desk->in_progress = ARENA_ARRAY(tx->arena, int64_t, n);
    desk->moved = pairs_new(tx->arena, n);
    desk->seconds = ARENA_ARRAY(tx->arena, seconds_t, n);
    return desk->agency != NULL;
}

static size_t desk_seat(struct desk *desk, struct charged_account *account)
{
    size_t seat = pairs_add(&desk->ids, account->id, 0);

    desk->accounts[seat] = account;
    return seat;
}

static bool desk_lock_wallets(struct desk *desk)
{
    id64_t *owners = ARENA_ARRAY(desk->tx->arena, id64_t, desk->ids.count + 1);

    for (size_t i = 0; i < desk->ids.count; i++)
        owners[i] = desk->ids.at[i].a;
    return ledger_wallets_lock(desk->tx, desk->agency->id, owners, desk->ids.count, desk->wallets);
}

static int64_t limit_of(const struct desk *desk, size_t seat)
{
    return concurrency_limit_of(desk->accounts[seat]->concurrency_limit,
                                desk->agency->holds.concurrency_limit);
}

/* Only where there is a limit. Wallets are locked by then: whoever holds for the same account on another node has its
   reservations counted, or waits. */
static bool desk_count_calls(struct desk *desk)
{
    size_t n = 0, *seats = ARENA_ARRAY(desk->tx->arena, size_t, desk->ids.count + 1);
    id64_t *limited = ARENA_ARRAY(desk->tx->arena, id64_t, desk->ids.count + 1);
    int64_t *counts = ARENA_ARRAY(desk->tx->arena, int64_t, desk->ids.count + 1);

    for (size_t seat = 0; seat < desk->ids.count; seat++) {
        if (limit_of(desk, seat) == CONCURRENCY_UNLIMITED) continue;
        seats[n] = seat;
        limited[n++] = desk->ids.at[seat].a;
    }
    if (!reservations_count_open(desk->tx, desk->agency->id, limited, n, counts)) return false;
    for (size_t i = 0; i < n; i++)
        desk->in_progress[seats[i]] = counts[i];
    return true;
}

/* From the wallet into what is held. */
static void desk_take(struct desk *desk, size_t seat, int tier, seconds_t seconds)
{
    desk->wallets[seat].seconds[tier] -= seconds;
    desk->wallets[seat].held[tier] += seconds;
    desk->seconds[pairs_add(&desk->moved, desk->ids.at[seat].a, tier)] += seconds;
}

static void desk_tell(const struct desk *desk, size_t seat, struct hold_order *order)
{
    order->wallet = desk->wallets[seat];
    accounts_prices(desk->agency, desk->accounts[seat], desk->tx->now, order->prices);
}

bool holds_post(struct tx *tx, id64_t agency, hold_posting make, const struct pairs *wallets,
                const seconds_t *seconds, struct actor actor)
{
    struct posting *postings = ARENA_ARRAY(tx->arena, struct posting, wallets->count + 1);
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, wallets->count + 1);

    id_new_many(tx->now, ids, wallets->count);
    for (size_t i = 0; i < wallets->count; i++) {
        const struct pair *wallet = &wallets->at[i];
        postings[i] = make(ids[i], agency, wallet->a, (enum tier)wallet->b, seconds[i], tx->now);
        postings[i].actor = actor;
        enum reason reason = posting_check(&postings[i]);
        if (reason != REASON_NONE)
            return fail(tx->problem, reason, NULL, "posting for reservations");
    }
    return ledger_post(tx, postings, wallets->count);
}

/* --- hold --- */

enum { NOWHERE = SIZE_MAX };

/* The account that an order names, if whoever sends it may hold for it. */
static size_t seat_of(struct desk *desk, const struct hold_order *order)
{
    struct charged_account *account = accounts_find(desk->agency, order->subaccount);
    bool allowed = account != NULL
        && (order->only_subaccount == ID_NONE || order->only_subaccount == account->id);

    return allowed ? desk_seat(desk, account) : (size_t)NOWHERE;
}

static enum reason decide(const struct desk *desk, size_t seat, struct hold_order *order)
{
    struct hold_facts facts = { .account_is_known = seat != (size_t)NOWHERE };
    seconds_t wanted = order->wanted > 0 ? order->wanted : desk->agency->holds.hold_seconds;

    if (facts.account_is_known) {
        facts.account = (enum subaccount_status)desk->accounts[seat]->status;
        facts.agent = agent_effective(facts.account, AGENT_ACTIVE);
        facts.campaign = campaign_effective(facts.account, CAMPAIGN_RUNNING);
        facts.calls_in_progress = desk->in_progress[seat];
        facts.concurrency_limit = limit_of(desk, seat);
        facts.wallet = desk->wallets[seat].seconds[order->tier];
    }
    return may_hold(&facts, wanted, &order->granted);
}

static void hold(struct desk *desk, size_t seat, struct hold_order *order, id64_t id)
{
    instant_t now = desk->tx->now;

    order->reservation = (struct reservation){
        .agency_id = desk->agency->id,
        .id = id,
        .subaccount_id = desk->ids.at[seat].a,
        .tier = order->tier,
        .direction = order->direction,
        .state = RESERVATION_OPEN,
        .granted = order->granted,
        .expires_at = hold_expiry(now, order->granted, desk->agency->holds.grace_seconds),
        .created_at = now,
        .ended_at = INSTANT_NONE,
        .agent = order->agent,
        .campaign = order->campaign,
    };
    desk->in_progress[seat]++;
    desk_take(desk, seat, order->tier, order->granted);
    desk_tell(desk, seat, order);
}

bool reservations_hold(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                       struct actor actor)
{
    struct reservation **made = ARENA_ARRAY(tx->arena, struct reservation *, n);
    size_t n_made = 0, *seats = ARENA_ARRAY(tx->arena, size_t, n);
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, n);
    struct desk desk;

    if (!desk_open(&desk, tx, agency, n)) return false;
    for (size_t i = 0; i < n; i++)
        seats[i] = seat_of(&desk, orders[i]);
    if (!desk_lock_wallets(&desk) || !desk_count_calls(&desk)) return false;
    id_new_many(tx->now, ids, n);
    for (size_t i = 0; i < n; i++) {
        orders[i]->refused = decide(&desk, seats[i], orders[i]);
        if (orders[i]->refused != REASON_NONE) continue;
        hold(&desk, seats[i], orders[i], ids[i]);
        made[n_made++] = &orders[i]->reservation;
    }
    return reservations_insert(tx, agency, made, n_made)
        && holds_post(tx, agency, posting_for_hold, &desk.moved, desk.seconds, actor)
        && recharge_check_wallets(tx, desk.agency, desk.accounts, desk.wallets, desk.ids.count);
}

/* --- extend and cancel --- */

/* The reservations that orders name, each once. */
struct named {
    struct reservation *at;
    size_t n;
    bool *changed;
    size_t *of_order; /* which of them each order names */
    size_t *seats;    /* of their accounts; NOWHERE: there is no such reservation */
};

static bool named_lock(struct desk *desk, struct hold_order **orders, size_t n, struct named *out)
{
    struct arena *arena = desk->tx->arena;
    struct pairs distinct = pairs_new(arena, n);
    id64_t *ids = ARENA_ARRAY(arena, id64_t, n);

    *out = (struct named){ .at = ARENA_ARRAY(arena, struct reservation, n),
                           .changed = ARENA_ARRAY(arena, bool, n),
                           .of_order = ARENA_ARRAY(arena, size_t, n),
                           .seats = ARENA_ARRAY(arena, size_t, n) };
    for (size_t i = 0; i < n; i++)
        out->of_order[i] = pairs_add(&distinct, orders[i]->id, 0);
    out->n = distinct.count;
    for (size_t i = 0; i < out->n; i++)
        ids[i] = distinct.at[i].a;
    if (!reservations_lock(desk->tx, desk->agency->id, ids, out->n, out->at)) return false;
    for (size_t i = 0; i < out->n; i++) {
        struct charged_account *account = out->at[i].id == ID_NONE
            ? NULL
            : accounts_by_id(desk->agency, out->at[i].subaccount_id);
        out->seats[i] = account == NULL ? (size_t)NOWHERE : desk_seat(desk, account);
    }
    return true;
}

/* What an order does to the reservation that it names; whether that changed it. */
typedef bool (*named_act)(struct desk *desk, size_t seat, struct reservation *reservation,
                          struct hold_order *order);

/* One of another agency, or beyond the key's one account, is not there. */
static bool is_there(const struct desk *desk, size_t seat, const struct hold_order *order)
{
    return seat != (size_t)NOWHERE
        && (order->only_subaccount == ID_NONE || order->only_subaccount == desk->ids.at[seat].a);
}

/* Rows before wallets, as everything that has to do with reservations takes them. In *changed those that were, each
   once. */
static bool act_on_named(struct desk *desk, struct hold_order **orders, size_t n, named_act act,
                         struct reservation ***changed, size_t *n_changed)
{
    struct named named;

    if (!named_lock(desk, orders, n, &named) || !desk_lock_wallets(desk)) return false;
    for (size_t i = 0; i < n; i++) {
        size_t place = named.of_order[i], seat = named.seats[place];
        if (!is_there(desk, seat, orders[i]))
            orders[i]->refused = REASON_NOT_FOUND;
        else if (act(desk, seat, &named.at[place], orders[i]))
            named.changed[place] = true;
    }
    *changed = ARENA_ARRAY(desk->tx->arena, struct reservation *, named.n);
    *n_changed = 0;
    for (size_t i = 0; i < named.n; i++) {
        if (named.changed[i]) (*changed)[(*n_changed)++] = &named.at[i];
    }
    return true;
}

static bool extend(struct desk *desk, size_t seat, struct reservation *reservation,
                   struct hold_order *order)
{
    seconds_t wanted = order->wanted > 0 ? order->wanted : desk->agency->holds.extension_seconds;
    enum subaccount_status status = (enum subaccount_status)desk->accounts[seat]->status;

    order->refused = may_extend(reservation, status, desk->wallets[seat].seconds[reservation->tier],
                                wanted, desk->tx->now, &order->granted);
    if (order->refused != REASON_NONE) return false;
    reservation->granted += order->granted;
    reservation->expires_at = hold_expiry_extended(reservation->expires_at, order->granted);
    desk_take(desk, seat, reservation->tier, order->granted);
    order->reservation = *reservation;
    desk_tell(desk, seat, order);
    return true;
}

bool reservations_extend(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                         struct actor actor)
{
    struct desk desk;
    struct reservation **changed;
    size_t n_changed;

    return desk_open(&desk, tx, agency, n)
        && act_on_named(&desk, orders, n, extend, &changed, &n_changed)
        && reservations_update(tx, agency, changed, n_changed)
        && holds_post(tx, agency, posting_for_hold, &desk.moved, desk.seconds, actor)
        && recharge_check_wallets(tx, desk.agency, desk.accounts, desk.wallets, desk.ids.count);
}

static bool cancel(struct desk *desk, size_t seat, struct reservation *reservation,
                   struct hold_order *order)
{
    order->refused = may_cancel(reservation);
    order->changed = reservation->state == RESERVATION_OPEN;
    if (order->refused != REASON_NONE) return false;
    if (order->changed) {
        reservation->state = RESERVATION_CANCELED;
        reservation->ended_at = desk->tx->now;
        desk->wallets[seat].seconds[reservation->tier] += reservation->granted;
        desk->wallets[seat].held[reservation->tier] -= reservation->granted;
    }
    order->reservation = *reservation;
    desk_tell(desk, seat, order);
    return order->changed;
}

bool reservations_cancel(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                         struct actor actor)
{
    struct desk desk;
    struct reservation **changed;
    size_t n_changed;

    return desk_open(&desk, tx, agency, n)
        && act_on_named(&desk, orders, n, cancel, &changed, &n_changed)
        && reservations_let_go(tx, agency, changed, n_changed, actor);
}
