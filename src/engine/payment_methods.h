/* The cards of sub-accounts (domain.md §5), for the API. */
#ifndef ENGINE_PAYMENT_METHODS_H
#define ENGINE_PAYMENT_METHODS_H

#include "store/payment_methods.h"

/* Adds a card; an account's first one is its default. REASON_SUBACCOUNT_REMOVED, REASON_CARD_EXPIRED at "exp_year",
   REASON_TOO_MANY_CARDS. */
bool payment_method_add(struct tx *tx, id64_t agency, id64_t subaccount,
                        enum purchase_provider provider, const struct card *card, id64_t created_by,
                        struct payment_method *out);

/* REASON_SUBACCOUNT_REMOVED, REASON_NOT_FOUND. */
bool payment_method_choose(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                           struct payment_method *out);

/* Takes it away; when it was the default, the newest of the others is. Purchases that are on their way with it go on.
   Likewise. */
bool payment_method_drop(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                         struct payment_method *out);

#endif
