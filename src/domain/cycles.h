/* Billing cycles (domain.md §10): monthly from an anchor date in the agency's zone. */
#ifndef DOMAIN_CYCLES_H
#define DOMAIN_CYCLES_H

#include "base/zone.h"

/* [start, end) */
struct period {
    instant_t start, end;
};

/* The start of cycle number `index` (0 is the anchor's own; negative ones lie before it):
   midnight of the anchor's day of month, clamped to the month's last day. */
instant_t cycle_start(struct date anchor, const struct zone *zone, int32_t index);

/* The number of the cycle that holds `at`. */
int32_t cycle_index(struct date anchor, const struct zone *zone, instant_t at);

/* The cycle that holds `at`, also before the anchor. */
struct period cycle_at(struct date anchor, const struct zone *zone, instant_t at);

#endif
