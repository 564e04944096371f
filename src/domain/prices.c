/* Prices, their history, markup and what a call costs (domain.md §4). */
#include "domain/prices.h"

#include "base/decimal.h"

#include <assert.h>

/* From the latest point back: nearly every question is about now. */
micros_t price_in_force(struct price_history history, instant_t at)
{
    if (history.count == 0) return MICROS_NONE;

    size_t i = history.count - 1;

    while (i > 0 && history.at[i].from > at)
        i--;
    return history.at[i].price;
}

micros_t price_effective(micros_t base, micros_t client)
{
    return client == MICROS_NONE || client < base ? base : client;
}

enum reason may_set_price(micros_t price, micros_t base)
{
    if (price <= 0) return REASON_TOO_SMALL;
    if (price > PRICE_MAX) return REASON_TOO_LARGE;
    if (price < base) return REASON_PRICE_BELOW_BASE;
    return REASON_NONE;
}

micros_t price_markup_percent(micros_t price, micros_t base)
{
    assert(price >= 0 && price <= PRICE_MAX && base >= 0 && base <= PRICE_MAX);
    if (base == 0) return 0;

    const int64_t hundredths_of_percent = 100 * 100;
    const int64_t micros_per_hundredth = 10000;
    int64_t markup = price < base ? base - price : price - base;
    int64_t rounded = (markup * hundredths_of_percent + base / 2) / base * micros_per_hundredth;

    return price < base ? -rounded : rounded;
}

bool price_from_markup(micros_t base, micros_t percent, micros_t *price)
{
    const int64_t whole = 100 * MICROS_PER_USD; /* 100 % */

    assert(base >= 0 && percent >= -whole);
    return int64_multiply_divide(base, whole + percent, whole / 2, whole, price);
}

bool wallet_worth(const seconds_t seconds[TIER_COUNT], const micros_t prices[TIER_COUNT],
                  micros_t *out)
{
    *out = 0;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t value;

        if (!money_value(seconds[tier], prices[tier], &value) || !int64_add(*out, value, out))
            return false;
    }
    return true;
}

struct increment increment_in_force(const struct increment_point *points, size_t count,
                                    instant_t at)
{
    assert(count > 0);
    size_t i = count - 1;

    while (i > 0 && points[i].from > at)
        i--;
    return points[i].increment;
}

enum reason call_rate(seconds_t duration, struct increment increment, micros_t base,
                      micros_t client, struct rating *out)
{
    out->base_price = base;
    out->price = price_effective(base, client);

    bool fits = money_billed_seconds(duration, increment, &out->billed_seconds)
        && money_value(out->billed_seconds, out->price, &out->spent)
        && money_value(out->billed_seconds, out->base_price, &out->cost);

    return fits ? REASON_NONE : REASON_OVERFLOW;
}
