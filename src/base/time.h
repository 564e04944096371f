/* The only door to the clock (architecture.md "Time and chance"), and instants as text. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/str.h"
#include "base/types.h"

/* Now, from the system or, after clock_set_test, from the test clock. Thread-safe. */
instant_t clock_now(void);

/* A monotonic count of microseconds for durations and deadlines; unaffected by the test clock. */
int64_t clock_monotonic_us(void);

/* From here on clock_now starts at `now` and goes on at normal speed. For serve --test-clock. */
void clock_set_test(instant_t now);

/* RFC 3339 with a zone ("Z" or "+02:00"), 0 to 9 fraction digits (past 6 truncated), years 1970-2199.
   A leap second :60 reads as the next second. False when it is anything else. */
bool instant_parse(struct str text, instant_t *out);

/* UTC with "Z"; the fraction only when there is one: "2026-11-23T08:12:45Z", "…:45.25Z". */
struct str instant_format(struct arena *arena, instant_t instant);
void buffer_add_instant(struct buffer *b, instant_t instant);

#endif
