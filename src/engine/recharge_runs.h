/* Auto-recharge at work (domain.md §5): looking whether to buy, and what a purchase that ended means for it. Its state
   changes under the agency's lock, and charging is told by the agency's version. */
#ifndef ENGINE_RECHARGE_RUNS_H
#define ENGINE_RECHARGE_RUNS_H

#include "domain/purchases.h"
#include "engine/accounts.h"
#include "store/ledger.h"

/* Orders a look (recharge_order_look) for those whose wallets calls, or holds for calls, left below their thresholds: with the wallets as they are
   now, or where they are not known, of accounts that are armed. */
bool recharge_check_wallets(struct tx *tx, const struct charged_agency *agency,
                            struct charged_account *const *accounts, const struct wallet *wallets,
                            size_t n);
bool recharge_check_charged(struct tx *tx, const struct charged_agency *agency,
                            struct charged_account *const *accounts, size_t n);

/* Looks, and buys when it has to. `*again_at`: when to look again; INSTANT_NONE: when something happens. */
bool recharge_look(struct tx *tx, id64_t agency, id64_t subaccount, instant_t *again_at);

/* A purchase of its own has come to rest. */
bool recharge_settled(struct tx *tx, const struct purchase *purchase);

/* The account is being removed: off, and what waits to be paid by hand is called off. */
bool recharge_end(struct tx *tx, id64_t agency, id64_t subaccount);

#endif
