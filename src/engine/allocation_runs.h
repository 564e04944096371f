/* Monthly auto-allocation at work (domain.md §5): months that come due, what is bought for them, and what a purchase that
   ended means for its month. An account's months are done one after the other, under the agency's lock. */
#ifndef ENGINE_ALLOCATION_RUNS_H
#define ENGINE_ALLOCATION_RUNS_H

#include "domain/allocation.h"
#include "domain/purchases.h"
#include "store/db.h"

/* Orders a look: settings are others. */
bool allocation_check(struct tx *tx, id64_t agency, id64_t subaccount);

/* The same for all of an agency: its zone is another. */
bool allocations_check(struct tx *tx, id64_t agency);

/* Takes what is due and buys for it. `*again_at`: when the next month or try is; INSTANT_NONE: when something happens. */
bool allocation_look(struct tx *tx, id64_t agency, id64_t subaccount, instant_t *again_at);

/* Tries the earliest month that is past due once more, as its day would; the look that does is ordered. REASON_NOTHING_PAST_DUE
   also while another month is under way, REASON_SUBACCOUNT_SUSPENDED, REASON_SUBACCOUNT_REMOVED. */
bool allocation_retry(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation_run *out);

/* A purchase of a month has come to rest. */
bool allocation_settled(struct tx *tx, const struct purchase *purchase);

/* Skips what waits to be begun, tried again or paid by hand. */
bool allocation_give_up(struct tx *tx, id64_t agency, id64_t subaccount,
                        enum allocation_skip reason);

/* The account is being removed: off. */
bool allocation_end(struct tx *tx, id64_t agency, id64_t subaccount);

#endif
