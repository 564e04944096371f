/* Buying minutes (domain.md §5): what is bought for what, the states, and the posting. Pure. */
#ifndef DOMAIN_PURCHASES_H
#define DOMAIN_PURCHASES_H

#include "base/reason.h"
#include "domain/ledger.h"
#include "domain/prices.h"

enum purchase_state {
    PURCHASE_PENDING,
    PURCHASE_PROCESSING,
    PURCHASE_SUCCEEDED,
    PURCHASE_REQUIRES_ACTION,
    PURCHASE_FAILED,
    PURCHASE_CANCELED,
    PURCHASE_REFUNDED,
};
extern const char *const purchase_state_names[];

/* `test` stands for a card processor on servers with a test clock; its money is the platform's, as Stripe's. */
enum purchase_provider { PROVIDER_MANUAL, PROVIDER_STRIPE, PROVIDER_TEST };
extern const char *const purchase_provider_names[];

/* Why it was made: somebody bought, or the account's own settings did. */
enum purchase_origin { ORIGIN_DIRECT, ORIGIN_AUTO_RECHARGE, ORIGIN_AUTO_ALLOCATION };
extern const char *const purchase_origin_names[];

struct purchase {
    id64_t agency_id, id, subaccount_id;
    int tier, provider, origin, state;
    seconds_t seconds;
    micros_t paid;       /* what the client pays, whole cents */
    micros_t unit_price; /* as agreed when it was made, and kept */
    micros_t base_price; /* when it was made; set again when it succeeds */
    micros_t profit;     /* once succeeded; at base price 0 */
    id64_t payer_id;     /* the sub-account whose card pays; ID_NONE: the money arrives outside */
    id64_t payment_method_id;
    struct str charge_reference; /* what the provider calls the charge; absent: none yet */
    struct str failure;          /* why it was not paid, or what it still needs; absent: nothing */
    seconds_t refunded;          /* so far, refunds on their way and lost disputes included */
    micros_t refunded_amount;
    instant_t disputed_at; /* when a dispute was lost */
    id64_t posting_id;
    id64_t created_by; /* a user, or ID_NONE */
    instant_t created_at, succeeded_at;
};

/* Limits of one purchase: 1 second to 100 million minutes; 0.01 to 10 million USD. */
#define PURCHASE_SECONDS_MAX (INT64_C(6000000000))
#define PURCHASE_AMOUNT_MAX  (INT64_C(10000000) * MICROS_PER_USD)

/* Fills seconds, paid and both prices from exactly one of `seconds` and `amount` (the other 0;
   both: REASON_EXCLUSIVE_FIELDS). `client` is the effective price. REASON_BAD_MONEY when an
   amount is not whole cents, REASON_NOTHING_TO_BUY when no second is bought, REASON_TOO_SMALL
   below zero, REASON_TOO_LARGE past the limits, REASON_OVERFLOW. */
enum reason purchase_price(struct purchase *purchase, seconds_t seconds, micros_t amount,
                           micros_t base, micros_t client);

/* Whether an agency may mark it paid: manual and pending, else REASON_PURCHASE_NOT_PENDING. */
enum reason may_mark_paid(const struct purchase *purchase);

/* Whether it may be called off: manual and pending, likewise. What a card is charged for may be paid already. */
enum reason may_cancel_purchase(const struct purchase *purchase);

/* Whether its owner may say that the payment is confirmed: else REASON_NO_ACTION_REQUIRED. */
enum reason may_complete_action(const struct purchase *purchase);

/* Whether nothing more happens to it by itself: not pending at a card, not processing. */
bool purchase_is_at_rest(const struct purchase *purchase);

/* Who pays base and the markup, and where the markup goes, by who collected the money. */
struct money_path {
    enum ledger_account base_from;
    enum ledger_account markup_from;
    enum ledger_account markup_to;
};
const struct money_path *purchase_money_path(const struct purchase *purchase);

/* From one account of the agency or the platform to another. */
void posting_transfer_money(struct posting *posting, enum ledger_account from,
                            enum ledger_account to, micros_t amount);

/* Splits what was paid: base value, and markup, which is profit above base price and rounding at
   it. Below zero, when base rose past what was paid, it is a loss and never rounding. */
enum reason purchase_split(const struct purchase *purchase, micros_t *base_value, micros_t *markup,
                           bool *markup_is_rounding);

/* The posting of a purchase that succeeded, and `purchase->profit`:
     issued -> wallet, and
     a card (stripe, test): cash -paid, base_revenue +base, profit +(paid - base);
     manual: credit -base, base_revenue +base, outside -(paid - base), collected +(paid - base);
   at base price the markup, a fraction of a cent, goes to rounding instead and profit is 0. */
enum reason posting_for_purchase(struct purchase *purchase, id64_t posting_id, instant_t at,
                                 struct posting *out);

/* What a posting does to the two balances that cover what an agency owes. */
struct credit_change {
    micros_t credit, profit;
};
struct credit_change credit_change_of(const struct posting *posting);

/* Whether `credit` + max(0, `profit`) >= -limit still holds after both change; what does not bring
   that sum down is never refused. Limit MICROS_NONE: no limit. REASON_NONE or
   REASON_INSUFFICIENT_CREDIT. */
enum reason credit_allows(micros_t credit, micros_t profit, micros_t limit,
                          struct credit_change change);

#endif
