/* The story lived through, day by day, by way of the engine: so that the store keeps every invariant, as one does that
   was really used. */
#ifndef CLI_DEMO_LIFE_H
#define CLI_DEMO_LIFE_H

#include "cli/demo/plan.h"
#include "domain/accounts.h"
#include "domain/purchases.h"
#include "store/db.h"

/* What is known of an account while time goes on. */
struct demo_standing {
    struct subaccount account; /* id ID_NONE: not there yet */
    seconds_t wallet[TIER_COUNT];
    seconds_t used_today[TIER_COUNT], used_a_day[TIER_COUNT]; /* a day: of late */
    struct purchase unpaid[TIER_COUNT];                       /* id ID_NONE: nothing is due */
    instant_t pays_at[TIER_COUNT];
};

struct demo_life {
    const struct demo_plan *plan;
    struct str password_hash;
    id64_t agency, owner, engine_key;
    struct demo_standing accounts[DEMO_ACCOUNTS_MAX];
    int64_t n_calls;
};

/* Lives one day, 0 to plan->last_day in order, in a transaction of its own, in which tx->now goes with the day. `arena` is
   for the day alone. REASON_ALREADY_SET_UP on day 0 of a store that has an agency. */
bool demo_live_day(struct demo_life *life, struct tx *tx, struct arena *arena,
                   struct problem *problem, int32_t day);

#endif
