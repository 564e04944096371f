/* Purchases' rows. */
#ifndef STORE_PURCHASES_H
#define STORE_PURCHASES_H

#include "domain/purchases.h"
#include "store/db.h"

bool purchase_insert(struct tx *tx, const struct purchase *purchase);
bool purchase_load(struct tx *tx, id64_t agency, id64_t id, struct purchase *out); /* locks it; REASON_NOT_FOUND */
bool purchase_update(struct tx *tx, const struct purchase *purchase); /* state, prices, profit, posting, succeeded_at */

#endif
