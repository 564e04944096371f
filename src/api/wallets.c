#include "api/wallets.h"

#include "store/agencies.h"

bool wallet_view_load(struct request *r, id64_t subaccount, struct wallet_view *out)
{
    struct tier_prices prices;
    struct wallet wallet;

    if (!ledger_wallets(r->tx, r->caller.agency, &subaccount, 1, &wallet)
        || !subaccount_prices(r->tx, r->caller.agency, subaccount, r->tx->now, &prices))
        return false;
    return wallet_view(&wallet, prices.effective, out)
        || fail_as(&r->problem, REASON_OVERFLOW, NULL);
}
