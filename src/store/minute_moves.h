/* Moves of minutes (domain.md §6), as they were made. */
#ifndef STORE_MINUTE_MOVES_H
#define STORE_MINUTE_MOVES_H

#include "domain/moves.h"
#include "store/db.h"

bool minute_moves_insert(struct tx *tx, const struct minute_move *const *moves, size_t n);

/* Newest first: all of an agency's, or those from or to one of its sub-accounts. */
struct minute_move_filter {
    id64_t subaccount;  /* ID_NONE: all */
    instant_t from, to; /* INSTANT_NONE: open */
    id64_t before;      /* cursor; ID_NONE: from the newest */
    int64_t limit;
};
/* A list of struct minute_move; values are not stored and left 0. */
bool minute_move_list(struct tx *tx, id64_t agency, const struct minute_move_filter *filter,
                      struct list *out);

/* Where the minutes of moves came from and went to, in the order of `ids`; both ID_NONE for an id that no move has. */
struct minute_move_ends {
    id64_t from, to;
};
bool minute_moves_ends(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                       struct minute_move_ends *out);

#endif
