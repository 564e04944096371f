/* How long to leave alone what failed: half a minute, doubled with each failure, an hour at most. Pure. */
#ifndef DOMAIN_BACKOFF_H
#define DOMAIN_BACKOFF_H

#include "base/rng.h"
#include "base/types.h"

/* When to try again after the `tries`th failure in a row; a quarter more or less, so that what failed together is not
   tried together. */
instant_t backoff_next(int64_t tries, instant_t now, struct rng *jitter);

#endif
