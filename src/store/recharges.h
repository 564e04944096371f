/* Auto-recharge: the settings of sub-accounts, and how each stands. */
#ifndef STORE_RECHARGES_H
#define STORE_RECHARGES_H

#include "domain/recharge.h"
#include "store/db.h"

/* Off and never set when there is no row. */
bool recharge_load(struct tx *tx, id64_t agency, id64_t subaccount, struct recharge *out);
bool recharge_save(struct tx *tx, const struct recharge *recharge);

/* Orders a look at whether it has to buy: its wallet has less, its price is another. Nothing where it is off, or where a
   purchase of its own is under way, whose end looks again. */
bool recharge_order_look(struct tx *tx, id64_t agency, id64_t subaccount);

/* The same of several, found at once; and of all of an agency's, whose base prices are others. */
bool recharge_order_looks(struct tx *tx, id64_t agency, const id64_t *subaccounts, size_t n);
bool recharge_order_looks_of_all(struct tx *tx, id64_t agency);

#endif
