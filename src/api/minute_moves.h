/* A move of minutes, or the quote of one, as the API shows it. */
#ifndef API_MINUTE_MOVES_H
#define API_MINUTE_MOVES_H

#include "api/actors.h"
#include "api/wallets.h"
#include "domain/moves.h"

struct balances_view {
    struct wallet_view from, to;
};

struct move_view {
    struct minute_move move;
    struct str from_name, to_name;
    micros_t remainder; /* what the whole seconds leave of the value */
    struct actor_view actor;
    struct balances_view *balances; /* NULL but in the reply that moved minutes */
};

extern const struct field minute_move_quote_fields[]; /* of a struct move_view */

/* Values and remainder, from the seconds and prices; false (r->problem) when they do not fit. */
bool move_view_fill(struct request *r, const struct minute_move *move, struct move_view *out);

#endif
