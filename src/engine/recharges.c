#include "engine/recharges.h"

#include "domain/accounts.h"
#include "domain/prices.h"
#include "domain/purchases.h"
#include "engine/automatic_purchases.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/recharges.h"
#include "store/subaccounts.h"

#include <string.h>

bool recharge_balance(struct tx *tx, id64_t agency, id64_t subaccount, micros_t *balance,
                      micros_t prices[TIER_COUNT])
{
    struct tier_prices all;
    struct wallet wallet;

    if (!subaccount_prices(tx, agency, subaccount, tx->now, &all)
        || !ledger_wallets(tx, agency, &subaccount, 1, &wallet))
        return false;
    memcpy(prices, all.effective, sizeof(all.effective));
    return wallet_worth(wallet.seconds, prices, balance)
        || fail_as(tx->problem, REASON_OVERFLOW, NULL);
}

static bool require_given(struct tx *tx, const struct recharge_settings *settings)
{
    const struct {
        const char *field;
        bool is_given;
    } rows[] = {
        { "threshold_usd", settings->threshold != MICROS_NONE },
        { "amount_usd", settings->amount != MICROS_NONE },
        { "tier", settings->tier >= 0 },
    };
    bool all_given = true;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!rows[i].is_given)
            all_given = fail_field_as(tx->problem, REASON_REQUIRED, str_from_c(rows[i].field));
    }
    return all_given;
}

/* Base is of no matter for what an amount buys. */
static bool price(struct tx *tx, micros_t amount, micros_t client, seconds_t *seconds)
{
    struct purchase purchase = { .profit = MICROS_NONE };
    enum reason refused =
        amount == 0 ? REASON_NOTHING_TO_BUY : purchase_price(&purchase, 0, amount, client, client);

    *seconds = purchase.seconds;
    return refused == REASON_NONE || fail_field_as(tx->problem, refused, STR("amount_usd"));
}

static bool load(struct tx *tx, id64_t agency, id64_t subaccount, struct subaccount *account,
                 struct recharge *out)
{
    if (!subaccount_load(tx, agency, subaccount, account)) return false;
    if (account->status == SUBACCOUNT_REMOVED)
        return fail_as(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL);
    return recharge_load(tx, agency, subaccount, out);
}

bool recharge_quoted(struct tx *tx, id64_t agency, id64_t subaccount,
                     const struct recharge_settings *settings, struct recharge_quote *out)
{
    struct subaccount account;
    struct recharge recharge;
    micros_t prices[TIER_COUNT];

    if (!load(tx, agency, subaccount, &account, &recharge) || !require_given(tx, settings)
        || !recharge_balance(tx, agency, subaccount, &out->balance, prices))
        return false;
    out->price = prices[settings->tier];
    out->buys_now = account.status == SUBACCOUNT_ACTIVE && recharge.purchase_id == ID_NONE
        && out->balance < settings->threshold;
    return price(tx, settings->amount, out->price, &out->seconds);
}

static bool allow(struct tx *tx, id64_t agency, id64_t subaccount,
                  const struct recharge_settings *settings)
{
    micros_t prices[TIER_COUNT], balance;
    seconds_t seconds;

    return require_given(tx, settings) && recharge_balance(tx, agency, subaccount, &balance, prices)
        && price(tx, settings->amount, prices[settings->tier], &seconds);
}

/* The version first: it locks the agency's row, and tells charging that this account's threshold is another. */
bool recharge_change(struct tx *tx, id64_t agency, id64_t subaccount,
                     const struct recharge_settings *settings, struct recharge *before,
                     struct recharge *after)
{
    struct subaccount account;
    int64_t version;

    if (!agency_next_version(tx, agency, &version)
        || !load(tx, agency, subaccount, &account, before)
        || (settings->enabled && !allow(tx, agency, subaccount, settings)))
        return false;
    *after = *before;
    if (settings->enabled) {
        after->threshold = settings->threshold;
        after->amount = settings->amount;
        after->tier = settings->tier;
    }
    recharge_set(after, settings->enabled, tx->now);
    return recharge_save(tx, after) && subaccount_stamp(tx, agency, subaccount, version)
        && (after->enabled || purchase_call_off(tx, agency, after->purchase_id))
        && recharge_order_look(tx, agency, subaccount);
}
