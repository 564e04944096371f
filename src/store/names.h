/* What ids are called: of people, API keys and sub-accounts, for lists that name them. A purchase is called after the
   account that made it, an invitation after its address. */
#ifndef STORE_NAMES_H
#define STORE_NAMES_H

#include "store/db.h"

/* In the order of `ids`, of any of these kinds; absent where nothing has the id (any more). */
bool names_find(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, struct str *names);

#endif
