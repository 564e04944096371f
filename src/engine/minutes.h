/* What several actions ask of a sub-account before they take minutes from it. */
#ifndef ENGINE_MINUTES_H
#define ENGINE_MINUTES_H

#include "domain/accounts.h"
#include "store/ledger.h"

/* REASON_SUBACCOUNT_REMOVED, naming it. A suspended account gives and receives. */
bool minutes_require_account(struct tx *tx, const struct subaccount *account);

/* Whether the wallet has them: else REASON_INSUFFICIENT_MINUTES, with what is left. */
bool minutes_require_in(struct tx *tx, const struct wallet *wallet, enum tier tier,
                        seconds_t seconds);
bool minutes_require(struct tx *tx, id64_t agency, id64_t subaccount, enum tier tier,
                     seconds_t seconds);

#endif
