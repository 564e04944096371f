/* The history of a sub-account's prices (domain.md §4): the instants at which its client prices or base changed. Pure. */
#ifndef DOMAIN_PRICE_MOMENTS_H
#define DOMAIN_PRICE_MOMENTS_H

#include "domain/prices.h"

enum price_cause { PRICES_BEGAN, CLIENT_PRICES_CHANGED, BASE_PRICES_CHANGED, BOTH_PRICES_CHANGED };
extern const char *const price_cause_names[];

/* From `from` on: base, client prices as set (MICROS_NONE: apply base price) and what counts. */
struct price_moment {
    instant_t from;
    enum price_cause cause;
    micros_t base[TIER_COUNT], set[TIER_COUNT], effective[TIER_COUNT];
};

struct tier_histories {
    struct price_history of[TIER_COUNT];
};

/* How many moments there are at most. */
size_t price_moments_max(const struct tier_histories *base, const struct tier_histories *set);

/* In ascending order: the first is `start`, each other one changed something. */
size_t price_moments(const struct tier_histories *base, const struct tier_histories *set,
                     instant_t start, struct price_moment *out);

#endif
