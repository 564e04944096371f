/* Refunds and lost disputes (domain.md §5), for the API and jobs. */
#ifndef ENGINE_REFUNDS_H
#define ENGINE_REFUNDS_H

#include "domain/refunds.h"
#include "store/db.h"

struct refund_order {
    id64_t agency, purchase;
    seconds_t
        seconds; /* 0: when quoted the most there is, when made the whole purchase, as far as it is not refunded */
    struct actor actor;
};

/* What it would give back now, and the most that could be: seconds of the purchase that are left in the wallet.
   REASON_NOT_FOUND, REASON_SUBACCOUNT_REMOVED, REASON_PURCHASE_NOT_REFUNDABLE, REASON_REFUND_ON_ITS_WAY,
   REASON_MINUTES_USED with the most, REASON_NOTHING_TO_REFUND, REASON_OVERFLOW. */
bool refund_quoted(struct tx *tx, const struct refund_order *order, struct refund *out,
                   seconds_t *most);

/* Makes it: minutes and money are posted at once, so that the minutes cannot be used meanwhile. Money that came outside
   goes back outside, and that is all; a card's goes back by the provider, which may refuse (refund_failed). Also
   REASON_INSUFFICIENT_CREDIT, when the profit that it takes back covers what the agency owes. `after` is the purchase. */
bool refund_made(struct tx *tx, const struct refund_order *order, struct refund *out,
                 struct purchase *after);

/* The provider has sent the money, or refuses to: then minutes and money are as before it, unless a dispute was lost
   meanwhile, which takes them again. Nothing when that was known already. */
bool refund_arrived(struct tx *tx, id64_t agency, id64_t refund);
bool refund_failed(struct tx *tx, id64_t agency, id64_t refund, struct str failure);

/* The card network gave the money back against us: all that is left of the purchase is posted, whatever becomes of
   wallet and profit. REASON_NOT_FOUND, REASON_PURCHASE_NOT_DISPUTABLE, REASON_OVERFLOW. */
bool purchase_dispute_lost(struct tx *tx, id64_t agency, id64_t purchase, struct actor actor,
                           struct refund *out);

#endif
