/* What an agency sets about minutes held for calls (domain.md §9). */
#ifndef DOMAIN_HOLD_SETTINGS_H
#define DOMAIN_HOLD_SETTINGS_H

#include "base/types.h"

enum { HOLD_GRACE_SECONDS_MAX = 3600, CONCURRENCY_LIMIT_MAX = 1000000 };
#define CONCURRENCY_UNLIMITED INT64_C(0)

struct hold_settings {
    seconds_t hold_seconds, extension_seconds; /* when the engine wants no other number */
    seconds_t
        grace_seconds; /* beyond what was granted: for ringing, and for the record to come in */
    int64_t concurrency_limit; /* calls at once of a sub-account; CONCURRENCY_UNLIMITED */
};

#endif
