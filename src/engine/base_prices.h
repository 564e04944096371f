/* An agency's base prices: those of its plan, over time (domain.md §4). */
#ifndef ENGINE_BASE_PRICES_H
#define ENGINE_BASE_PRICES_H

#include "domain/accounts.h"
#include "store/db.h"

/* Makes the agency's base prices from tx->now on what its plan, the plan it changes to and the prices ordered for both
   say. What has been is never touched: calls were charged by it. The agency's row is locked by agency_next_version, so
   that every cache looks again. */
bool base_prices_schedule(struct tx *tx, const struct agency *agency);

/* The same of an agency that has none yet: those of now count from the beginning of time, as calls from before this
   store existed can be imported. */
bool base_prices_begin(struct tx *tx, const struct agency *agency);

#endif
