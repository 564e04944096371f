#include "engine/minutes.h"

bool minutes_require_account(struct tx *tx, const struct subaccount *account)
{
    return account->status != SUBACCOUNT_REMOVED
        || fail(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL, "%.*s was removed.",
                STR_ARG(account->name));
}

bool minutes_require_in(struct tx *tx, const struct wallet *wallet, enum tier tier,
                        seconds_t seconds)
{
    return wallet->seconds[tier] >= seconds
        || fail(tx->problem, REASON_INSUFFICIENT_MINUTES, NULL,
                "%lld seconds of %s minutes are left in the wallet.",
                (long long)wallet->seconds[tier], tier_names[tier]);
}

bool minutes_require(struct tx *tx, id64_t agency, id64_t subaccount, enum tier tier,
                     seconds_t seconds)
{
    struct wallet wallet;

    return ledger_wallets(tx, agency, &subaccount, 1, &wallet)
        && minutes_require_in(tx, &wallet, tier, seconds);
}
