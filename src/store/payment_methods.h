/* Cards' rows: what is kept of each. */
#ifndef STORE_PAYMENT_METHODS_H
#define STORE_PAYMENT_METHODS_H

#include "domain/cards.h"
#include "store/db.h"

bool payment_method_insert(struct tx *tx, const struct payment_method *method);

/* One that was not removed, of this sub-account. */
bool payment_method_find(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                         struct payment_method *out, bool *found);

/* Also one that was removed: a purchase may be on its way with it. REASON_NOT_FOUND */
bool payment_method_load(struct tx *tx, id64_t agency, id64_t id, struct payment_method *out);

/* What automatic purchases of the account are paid with. */
bool payment_method_default(struct tx *tx, id64_t agency, id64_t subaccount,
                            struct payment_method *out, bool *found);

/* Those that were not removed, the newest first; PAYMENT_METHODS_MAX at most. A list of struct payment_method. */
bool payment_method_list(struct tx *tx, id64_t agency, id64_t subaccount, struct list *out);

/* The default of the account from now on; the one before is none. */
bool payment_method_set_default(struct tx *tx, const struct payment_method *method);

bool payment_method_remove(struct tx *tx, const struct payment_method *method);

#endif
