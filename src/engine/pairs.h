/* Distinct pairs of numbers in order of first sight: what a batch's calls are grouped by. */
#ifndef ENGINE_PAIRS_H
#define ENGINE_PAIRS_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct pair {
    int64_t a, b;
};

struct pairs {
    struct pair *at;
    size_t count;
    uint32_t *slots; /* position + 1; 0 is free */
    size_t mask;
};

/* Room for up to `most` distinct pairs. */
struct pairs pairs_new(struct arena *arena, size_t most);

/* The position of the pair, added at the end when it is new. */
size_t pairs_add(struct pairs *pairs, int64_t a, int64_t b);

#endif
