#include "engine/wallets.h"

/* clang-format off */
const struct field wallet_fields[] = {
    FIELD_INTEGER(struct wallet_view, basic_seconds),
    FIELD_INTEGER(struct wallet_view, premium_seconds),
    FIELD_INTEGER(struct wallet_view, held_basic_seconds),
    FIELD_INTEGER(struct wallet_view, held_premium_seconds),
    FIELD_MONEY(struct wallet_view, balance_usd),
    FIELD_BOOLEAN(struct wallet_view, overdrawn),
    FIELD_END,
};
/* clang-format on */

bool wallet_view(const struct wallet *wallet, const micros_t prices[TIER_COUNT],
                 struct wallet_view *out)
{
    *out = (struct wallet_view){
        .basic_seconds = wallet->seconds[TIER_BASIC],
        .premium_seconds = wallet->seconds[TIER_PREMIUM],
        .held_basic_seconds = wallet->held[TIER_BASIC],
        .held_premium_seconds = wallet->held[TIER_PREMIUM],
    };
    for (int tier = 0; tier < TIER_COUNT; tier++)
        out->overdrawn = out->overdrawn || wallet->seconds[tier] < 0;
    return wallet_worth(wallet->seconds, prices, &out->balance_usd);
}
