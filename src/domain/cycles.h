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

/* The cycles of many anchors that hold one instant. Anchors on the same day of the month share theirs, so at most 31 are
   ever found. */
enum { CYCLE_DAYS = 31 };
struct cycles {
    const struct zone *zone;
    instant_t at;
    struct period
        of_day[CYCLE_DAYS + 1]; /* as far as they were asked for; else it ends where it starts */
};

struct cycles cycles_at(const struct zone *zone, instant_t at);
struct period cycles_find(struct cycles *cycles, struct date anchor);

#endif
