/* Times as phone systems write them: local without a zone, ISO 8601, RFC 5322. */
#ifndef INTEGRATIONS_CALL_TIMES_H
#define INTEGRATIONS_CALL_TIMES_H

#include "base/zone.h"

/* When something happened: one instant, or two where clocks were set back and the text names no zone. */
struct call_time {
    instant_t earlier, later;
};

/* "2026-11-23 08:12:45", a "T" or blanks between date and time, up to 9 digits of fraction (past 6 cut), then "Z",
   "+01:00", "+0100" or one of RFC 5322's zone names; or "Mon, 23 Nov 2026 08:12:45 +0000", its day of the week left out
   or not. Without a zone it is in `zone`. Years 1970 to 2199. False when it is anything else. */
bool call_time_parse(struct str text, const struct zone *zone, struct call_time *out);

#endif
