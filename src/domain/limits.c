#include "domain/limits.h"

const struct limits limits_default = {
    .call_seconds = CALL_DURATION_MAX,
    .hold_seconds = RESERVATION_SECONDS_MAX,
    .extension_seconds = RESERVATION_SECONDS_MAX,
    .clock_skew_seconds = CALL_CLOCK_SKEW / MICROS_PER_SECOND,
    .record_days = CALL_AGE_MAX / MICROS_PER_DAY,
    .agency_requests = 0,
    .listeners = 2000,
    .agency_listeners = 1000,
    .unmatched_calls = 10000,
};

static struct limits own;
static bool is_settled;

const struct limits *limits(void)
{
    return is_settled ? &own : &limits_default;
}

void limits_settle(const struct limits *settled)
{
    own = *settled;
    is_settled = true;
}
