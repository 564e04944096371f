#include "model.h"

/* (seconds · price + 30) / 60 µ$ (domain.md §1). */
static micros_t value(seconds_t seconds, micros_t price)
{
    return (seconds * price + 30) / 60;
}

/* ceil(seconds · price / 600000) cents (domain.md §1). */
static micros_t cents_for(seconds_t seconds, micros_t price)
{
    return (seconds * price + 599999) / 600000;
}

static enum reason gone(const struct model *m, int account)
{
    return m->status[account] == SUBACCOUNT_REMOVED ? REASON_SUBACCOUNT_REMOVED : REASON_NONE;
}

static const char *buy(struct model *m, const struct order *o)
{
    if (o->outcome.refused != gone(m, o->account)) return "a purchase had another answer";
    if (o->outcome.refused != REASON_NONE) return NULL;
    if (m->n_purchases == PURCHASES_MAX) return "too many purchases for the model";
    m->purchases[m->n_purchases++] = (struct known_purchase){
        .id = o->outcome.id,
        .account = o->account,
        .tier = o->tier,
        .seconds = o->seconds,
        .cents = cents_for(o->seconds, m->price[o->account][o->tier]),
    };
    m->wallet[o->account][o->tier] += o->seconds;
    m->credit -= value(o->seconds, m->base[o->tier]);
    return NULL;
}

/* min(wanted, wallet), from wallet to held. */
static seconds_t take(struct model *m, int account, int tier, seconds_t wanted)
{
    seconds_t left = m->wallet[account][tier];
    seconds_t granted = left <= 0 ? 0 : wanted < left ? wanted : left;

    m->wallet[account][tier] -= granted;
    m->held[account][tier] += granted;
    return granted;
}

/* Whether calls may begin and go on. */
static enum reason serves(const struct model *m, int account)
{
    return m->status[account] == SUBACCOUNT_SUSPENDED ? REASON_SUBACCOUNT_SUSPENDED
                                                      : gone(m, account);
}

static const char *hold(struct model *m, const struct order *o)
{
    seconds_t wanted = o->seconds > 0 ? o->seconds : HOLD_SECONDS_DEFAULT;
    enum reason refused = serves(m, o->account);

    if (refused != REASON_NONE)
        return o->outcome.refused == refused ? NULL : "a hold of an account out of service";
    seconds_t granted = take(m, o->account, o->tier, wanted);

    if (granted == 0)
        return o->outcome.refused == REASON_INSUFFICIENT_MINUTES ? NULL : "a hold on nothing";
    if (o->outcome.refused != REASON_NONE) return "a hold was refused that there are minutes for";
    if (o->outcome.seconds != granted) return "another hold was granted than there are minutes";
    if (m->n_holds == HOLDS_MAX) return "too many holds for the model";
    m->holds[m->n_holds++] = (struct known_hold){
        .id = o->outcome.id,
        .account = o->account,
        .tier = o->tier,
        .state = RESERVATION_OPEN,
        .granted = granted,
        .expires_at = o->outcome.at + (granted + GRACE_SECONDS) * MICROS_PER_SECOND,
    };
    return NULL;
}

static enum reason over(const struct known_hold *hold, instant_t at)
{
    switch (hold->state) {
    case RESERVATION_OPEN: return hold->expires_at > at ? REASON_NONE : REASON_RESERVATION_EXPIRED;
    case RESERVATION_ENDED: return REASON_RESERVATION_ENDED;
    case RESERVATION_CANCELED: return REASON_RESERVATION_CANCELED;
    default: return REASON_RESERVATION_EXPIRED;
    }
}

static const char *extend(struct model *m, const struct order *o)
{
    struct known_hold *hold = &m->holds[o->hold];
    enum reason expected = over(hold, o->outcome.at);
    seconds_t granted = 0;

    if (expected == REASON_NONE) expected = serves(m, hold->account);
    if (expected == REASON_NONE) {
        granted =
            take(m, hold->account, hold->tier, o->seconds > 0 ? o->seconds : HOLD_SECONDS_DEFAULT);
        if (granted == 0) expected = REASON_INSUFFICIENT_MINUTES;
    }
    if (o->outcome.refused != expected) return "an extension had another answer";
    if (expected != REASON_NONE) return NULL;
    if (o->outcome.seconds != granted) return "another extension was granted";
    hold->granted += granted;
    hold->expires_at += granted * MICROS_PER_SECOND;
    return NULL;
}

