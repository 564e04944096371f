/* Auto-recharge (domain.md §5): its settings, and what they would do. */
#ifndef ENGINE_RECHARGES_H
#define ENGINE_RECHARGES_H

#include "domain/recharge.h"
#include "store/db.h"

struct recharge_settings {
    bool enabled;
    micros_t threshold,
        amount; /* MICROS_NONE and -1: not given. Turning it off leaves all as it was set. */
    int tier;
};

/* What the amount buys at the client price now, and whether that happens as soon as it is on. */
struct recharge_quote {
    micros_t price;
    seconds_t seconds;
    micros_t balance; /* of the wallet, at client prices */
    bool buys_now;
};

/* REASON_SUBACCOUNT_REMOVED; REASON_REQUIRED at what is not given, and what purchase_price refuses at amount_usd. */
bool recharge_quoted(struct tx *tx, id64_t agency, id64_t subaccount,
                     const struct recharge_settings *settings, struct recharge_quote *out);

/* Settings that count from now on; what is in flight goes on. Refused as above. */
bool recharge_change(struct tx *tx, id64_t agency, id64_t subaccount,
                     const struct recharge_settings *settings, struct recharge *before,
                     struct recharge *after);

/* What a wallet is worth at client prices, and those; REASON_OVERFLOW. */
bool recharge_balance(struct tx *tx, id64_t agency, id64_t subaccount, micros_t *balance,
                      micros_t prices[TIER_COUNT]);

#endif
