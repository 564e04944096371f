/* Buying minutes (domain.md §5), for the API, commands and, later, jobs. */
#ifndef ENGINE_PURCHASES_H
#define ENGINE_PURCHASES_H

#include "domain/purchases.h"
#include "store/db.h"

/* A manual purchase, pending, of `seconds` or for `amount` (the other 0), at the sub-account's price now. */
bool purchase_create(struct tx *tx, id64_t agency, id64_t subaccount, enum tier tier,
                     seconds_t seconds, micros_t amount, id64_t created_by, struct purchase *out);

/* The agency says that it was paid: minutes and money are posted (REASON_PURCHASE_NOT_PENDING,
   REASON_INSUFFICIENT_CREDIT, REASON_SUBACCOUNT_REMOVED). It is priced by what was agreed when it was
   made; base is the base price now. */
bool purchase_mark_paid(struct tx *tx, id64_t agency, id64_t purchase, struct actor actor,
                        struct purchase *out);

#endif
