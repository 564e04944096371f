/* What moved between two sub-accounts, in the statement of one of them. */
#ifndef API_MOVED_H
#define API_MOVED_H

#include "http/request.h"
#include "store/ledger.h"
#include "store/minute_moves.h"

struct moved_entry {
    const struct statement_entry *entry;
    struct minute_move_ends ends; /* where what it moved came from and went to */
    struct str
        description; /* "Minutes moved to Harbor Dental"; absent where the caller may not know */
};

/* The other account's name is its agency's to know. */
bool moved_describe(struct request *r, struct moved_entry *moved, size_t n);

#endif
