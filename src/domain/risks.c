#include "domain/risks.h"

const char *const risk_names[] = {
    "overdrawn", "low_balance", "allocation_past_due", "payment_failing", "suspended", NULL,
};

static bool is_overdrawn(const struct risk_facts *facts)
{
    return facts->wallet[TIER_BASIC] < 0 || facts->wallet[TIER_PREMIUM] < 0;
}

bool risk_stands(enum risk risk, const struct risk_facts *facts)
{
    switch (risk) {
    case RISK_OVERDRAWN: return is_overdrawn(facts);
    case RISK_LOW_BALANCE:
        return !is_overdrawn(facts) && facts->used > 0
            && facts->wallet[TIER_BASIC] + facts->wallet[TIER_PREMIUM] < LOW_BALANCE_SECONDS;
    case RISK_ALLOCATION_PAST_DUE: return facts->allocation_is_past_due;
    case RISK_PAYMENT_FAILING: return facts->payment_fails;
    case RISK_SUSPENDED: return facts->is_suspended;
    case RISK_COUNT: break;
    }
    return false;
}