static void let_go(struct model *m, struct known_hold *hold, int state)
{
    m->held[hold->account][hold->tier] -= hold->granted;
    m->wallet[hold->account][hold->tier] += hold->granted;
    hold->state = state;
}

static const char *cancel(struct model *m, const struct order *o)
{
    struct known_hold *hold = &m->holds[o->hold];
    enum reason expected =
        hold->state == RESERVATION_ENDED ? REASON_RESERVATION_ENDED : REASON_NONE;

    if (o->outcome.refused != expected) return "a cancellation had another answer";
    if (hold->state == RESERVATION_OPEN) let_go(m, hold, RESERVATION_CANCELED);
    return NULL;
}

static bool is_same_call(const struct known_call *call, const struct order *o)
{
    return call->account == o->account && call->tier == o->tier && call->seconds == o->seconds
        && call->hold == o->hold;
}

static const char *record(struct model *m, const struct order *o)
{
    struct known_call *call = &m->calls[o->number];
    struct known_hold *hold = o->hold < 0 ? NULL : &m->holds[o->hold];

    if (call->is_there) {
        enum call_outcome expected = is_same_call(call, o) ? CALL_DUPLICATE : CALL_CONFLICT;
        return o->outcome.call == expected ? NULL : "a known call had another answer";
    }
    if (o->outcome.call != CALL_ACCEPTED) return "a new call was not accepted";
    *call = (struct known_call){ o->account, o->tier, o->seconds, o->hold, true };
    m->n_calls++;
    if (hold != NULL && hold->account == o->account && !hold->is_named) {
        hold->is_named = true;
        if (hold->state == RESERVATION_OPEN) let_go(m, hold, RESERVATION_ENDED);
    }
    int payer = m->status[o->account] == SUBACCOUNT_REMOVED ? 0 : o->account;
    m->wallet[payer][o->tier] -= o->seconds;
    m->used[o->tier] += o->seconds;
    return NULL;
}

/* All of what is sent, at both prices; what it brought. */
static seconds_t carry(struct model *m, int from, int to, int tier, seconds_t sent)
{
    micros_t price_from = m->price[from][tier], price_to = m->price[to][tier];
    micros_t base = m->base[tier];
    seconds_t received = price_from == price_to ? sent : sent * price_from / price_to;

    m->wallet[from][tier] -= sent;
    m->wallet[to][tier] += received;
    m->credit += value(sent, base) - value(received, base);
    return received;
}

static const char *move(struct model *m, const struct order *o)
{
    enum reason expected = gone(m, o->account);

    if (expected == REASON_NONE) expected = gone(m, o->to);
    if (expected == REASON_NONE && m->wallet[o->account][o->tier] < o->seconds)
        expected = REASON_INSUFFICIENT_MINUTES;
    if (o->outcome.refused != expected) return "a move had another answer";
    if (expected != REASON_NONE) return NULL;
    return o->outcome.seconds == carry(m, o->account, o->to, o->tier, o->seconds)
        ? NULL
        : "a move brought another sum";
}

/* What is paid back for the first `seconds` of a purchase, in whole cents. */
static micros_t cents_of(const struct known_purchase *purchase, seconds_t seconds)
{
    return purchase->cents * seconds / purchase->seconds;
}

static enum reason may_give_back(const struct model *m, const struct known_purchase *p,
                                 seconds_t seconds)
{
    seconds_t rest = p->seconds - p->refunded, left = m->wallet[p->account][p->tier];

    if (gone(m, p->account) != REASON_NONE) return gone(m, p->account);
    if (rest == 0) return REASON_PURCHASE_NOT_REFUNDABLE;
    if (seconds > rest || seconds > left) return REASON_MINUTES_USED;
    return cents_of(p, p->refunded + seconds) > cents_of(p, p->refunded) ? REASON_NONE
                                                                         : REASON_NOTHING_TO_REFUND;
}

