/* Buying minutes (domain.md §5), for the API, commands and, later, jobs. */
#ifndef ENGINE_PURCHASES_H
#define ENGINE_PURCHASES_H

#include "domain/purchases.h"
#include "store/ledger.h"

/* What is bought for whom: `seconds` or for `amount`, the other 0. */
struct purchase_order {
    id64_t agency, subaccount;
    enum tier tier;
    seconds_t seconds;
    micros_t amount;
    enum purchase_origin origin;
    bool at_base; /* at base price, whatever the client's is: what an agency buys for a client */
    id64_t payer,
        payment_method; /* whose card pays, and which; ID_NONE: the money arrives outside */
    id64_t created_by;  /* a user; ID_NONE: the system */
};

/* Makes it, pending, at the price of now. Without a card it is paid outside, by hand; a card is charged by a job
   (engine/charges.h), which ends it. REASON_SUBACCOUNT_REMOVED, REASON_UNKNOWN_PAYMENT_METHOD at "payment_method", and
   what purchase_price refuses. Whoever also locks the agency's row does so first. */
bool purchase_create(struct tx *tx, const struct purchase_order *order, struct purchase *out);

/* The agency says that it was paid: minutes and money are posted (REASON_PURCHASE_NOT_PENDING,
   REASON_INSUFFICIENT_CREDIT, REASON_SUBACCOUNT_REMOVED). It is priced by what was agreed when it was
   made; base is the base price now. */
bool purchase_mark_paid(struct tx *tx, id64_t agency, id64_t purchase, struct actor actor,
                        struct purchase *out);

/* The same of many of one agency, each resting on those before it; where one is refused `problem` says why, in the same
   words. False only when the store failed: then nothing of it happened. tx->cache is the connection's accounts_cache. */
struct ordered_purchase {
    struct purchase_order order;
    struct problem *problem;
    bool is_made;
    struct purchase made;
};
bool purchases_create(struct tx *tx, id64_t agency, struct ordered_purchase *orders, size_t n);

struct ordered_payment {
    id64_t purchase;
    struct problem *problem;
    bool is_paid;
    struct purchase before, paid;
    struct wallet wallet; /* after it */
    micros_t prices[TIER_COUNT];
};
bool purchases_mark_paid(struct tx *tx, id64_t agency, struct ordered_payment *orders, size_t n,
                         struct actor actor);

/* A card was charged for it: minutes and money are posted. Never refused: the money is there. */
bool purchase_collected(struct tx *tx, struct purchase *purchase);

/* It will not be paid (REASON_PURCHASE_NOT_PENDING, REASON_SUBACCOUNT_REMOVED). */
bool purchase_cancel(struct tx *tx, id64_t agency, id64_t purchase, struct purchase *out);

/* Its owner has confirmed the payment: the processor is asked how it stands (REASON_NO_ACTION_REQUIRED,
   REASON_SUBACCOUNT_REMOVED). */
bool purchase_complete_action(struct tx *tx, id64_t agency, id64_t purchase, struct purchase *out);

#endif
