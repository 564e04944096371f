/* Giving money back for minutes given back (domain.md §5): a refund of what is unused, a dispute that was lost in full.
   Pure. */
#ifndef DOMAIN_REFUNDS_H
#define DOMAIN_REFUNDS_H

#include "domain/purchases.h"

enum refund_kind { REFUND_ASKED, REFUND_DISPUTE };
extern const char *const refund_kind_names[];
enum refund_state { REFUND_PENDING, REFUND_SUCCEEDED, REFUND_FAILED };
extern const char *const refund_state_names[];

struct refund {
    id64_t agency_id, id, purchase_id, subaccount_id;
    int kind, state, tier;
    seconds_t seconds;
    micros_t amount; /* goes back to who paid: whole cents */
    micros_t base;   /* of it the platform's, at the base price of the purchase */
    micros_t profit; /* markup that was earned and is not any more; what neither is, is rounding */
    struct str failure; /* why the provider refused it; absent: it did not */
    id64_t posting_id;
    id64_t return_posting_id; /* of one that failed */
    id64_t created_by;        /* a user; ID_NONE: the system */
    instant_t created_at, settled_at;
};

/* How much of a purchase can be given back when its wallet holds `wallet` seconds: what is left of it. */
seconds_t refund_most(const struct purchase *purchase, seconds_t wallet);

/* Whether a purchase that has succeeded, and lost no dispute, may be refunded by `seconds`: REASON_NONE,
   REASON_PURCHASE_NOT_REFUNDABLE, or REASON_MINUTES_USED when that is more than the most. */
enum reason may_refund(const struct purchase *purchase, seconds_t seconds, seconds_t wallet);

/* Fills seconds, amount, base and profit of a refund of `seconds` more of the purchase, beside what was given back
   before. What all refunds of a purchase give back is, at every point, the pro rata of all their seconds: paid rounded
   down to whole cents, base as of the seconds, half up, and markup the rest of the exact pro rata in micro-dollars. So
   the sum of refunds of all seconds is the purchase, to the micro-dollar; what lies between is in `rounding` meanwhile.
   REASON_NONE, REASON_NOTHING_TO_REFUND when it is less than a cent, REASON_OVERFLOW. */
enum reason refund_share(const struct purchase *purchase, seconds_t seconds, struct refund *out);

/* The rest of a purchase, which a lost dispute takes, whatever it is. */
enum reason refund_rest(const struct purchase *purchase, struct refund *out);

/* The reverse of the purchase's posting for this share of it. A dispute's is of its own kind. */
enum reason posting_for_refund(const struct refund *refund, const struct purchase *purchase,
                               instant_t at, struct posting *out);

/* The reverse of that, when the provider refused the refund. */
enum reason posting_for_refund_return(const struct refund *refund, const struct purchase *purchase,
                                      instant_t at, struct posting *out);

/* What the refund makes of its purchase: seconds and amount given back, the state, when a dispute was lost. */
void refund_apply(const struct refund *refund, struct purchase *purchase);
void refund_undo(const struct refund *refund, struct purchase *purchase);

#endif
