/* Monthly auto-allocation (domain.md §5): its settings, what they cost, and the months as they come due. */
#ifndef ENGINE_ALLOCATIONS_H
#define ENGINE_ALLOCATIONS_H

#include "domain/allocation.h"
#include "store/db.h"

struct allocation_settings {
    bool enabled;
    seconds_t seconds[TIER_COUNT];
    int64_t day; /* 0: not given */
};

/* What a month costs at base price now, and when the first one is. */
struct allocation_quote {
    micros_t base[TIER_COUNT];
    micros_t cost;
    instant_t next_run_at;
};

/* REASON_PRIMARY_NOT_ALLOCATED, REASON_SUBACCOUNT_REMOVED; REASON_REQUIRED at the day, REASON_NOTHING_TO_BUY at both
   tiers, and what allocation_cost refuses. */
bool allocation_quoted(struct tx *tx, id64_t agency, id64_t subaccount,
                       const struct allocation_settings *settings, struct allocation_quote *out);

/* Settings that count from the next run on: months that are due already come with the old ones, and turning it off skips
   what waits to be begun or tried again. Refused as above. */
bool allocation_change(struct tx *tx, id64_t agency, id64_t subaccount,
                       const struct allocation_settings *settings, struct allocation *before,
                       struct allocation *after);

/* Turns it off and forgets the settings; the runs stay. */
bool allocation_forget(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation *before);

/* Makes the runs of all months that are due, in order, with the settings as they are. */
bool allocation_take_all_due(struct tx *tx, const struct zone *zone, struct allocation *allocation);

/* What the settings cost a month at base price now; 0 when none were made. */
bool allocation_cost_now(struct tx *tx, const struct allocation *allocation,
                         struct allocation_quote *out);

#endif
