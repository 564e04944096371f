/* Moving minutes between sub-accounts (domain.md §6), for the API and, later, removals and plans. */
#ifndef ENGINE_MOVES_H
#define ENGINE_MOVES_H

#include "domain/moves.h"
#include "store/db.h"

/* From one sub-account to another, one tier, `sent` seconds. */
struct move_order {
    id64_t agency, from, to;
    enum tier tier;
    seconds_t sent;
    const char *to_field; /* what `to` is called where it is refused; NULL: that */
};

/* What it would bring now. REASON_UNKNOWN_SUBACCOUNT and REASON_SAME_SUBACCOUNT at their fields,
   REASON_SUBACCOUNT_REMOVED, REASON_INSUFFICIENT_MINUTES, REASON_OVERFLOW. */
bool move_quoted(struct tx *tx, const struct move_order *order, struct minute_move *out);

/* Makes it, if it still brings `received`: also REASON_QUOTE_CHANGED and REASON_INSUFFICIENT_CREDIT. */
bool move_made(struct tx *tx, const struct move_order *order, seconds_t received,
               struct actor actor, struct minute_move *out);

#endif
