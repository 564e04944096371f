/* Purchases that nobody made by hand: how many there were, and which belong to a month of an allocation. */
#ifndef STORE_AUTOMATIC_PURCHASES_H
#define STORE_AUTOMATIC_PURCHASES_H

#include "domain/allocation.h"
#include "domain/purchases.h"
#include "store/db.h"

/* Recharges of a sub-account that were begun at or after `from`. */
bool recharges_begun_since(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from,
                           int64_t *out);

/* A purchase is one try at one tier of a run. */
bool allocation_purchase_insert(struct tx *tx, const struct allocation_run *run,
                                const struct purchase *purchase);

/* The run that a purchase is of. */
bool allocation_run_of(struct tx *tx, id64_t agency, id64_t purchase, struct allocation_run *out,
                       bool *found);

/* The last try at each tier of a run; the id is ID_NONE where there was none. */
bool allocation_tries(struct tx *tx, const struct allocation_run *run,
                      struct purchase out[TIER_COUNT]);

/* Accounts of an agency whose automatic payments need somebody: a list of struct payment_trouble, by account. */
struct payment_trouble {
    id64_t subaccount;
    bool fails;       /* its recharge's last payment failed, or its month's, which is tried again */
    bool is_past_due; /* a month was not paid, none since was, and the allocation is on */
};
bool payment_troubles(struct tx *tx, id64_t agency, struct list *out);

#endif
