/* What about an account needs a look (domain.md §14), as far as its wallet, its payments and its status tell. Pure. */
#ifndef DOMAIN_RISKS_H
#define DOMAIN_RISKS_H

#include "base/types.h"
#include "domain/tier.h"

enum risk {
    RISK_OVERDRAWN,
    RISK_LOW_BALANCE,
    RISK_ALLOCATION_PAST_DUE,
    RISK_PAYMENT_FAILING,
    RISK_SUSPENDED,
    RISK_COUNT
};
extern const char *const risk_names[];

/* An account that uses minutes has a low balance with less than this left in both tiers together. */
#define LOW_BALANCE_SECONDS SECONDS_PER_HOUR

struct risk_facts {
    bool is_suspended;
    seconds_t wallet[TIER_COUNT];
    seconds_t used; /* in the current billing period */
    bool allocation_is_past_due;
    bool payment_fails; /* its auto-recharge's, or its month's, which is tried again */
};

/* Whether a risk stands. An account has at most one of overdrawn and low balance. */
bool risk_stands(enum risk risk, const struct risk_facts *facts);

#endif
