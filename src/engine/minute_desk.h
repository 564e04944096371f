/* An agency's orders on minutes, served one after the other in one transaction: what they rest on is locked and read
   once for all, changed in memory by each, and posted together. */
#ifndef ENGINE_MINUTE_DESK_H
#define ENGINE_MINUTE_DESK_H

#include "engine/accounts.h"
#include "engine/credit.h"
#include "engine/pairs.h"
#include "store/agencies.h"
#include "store/ledger.h"

/* As it stands after the orders so far. Lives in the arena of the transaction that opened it. */
struct minute_desk {
    struct tx *tx;
    struct charged_agency *agency;
    struct credit credit;
    struct pairs ids; /* (sub-account, 0), beside what follows */
    struct charged_account **accounts;
    struct wallet *wallets; /* zero until they are locked */
    struct posting *postings;
    size_t n_postings;
};

#define MINUTE_DESK_NO_SEAT SIZE_MAX

/* Locks the agency's row and its credit, for `orders` postings on up to `accounts` sub-accounts. tx->cache is the connection's
   accounts_cache. */
bool minute_desk_open(struct minute_desk *desk, struct tx *tx, id64_t agency, size_t accounts,
                      size_t orders);

/* Where a sub-account is among accounts and wallets; MINUTE_DESK_NO_SEAT: the agency has none of this id. */
size_t minute_desk_seat(struct minute_desk *desk, id64_t subaccount);

/* Locks the wallets of all that have a seat, before the first posting. Who takes nothing from wallets may do without. */
bool minute_desk_lock_wallets(struct minute_desk *desk);

/* The prices of now, and whether the account may still have minutes (minutes_require_account). */
void minute_desk_prices(const struct minute_desk *desk, size_t seat, struct tier_prices *out);
bool minute_desk_require_account(const struct minute_desk *desk, size_t seat);

/* Takes what posting_check found good, and changes credit and wallets by it. */
void minute_desk_take(struct minute_desk *desk, const struct posting *posting);

/* Posts all that was taken. */
bool minute_desk_post(struct minute_desk *desk);

/* What serves one order: false with tx->problem, which is then the order's own, set. */
typedef bool (*minute_desk_serve)(struct minute_desk *desk, void *order);

/* Serves one order whose refusal goes to `problem`: it is its own, and takes nothing from the others. False only when the
   store failed. */
bool minute_desk_serve_one(struct minute_desk *desk, struct problem *problem, minute_desk_serve how,
                           void *order, bool *done);

#endif
