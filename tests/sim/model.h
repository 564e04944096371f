/* What a store must hold, kept in plain arrays by whoever knows of every effect that was told: wallets, holds, calls, and
   what the agency owes. It knows the rules of domain.md and nothing of how the program carries them out. */
#ifndef TESTS_SIM_MODEL_H
#define TESTS_SIM_MODEL_H

#include "domain/accounts.h"
#include "domain/tier.h"
#include "engine/calls.h"
#include "engine/reservations.h"

enum {
    ACCOUNTS = 8, /* the primary first */
    PURCHASES_MAX = 5000,
    HOLDS_MAX = 20000,
    CALLS_MAX = 20000,
    HOLD_SECONDS_DEFAULT = 300,
    GRACE_SECONDS = 120,
};

enum order_kind {
    ORDER_BUY,
    ORDER_HOLD,
    ORDER_EXTEND,
    ORDER_CANCEL,
    ORDER_RECORD,
    ORDER_MOVE,
    ORDER_REFUND,
    ORDER_SUSPEND,
    ORDER_RESTORE,
    ORDER_REMOVE,
    ORDER_SWEEP, /* what has run out is given back */
    ORDER_KIND_COUNT
};

/* What came of an order. */
struct outcome {
    enum reason refused;
    int64_t id;        /* of what was made */
    seconds_t seconds; /* granted, received, given back, or how many holds ran out */
    enum call_outcome call;
    enum hold_end hold_end;
    instant_t at;
};

/* What a client asks for. `number` is its key, or the call's. */
struct order {
    enum order_kind kind;
    int64_t number;
    int account, tier, to;
    seconds_t seconds;
    int hold, purchase; /* which of the model's; -1: none */
    struct outcome outcome;
};

/* Whether a removal is not to wait for calls in progress. */
static inline bool order_forces(const struct order *order)
{
    return order->number % 2 == 0;
}

struct known_purchase {
    id64_t id;
    int account, tier;
    seconds_t seconds, refunded;
    micros_t cents; /* paid */
};

struct known_hold {
    id64_t id;
    int account, tier, state;
    seconds_t granted;
    instant_t expires_at;
    bool is_named;
};

struct known_call {
    int account, tier;
    seconds_t seconds;
    int hold;
    bool is_there;
};

struct model {
    seconds_t wallet[ACCOUNTS][TIER_COUNT], held[ACCOUNTS][TIER_COUNT], used[TIER_COUNT];
    micros_t price[ACCOUNTS][TIER_COUNT], base[TIER_COUNT];
    micros_t credit;
    int status[ACCOUNTS]; /* enum subaccount_status */
    struct known_purchase purchases[PURCHASES_MAX];
    int n_purchases;
    struct known_hold holds[HOLDS_MAX];
    int n_holds;
    struct known_call calls[CALLS_MAX];
    int64_t n_calls; /* accepted */
};

/* Takes the order's outcome as a fact. NULL, or what is wrong with it. */
const char *model_apply(struct model *model, const struct order *order);

#endif
