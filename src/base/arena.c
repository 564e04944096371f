#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = alignof(max_align_t) };

/* Blocks form a list from the newest to the first; allocation is from the newest. */
struct block {
    struct block *previous;
    size_t capacity;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *newest;
    size_t used;        /* of the newest block */
    size_t used_before; /* of all others */
    size_t block_bytes;
};

static struct block *block_new(size_t capacity, struct block *previous)
{
    struct block *block = malloc(sizeof(*block) + capacity);

    if (block == NULL) abort();
    block->previous = previous;
    block->capacity = capacity;
    return block;
}

struct arena *arena_new(size_t block_bytes)
{
    struct arena *arena = malloc(sizeof(*arena));

    if (arena == NULL) abort();
    *arena = (struct arena){ .newest = block_new(block_bytes, NULL), .block_bytes = block_bytes };
    return arena;
}

/* Drops newer blocks until `last` is the newest. */
static void drop_blocks(struct arena *arena, const struct block *last)
{
    while (arena->newest != last) {
        struct block *previous = arena->newest->previous;
        free(arena->newest);
        arena->newest = previous;
    }
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) return;
    drop_blocks(arena, NULL);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    struct block *first = arena->newest;

    while (first->previous != NULL)
        first = first->previous;
    drop_blocks(arena, first);
    arena->used = 0;
    arena->used_before = 0;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){ .block = arena->newest,
                                .used = arena->used,
                                .used_before = arena->used_before };
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    drop_blocks(arena, mark.block);
    arena->used = mark.used;
    arena->used_before = mark.used_before;
}

static void grow(struct arena *arena, size_t bytes)
{
    size_t capacity = bytes > arena->block_bytes ? bytes : arena->block_bytes;

    arena->used_before += arena->used;
    arena->newest = block_new(capacity, arena->newest);
    arena->used = 0;
}

void *arena_alloc_raw(struct arena *arena, size_t bytes)
{
    assert(bytes <= SIZE_MAX / 2);
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    if (arena->newest->capacity - arena->used < rounded) grow(arena, rounded);
    void *at = arena->newest->bytes + arena->used;
    arena->used += rounded;
    return at;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    void *at = arena_alloc_raw(arena, bytes);

    memset(at, 0, bytes);
    return at;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used_before + arena->used;
}
