#include "base/rng.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

void rng_start(void)
{
    if (sodium_init() < 0) abort();
}

void rng_secure(void *out, size_t len)
{
    randombytes_buf(out, len);
}

/* splitmix64 (Steele, Lea, Flood 2014): spreads a seed over the state. */
static uint64_t splitmix(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct rng rng_seeded(uint64_t seed)
{
    struct rng rng;

    for (size_t i = 0; i < 4; i++)
        rng.state[i] = splitmix(&seed);
    return rng;
}

static uint64_t rotate_left(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

/* xoshiro256** (Blackman, Vigna 2018). */
uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

int64_t rng_between(struct rng *rng, int64_t low, int64_t high)
{
    assert(low <= high);
    uint64_t span = (uint64_t)high - (uint64_t)low + 1;

    if (span == 0) return (int64_t)rng_next(rng);
    /* Numbers below 2^64 mod span would favour some results. */
    uint64_t least = (0 - span) % span, number;
    do {
        number = rng_next(rng);
    } while (number < least);
    return (int64_t)((uint64_t)low + number % span);
}
