#include "domain/backoff.h"

enum { FIRST_WAIT_SECONDS = 30, LONGEST_WAIT_SECONDS = 3600, DOUBLINGS_MAX = 7 };

instant_t backoff_next(int64_t tries, instant_t now, struct rng *jitter)
{
    int64_t doublings = tries < 1 ? 0 : tries - 1;
    int64_t wait = FIRST_WAIT_SECONDS;

    if (doublings > DOUBLINGS_MAX) doublings = DOUBLINGS_MAX;
    wait <<= doublings;
    if (wait > LONGEST_WAIT_SECONDS) wait = LONGEST_WAIT_SECONDS;
    wait *= MICROS_PER_SECOND;
    return now + rng_between(jitter, wait - wait / 4, wait + wait / 4);
}