static const char *give_back(struct model *m, const struct order *o)
{
    struct known_purchase *p = &m->purchases[o->purchase];
    enum reason expected = may_give_back(m, p, o->seconds);
    micros_t base = m->base[p->tier];

    if (o->outcome.refused != expected) return "a refund had another answer";
    if (expected != REASON_NONE) return NULL;
    if (o->outcome.seconds != o->seconds) return "a refund gave back another sum";
    m->wallet[p->account][p->tier] -= o->seconds;
    m->credit += value(p->refunded + o->seconds, base) - value(p->refunded, base);
    p->refunded += o->seconds;
    return NULL;
}

static const char *suspend(struct model *m, const struct order *o)
{
    enum reason expected = o->account == 0 ? REASON_PRIMARY_STAYS_ACTIVE : gone(m, o->account);

    if (expected == REASON_NONE && m->status[o->account] == SUBACCOUNT_SUSPENDED)
        expected = REASON_ALREADY_SUSPENDED;
    if (o->outcome.refused != expected) return "a suspension had another answer";
    if (expected == REASON_NONE) m->status[o->account] = SUBACCOUNT_SUSPENDED;
    return NULL;
}

static const char *restore(struct model *m, const struct order *o)
{
    enum reason expected = gone(m, o->account);

    if (expected == REASON_NONE && m->status[o->account] == SUBACCOUNT_ACTIVE)
        expected = REASON_NOT_SUSPENDED;
    if (o->outcome.refused != expected) return "a restoring had another answer";
    if (expected == REASON_NONE) m->status[o->account] = SUBACCOUNT_ACTIVE;
    return NULL;
}

static seconds_t left_with_held(const struct model *m, int account, int tier)
{
    return m->wallet[account][tier] + m->held[account][tier];
}

static enum reason may_go(const struct model *m, const struct order *o)
{
    bool has_minutes = false, is_calling = false;

    if (o->account == 0) return REASON_PRIMARY_STAYS;
    if (gone(m, o->account) != REASON_NONE) return gone(m, o->account);
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (left_with_held(m, o->account, tier) < 0) return REASON_WALLET_OVERDRAWN;
        has_minutes = has_minutes || left_with_held(m, o->account, tier) > 0;
        is_calling = is_calling || m->held[o->account][tier] > 0;
    }
    if (has_minutes && gone(m, o->to) != REASON_NONE) return gone(m, o->to);
    return is_calling && !order_forces(o) ? REASON_CALLS_IN_PROGRESS : REASON_NONE;
}

static const char *remove_account(struct model *m, const struct order *o)
{
    enum reason expected = may_go(m, o);
    seconds_t received = 0;

    if (o->outcome.refused != expected) return "a removal had another answer";
    if (expected != REASON_NONE) return NULL;
    for (int i = 0; i < m->n_holds; i++) {
        struct known_hold *hold = &m->holds[i];
        if (hold->account == o->account && hold->state == RESERVATION_OPEN)
            let_go(m, hold, RESERVATION_CANCELED);
    }
    for (int tier = 0; tier < TIER_COUNT; tier++)
        received += carry(m, o->account, o->to, tier, m->wallet[o->account][tier]);
    m->status[o->account] = SUBACCOUNT_REMOVED;
    return o->outcome.seconds == received ? NULL : "a removal brought another sum";
}

static const char *sweep(struct model *m, const struct order *o)
{
    int64_t expired = 0;

    for (int i = 0; i < m->n_holds; i++) {
        struct known_hold *hold = &m->holds[i];
        if (hold->state != RESERVATION_OPEN || hold->expires_at > o->outcome.at) continue;
        let_go(m, hold, RESERVATION_EXPIRED);
        expired++;
    }
    return o->outcome.seconds == expired ? NULL : "other holds ran out";
}

const char *model_apply(struct model *model, const struct order *order)
{
    static const char *(*const rules[ORDER_KIND_COUNT])(struct model *, const struct order *) = {
        [ORDER_BUY] = buy,          [ORDER_HOLD] = hold,
        [ORDER_EXTEND] = extend,    [ORDER_CANCEL] = cancel,
        [ORDER_RECORD] = record,    [ORDER_MOVE] = move,
        [ORDER_REFUND] = give_back, [ORDER_SUSPEND] = suspend,
        [ORDER_RESTORE] = restore,  [ORDER_REMOVE] = remove_account,
        [ORDER_SWEEP] = sweep,
    };

    return rules[order->kind](model, order);
}
