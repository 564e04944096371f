/* The quantities of domain.md §1, named so that readers and compilers tell them apart. */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t id64_t;    /* 63 bits, time-ordered (base/id.h); 0 means none */
typedef int64_t instant_t; /* microseconds since 1970-01-01T00:00:00Z */
typedef int64_t micros_t;  /* micro-dollars; as a price: micro-dollars per minute */
typedef int64_t seconds_t; /* talk time and minutes, always in seconds */

#define ID_NONE           ((id64_t)0)
#define INSTANT_NONE      INT64_MIN /* "not set"; null in JSON and in the store */
#define MICROS_NONE       INT64_MIN /* likewise */

#define MICROS_PER_USD    INT64_C(1000000)
#define MICROS_PER_SECOND INT64_C(1000000) /* of an instant_t */
#define SECONDS_PER_HOUR  INT64_C(3600)
#define MICROS_PER_HOUR   (SECONDS_PER_HOUR * MICROS_PER_SECOND)
#define MICROS_PER_DAY    (24 * MICROS_PER_HOUR)

#define COUNT_OF(array)   (sizeof(array) / sizeof((array)[0]))

#endif
