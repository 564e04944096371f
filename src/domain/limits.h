/* What the operator allows, the same for all agencies (docs/operating.md "Limits"). Settled once, before the first thread
   asks; until then as limits_default has it, which is also the most that a store can hold. */
#ifndef DOMAIN_LIMITS_H
#define DOMAIN_LIMITS_H

#include "domain/reservations.h"

struct limits {
    seconds_t call_seconds;                    /* talk time of a call */
    seconds_t hold_seconds, extension_seconds; /* of one question */
    seconds_t clock_skew_seconds;              /* how far ahead an engine's clock may be */
    int64_t record_days;                       /* how long ago a call may have begun */
    int64_t agency_requests;                   /* of an agency in a second; 0: any number */
    int64_t listeners, agency_listeners;       /* to live events: of one node, of an agency on it */
    int64_t unmatched_calls;                   /* of an agency that wait at once */
};

extern const struct limits limits_default;

const struct limits *limits(void);
void limits_settle(const struct limits *settled);

#endif
