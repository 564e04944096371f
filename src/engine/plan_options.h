/* What an agency's plan is and which it may change to, with what each would bring: for the page that asks before it
   changes anything. */
#ifndef ENGINE_PLAN_OPTIONS_H
#define ENGINE_PLAN_OPTIONS_H

#include "engine/plans.h"
#include "store/plans.h"

/* A plan with its base prices at the moment that they are asked for. */
struct priced_plan {
    struct plan plan;
    micros_t base_prices[TIER_COUNT];
};

struct plan_option {
    struct priced_plan of;
    enum plan_change change;
    instant_t counts_at;          /* now, or the renewal */
    seconds_t grants[TIER_COUNT]; /* once, to the primary */
    int64_t knowledge_credits;    /* likewise */
    struct account_names
        excess; /* that it has no room for: those added last, of any that would have to go */
    struct account_names
        below; /* with client prices below its base, which base would count instead of */
};

/* Base prices that count from an instant on, and the clients whose own are below. */
struct upcoming_prices {
    instant_t at;
    micros_t base_prices[TIER_COUNT];
    struct account_names below;
};

struct plan_state {
    struct priced_plan of;
    int64_t used; /* slots */
    instant_t renewal_at;
    bool is_ordered;
    struct priced_plan ordered; /* and agency.next_plan_at */
    struct list upcoming;       /* of struct upcoming_prices, in the order of time */
    struct list options; /* of struct plan_option: the offered plans but the agency's own, by fee */
};

bool plan_state_load(struct tx *tx, const struct agency *agency, struct plan_state *out);

#endif
