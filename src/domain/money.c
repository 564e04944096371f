/* The four roundings of domain.md §1. */
#include "domain/money.h"

#include "base/decimal.h"

#include <assert.h>

enum { SECONDS_PER_MINUTE = 60 };
#define MICROS_PER_CENT (MICROS_PER_USD / 100)

/* The magnitude is taken in 128 bits, so that the most negative number of seconds has one too. */
bool money_value(seconds_t seconds, micros_t price, micros_t *out)
{
    assert(price >= 0);
    bool is_negative = seconds < 0;
    __int128 magnitude = is_negative ? -(__int128)seconds : seconds;
    __int128 value = (magnitude * price + SECONDS_PER_MINUTE / 2) / SECONDS_PER_MINUTE;

    return !__builtin_add_overflow(is_negative ? -value : value, 0, out);
}

bool money_seconds_for(micros_t amount, micros_t price, seconds_t *out)
{
    assert(amount >= 0 && price > 0);
    return int64_multiply_divide(amount, SECONDS_PER_MINUTE, 0, price, out);
}

bool money_card_cents(seconds_t seconds, micros_t price, int64_t *out)
{
    assert(seconds >= 0 && price >= 0);
    return int64_multiply_divide_up(seconds, price, SECONDS_PER_MINUTE * MICROS_PER_CENT, out);
}

bool money_card_amount(seconds_t seconds, micros_t price, micros_t *out)
{
    int64_t cents;

    return money_card_cents(seconds, price, &cents) && int64_multiply(cents, MICROS_PER_CENT, out);
}

bool money_billed_seconds(seconds_t duration, struct increment increment, seconds_t *out)
{
    assert(duration >= 0 && increment.first_seconds > 0 && increment.step_seconds > 0);
    if (duration == 0) {
        *out = 0;
        return true;
    }
    if (duration <= increment.first_seconds) {
        *out = increment.first_seconds;
        return true;
    }

    int64_t beyond = duration - increment.first_seconds;
    int64_t steps = beyond / increment.step_seconds + (beyond % increment.step_seconds != 0);
    int64_t stepped;

    return int64_multiply(steps, increment.step_seconds, &stepped)
        && int64_add(increment.first_seconds, stepped, out);
}
