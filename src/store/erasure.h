/* What is left of an agency that was deleted: the ledger, purchases, usage and calls, without anything that tells who
   they were about. Everything else goes. */
#ifndef STORE_ERASURE_H
#define STORE_ERASURE_H

#include "store/db.h"

/* One bounded bite of the work on an agency whose time has passed; `*touched` 0 when there is none. How far the work
   is, is kept with the agency, so that it goes on after a crash. */
bool agencies_erase_some(struct tx *tx, int64_t *touched);

#endif
