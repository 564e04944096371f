/* Transfers of knowledge credits, and what plans have granted. */
#ifndef STORE_KNOWLEDGE_H
#define STORE_KNOWLEDGE_H

#include "domain/knowledge.h"
#include "store/db.h"
#include "store/minute_moves.h"

bool knowledge_transfer_insert(struct tx *tx, const struct knowledge_transfer *transfer);

/* A list of struct knowledge_transfer, newest first: all of an agency's, or those from or to one of its sub-accounts. */
struct knowledge_filter {
    id64_t subaccount; /* ID_NONE: all */
    id64_t before;     /* cursor; ID_NONE: from the newest */
    int64_t limit;
};
bool knowledge_transfer_list(struct tx *tx, id64_t agency, const struct knowledge_filter *filter,
                             struct list *out);

/* Where the credits of transfers came from and went to, as minute_moves_ends. */
bool knowledge_transfers_ends(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                              struct minute_move_ends *out);

/* How many credits plans have granted to an agency so far. */
bool knowledge_granted(struct tx *tx, id64_t agency, int64_t *out);

#endif
