/* Payouts (domain.md §11): made at renewals, and what becomes of them. */
#ifndef ENGINE_PAYOUTS_H
#define ENGINE_PAYOUTS_H

#include "store/payouts.h"
#include "store/renewals.h"

/* The rule, at a renewal: fills in what it came to. Under the agency's lock. */
bool payout_at_renewal(struct tx *tx, const struct renewing_agency *agency,
                       struct renewal *renewal);

/* It arrived; or did not, and the money is the agency's profit again. `out` is it before and after. REASON_NOT_FOUND,
   REASON_PAYOUT_SETTLED. */
struct payout_change {
    struct payout before, after;
};
bool payout_paid(struct tx *tx, id64_t payout, id64_t staff, struct payout_change *out);
bool payout_failed(struct tx *tx, id64_t payout, struct str why, id64_t staff,
                   struct payout_change *out);

#endif
