/* A sub-account's wallet as people and machines are shown it: minutes left and held, and what they are worth today. */
#ifndef ENGINE_WALLETS_H
#define ENGINE_WALLETS_H

#include "base/field.h"
#include "domain/prices.h"
#include "store/ledger.h"

struct wallet_view {
    seconds_t basic_seconds, premium_seconds;
    seconds_t held_basic_seconds, held_premium_seconds;
    micros_t balance_usd; /* domain.md §4: the minutes left at the client prices */
    bool overdrawn;       /* a tier is below zero */
};

extern const struct field wallet_fields[];

/* At the prices that count for the client. False when the worth does not fit. */
bool wallet_view(const struct wallet *wallet, const micros_t prices[TIER_COUNT],
                 struct wallet_view *out);

#endif
