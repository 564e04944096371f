/* What was used and bought over any range, exactly (domain.md §4, §15): rollups for whole hours, single calls in the
   hours that a range cuts. */
#ifndef ENGINE_USAGE_H
#define ENGINE_USAGE_H

#include "base/zone.h"
#include "domain/calls.h"
#include "domain/cycles.h"
#include "store/db.h"

struct usage_totals {
    int64_t calls, by_status[CALL_STATUS_COUNT];
    seconds_t billed_seconds; /* of both tiers */
    micros_t spent, cost;
    micros_t purchased, profit; /* of purchases that succeeded in the range */
};

/* One stretch of time and what happened in it. */
struct usage_bucket {
    struct period span;
    struct usage_totals totals;
};

/* Fills the totals of buckets, each of which begins where the one before ends. `subaccount` ID_NONE: the whole
   agency. REASON_OVERFLOW when a sum does not fit. */
bool usage_sum(struct tx *tx, id64_t agency, id64_t subaccount, struct usage_bucket *buckets,
               size_t n);

/* The days of a zone in [from, to), the first and the last cut to it; `*n` how many. In `arena`. */
struct usage_bucket *usage_days(struct arena *arena, const struct zone *zone, struct period range,
                                size_t *n);

/* The sum of all buckets; false when it does not fit. */
bool usage_total(const struct usage_bucket *buckets, size_t n, struct usage_totals *out);

/* Writes usage_periods of an agency anew, after its zone changed: the periods begin at other instants now. Takes time
   that grows with the agency's history; for the rare change of a setting. */
bool usage_periods_rebuild(struct tx *tx, id64_t agency, const struct zone *zone);

#endif
