/* Moving minutes between sub-accounts (domain.md §6): for the API, many at once, and for removals. */
#ifndef ENGINE_MOVES_H
#define ENGINE_MOVES_H

#include "domain/moves.h"
#include "store/db.h"
#include "store/ledger.h"

/* From one sub-account to another, one tier, `sent` seconds. */
struct move_order {
    id64_t agency, from, to;
    enum tier tier;
    seconds_t sent;
    seconds_t
        returning; /* what a quote counts on beside the wallet: held now, and to be given back first */
    const char *to_field; /* what `to` is called where it is refused; NULL: that */
};

/* What it would bring now. REASON_UNKNOWN_SUBACCOUNT and REASON_SAME_SUBACCOUNT at their fields,
   REASON_SUBACCOUNT_REMOVED, REASON_INSUFFICIENT_MINUTES, REASON_OVERFLOW. */
bool move_quoted(struct tx *tx, const struct move_order *order, struct minute_move *out);

/* Makes it, if it still brings `received`: also REASON_QUOTE_CHANGED and REASON_INSUFFICIENT_CREDIT. */
bool move_made(struct tx *tx, const struct move_order *order, seconds_t received,
               struct actor actor, struct minute_move *out);

/* One of many that are made at once, and how it ended. */
struct move_end {
    struct wallet wallet; /* after it */
    micros_t prices[TIER_COUNT];
};
struct ordered_move {
    struct move_order order;
    seconds_t received;
    struct problem *problem; /* where a refusal goes, in the words of move_made */
    bool is_made;
    struct minute_move made;
    struct move_end from, to;
};

/* Makes moves of one agency in the order given, each resting on those before it. False only when the store failed: then
   nothing of it happened. tx->cache is the connection's accounts_cache. */
bool moves_make(struct tx *tx, id64_t agency, struct ordered_move *orders, size_t n,
                struct actor actor);

#endif
