/* Removing a client's sub-account (domain.md §8): its minutes move, its knowledge credits return,
   everything that hangs on it ends, its history stays. */
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
    int64_t knowledge;                    /* credits that return to the primary */
    struct ties ties;
    int64_t calls_in_progress; /* for which minutes are held; before it was removed */
    seconds_t held[TIER_COUNT];
};

/* As it stands. What is held for calls in progress counts as left: it is given back if the account is removed now.
   REASON_PRIMARY_STAYS, REASON_SUBACCOUNT_REMOVED, REASON_WALLET_OVERDRAWN, and what a quote is refused for.
   `minutes_to` ID_NONE: the primary. */
bool removal_look(struct tx *tx, id64_t agency, id64_t subaccount, id64_t minutes_to,
                  struct removal *out);

/* What becomes of calls in progress. */
enum removal_force {
    REMOVAL_WAITS, /* they come first: REASON_CALLS_IN_PROGRESS */
    REMOVAL_FORCED, /* what is held for them is given back; their records, when they come, are the primary's */
};

/* Does it, in the caller's transaction. `minutes_to` is needed when minutes are left (REASON_REQUIRED), and each tier must
   still bring what `received` says (REASON_QUOTE_CHANGED, REASON_INSUFFICIENT_CREDIT). */
bool subaccount_remove(struct tx *tx, id64_t agency, id64_t subaccount, id64_t minutes_to,
                       const seconds_t received[TIER_COUNT], enum removal_force force,
                       struct actor actor, struct removal *out);

#endif
