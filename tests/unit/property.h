/* Random values for property tests: printed seed, repeatable with MB_SEED=... */
#ifndef TESTS_PROPERTY_H
#define TESTS_PROPERTY_H

#include "unit.h"

#include "base/rng.h"
#include "base/time.h"

#include <inttypes.h>
#include <stdlib.h>

/* A new seed every run, unless MB_SEED names one. Printed, so that a failure can be repeated. */
static inline struct rng property_rng(const char *property)
{
    const char *given = getenv("MB_SEED");
    uint64_t seed = given == NULL ? (uint64_t)clock_now() : strtoull(given, NULL, 10);

    print_message("# %s: MB_SEED=%" PRIu64 "\n", property, seed);
    return rng_seeded(seed);
}

/* 0 .. 2^63-1 with every magnitude equally likely, so that both small values and the edges are hit. */
static inline int64_t any_magnitude(struct rng *rng)
{
    int64_t shift = rng_between(rng, 1, 63);

    return (int64_t)(rng_next(rng) >> shift);
}

static inline int64_t any_int64(struct rng *rng)
{
    int64_t magnitude = any_magnitude(rng);

    return rng_next(rng) % 2 == 0 ? magnitude : -magnitude;
}

#endif
