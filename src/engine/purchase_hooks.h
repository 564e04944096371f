/* Who wants to know how a purchase ended: what made it by itself, and has to go on from there. */
#ifndef ENGINE_PURCHASE_HOOKS_H
#define ENGINE_PURCHASE_HOOKS_H

#include "domain/purchases.h"
#include "store/db.h"

/* Tells whoever made it, by its origin, in the transaction in which it came to rest: it succeeded, failed (purchase->
   failure says why), was canceled, or needs somebody to confirm the payment. Only purchases that somebody made wait
   for that; an automatic one fails instead. */
bool purchase_tell(struct tx *tx, const struct purchase *purchase);

#endif
