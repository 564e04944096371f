#include "engine/pairs.h"

struct pairs pairs_new(struct arena *arena, size_t most)
{
    size_t capacity = 16;

    while (capacity < most * 2)
        capacity *= 2;
    return (struct pairs){
        .at = ARENA_ARRAY(arena, struct pair, most),
        .slots = ARENA_ARRAY(arena, uint32_t, capacity),
        .mask = capacity - 1,
    };
}

static size_t pair_hash(int64_t a, int64_t b)
{
    uint64_t x =
        (uint64_t)a * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)b * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (size_t)(x ^ (x >> 29));
}

size_t pairs_add(struct pairs *pairs, int64_t a, int64_t b)
{
    size_t i = pair_hash(a, b) & pairs->mask;

    for (; pairs->slots[i] != 0; i = (i + 1) & pairs->mask) {
        size_t position = pairs->slots[i] - 1;
        if (pairs->at[position].a == a && pairs->at[position].b == b) return position;
    }
    pairs->at[pairs->count] = (struct pair){ a, b };
    pairs->slots[i] = (uint32_t)++pairs->count;
    return pairs->count - 1;
}
