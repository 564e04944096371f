/* Prices, their history, markup (domain.md §4). Pure. */
#ifndef DOMAIN_PRICES_H
#define DOMAIN_PRICES_H

#include "base/reason.h"
#include "base/types.h"
#include "domain/money.h"
#include "domain/tier.h"

/* The largest price that may be set: 1,000 USD a minute. */
#define PRICE_MAX (INT64_C(1000) * MICROS_PER_USD)

/* From `from` on the price is `price`; MICROS_NONE as a client price means "apply base price". */
struct price_point {
    instant_t from;
    micros_t price;
};

/* Points in ascending order of `from`. The first also counts for everything before it, so a call
   that started before its account existed here is charged at the first price known. */
struct price_history {
    const struct price_point *at;
    size_t count;
};

/* The price in force at an instant; MICROS_NONE when the history is empty. */
micros_t price_in_force(struct price_history history, instant_t at);

/* What the client pays: never below base; `client` MICROS_NONE gives base. */
micros_t price_effective(micros_t base, micros_t client);

/* Whether an agency may set this client price: REASON_NONE, REASON_TOO_SMALL (negative or zero),
   REASON_TOO_LARGE or REASON_PRICE_BELOW_BASE. */
enum reason may_set_price(micros_t price, micros_t base);

/* Markup in percent of base as a fixed-point number with 6 decimals (25 % = 25,000,000), rounded
   half up to hundredths of a percent so that it prints as "25.00"; 0 when base is 0. */
micros_t price_markup_percent(micros_t price, micros_t base);

/* The price that a markup of `percent` (fixed point as above, from -100 % on) makes of base: to the micro-dollar, half up.
   False when it does not fit. */
bool price_from_markup(micros_t base, micros_t percent, micros_t *price);

/* What minutes of both tiers are worth at these prices (domain.md §4 "wallet balance"); false when it
   does not fit. */
bool wallet_worth(const seconds_t seconds[TIER_COUNT], const micros_t prices[TIER_COUNT],
                  micros_t *out);

/* Billing increments have a history too (the increment in force when the call started). */
struct increment_point {
    instant_t from;
    struct increment increment;
};

struct increment increment_in_force(const struct increment_point *points, size_t count,
                                    instant_t at);

/* What a call costs: billed seconds and both prices at its start, and both values. */
struct rating {
    seconds_t billed_seconds;
    micros_t price, base_price;
    micros_t spent, cost;
};

/* Rates one call; REASON_OVERFLOW when a value does not fit. */
enum reason call_rate(seconds_t duration, struct increment increment, micros_t base,
                      micros_t client, struct rating *out);

#endif
