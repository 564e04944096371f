/* The four roundings of domain.md §1, and nothing else that divides money. Pure.
   Every function is false when a result does not fit in an int64 (an error, never a wrap). */
#ifndef DOMAIN_MONEY_H
#define DOMAIN_MONEY_H

#include "base/types.h"

/* value(s, p) = (s*p + 30) / 60, half up; value(-s, p) = -value(s, p). price >= 0. */
bool money_value(seconds_t seconds, micros_t price, micros_t *out);

/* seconds_for(m, p) = floor(m*60 / p) for m >= 0, p > 0. */
bool money_seconds_for(micros_t amount, micros_t price, seconds_t *out);

/* card_amount(s, p) = ceil(s*p / 600000) whole cents, for s >= 0. */
bool money_card_cents(seconds_t seconds, micros_t price, int64_t *out);

/* The same as micro-dollars: what a purchase by minutes pays. */
bool money_card_amount(seconds_t seconds, micros_t price, micros_t *out);

/* The telecom increment "first/step": 1/1, 60/60, 30/6. Both 1..3600. */
struct increment {
    int64_t first_seconds;
    int64_t step_seconds;
};

/* Billed seconds of a call of `duration` >= 0 seconds. */
bool money_billed_seconds(seconds_t duration, struct increment increment, seconds_t *out);

#endif
