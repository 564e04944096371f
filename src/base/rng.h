/* The only door to entropy, and seeded generators for demos, tests and jitter. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Cryptographically secure bytes (libsodium). rng_start must have been called once. */
void rng_start(void);
void rng_secure(void *out, size_t len);

/* A reproducible generator (splitmix64 into xoshiro256**); not for secrets. */
struct rng {
    uint64_t state[4];
};

struct rng rng_seeded(uint64_t seed);
uint64_t rng_next(struct rng *rng);
int64_t rng_between(struct rng *rng, int64_t low, int64_t high); /* both inclusive, unbiased */

#endif
