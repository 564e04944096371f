/* Ordering base prices for a plan, and letting every agency on it know (domain.md §4). */
#ifndef ENGINE_PRICE_ORDERS_H
#define ENGINE_PRICE_ORDERS_H

#include "domain/price_changes.h"
#include "store/db.h"

/* Base prices of a plan from change->effective_at on (INSTANT_NONE: now), ordered by change->created_by. Agencies hear of
   it by a job (price_order_spread). REASON_UNKNOWN_PLAN at "plan", REASON_TOO_OLD and REASON_IN_FUTURE at
   "effective_at", REASON_PRICES_ORDERED_ALREADY. Fills the rest. */
bool price_order(struct tx *tx, struct price_change *change);

/* REASON_NOT_FOUND, REASON_PRICES_CANCELED, REASON_PRICES_COUNT. */
bool price_order_cancel(struct tx *tx, id64_t id, id64_t user, struct price_change *out);

/* Brings the base prices of the next few agencies on the plan, after `*cursor` by id, in line with what is ordered;
   `*more`: there are others. An agency that comes to the plan meanwhile looks by itself. Prices that were to count before
   an agency is reached count for it from then on. */
bool price_order_spread(struct tx *tx, struct str plan, id64_t *cursor, bool *more);

#endif
