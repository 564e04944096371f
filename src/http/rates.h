/* What each sender may: how many requests a second (the generic cell rate algorithm, ITU-T I.371): as many at once as in
   one second, and then as they come due; and its share of the queues. */
#ifndef HTTP_RATES_H
#define HTTP_RATES_H

#include <stdbool.h>
#include <stdint.h>

struct rates;

/* What the platform lets one sender have that others do not. */
struct sender_terms {
    int64_t per_second; /* 0: as all */
    uint32_t share;     /* base/fair_queue.h; 0: as all */
};

struct rates *rates_new(void);
void rates_free(struct rates *rates);

/* From now on. Any thread. */
void rates_set_terms(struct rates *rates, uint64_t sender, struct sender_terms terms);

/* Its share. Any thread. */
uint32_t rates_share(struct rates *rates, uint64_t sender);

/* Whether a request of `sender` at `now_us` (clock_monotonic_us) is within `per_second` (0: any number), or within what it
   may by its own terms; then it counts. Any thread. */
bool rates_take(struct rates *rates, uint64_t sender, int64_t per_second, int64_t now_us);

/* For /metrics: how often not. */
uint64_t rates_refused(struct rates *rates);

#endif
