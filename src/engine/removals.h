/* Removing a client's sub-account (domain.md §8): its minutes move, everything that hangs on it ends, its history stays. */
#ifndef ENGINE_REMOVALS_H
#define ENGINE_REMOVALS_H

#include "domain/accounts.h"
#include "domain/moves.h"
#include "store/removals.h"

/* What would go, and where to. */
struct removal {
    struct subaccount account;            /* as it stands, or stood before it was removed */
    id64_t minutes_to;                    /* ID_NONE when no minutes are left */
    struct minute_move moves[TIER_COUNT]; /* quotes; sent 0: nothing is left of that tier */
    struct ties ties;
};

/* As it stands. REASON_PRIMARY_STAYS, REASON_SUBACCOUNT_REMOVED, REASON_WALLET_OVERDRAWN, REASON_CALLS_IN_PROGRESS, and
   what a quote is refused for. `minutes_to` ID_NONE: the primary. */
bool removal_look(struct tx *tx, id64_t agency, id64_t subaccount, id64_t minutes_to,
                  struct removal *out);

/* Does it, in the caller's transaction. `minutes_to` is needed when minutes are left (REASON_REQUIRED), and each tier must
   still bring what `received` says (REASON_QUOTE_CHANGED, REASON_INSUFFICIENT_CREDIT). */
bool subaccount_remove(struct tx *tx, id64_t agency, id64_t subaccount, id64_t minutes_to,
                       const seconds_t received[TIER_COUNT], struct actor actor,
                       struct removal *out);

#endif
