/* {basic_seconds, premium_seconds}, as several resources show them. */
#ifndef API_RENEWALS_H
#define API_RENEWALS_H

#include "http/request.h"

struct tier_seconds {
    seconds_t basic_seconds, premium_seconds;
};
extern const struct field tier_seconds_fields[];
struct tier_seconds tier_seconds(const seconds_t seconds[TIER_COUNT]);

#endif
