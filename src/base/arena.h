/* Memory that is freed whole: one arena per request, job or command (style.md "Memory"). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A point to return to: everything allocated after it goes when arena_rewind is called. */
struct arena_mark {
    void *block;
    size_t used, used_before;
};

/* A new arena that grows in blocks of at least `block_bytes`. Never NULL: out of memory aborts,
   because a server that cannot allocate 4 KB cannot answer either. Owned by the caller. */
struct arena *arena_new(size_t block_bytes);
void arena_free(struct arena *arena);

/* Forgets everything but keeps the first block for reuse. */
void arena_reset(struct arena *arena);

struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* `bytes` zeroed bytes, aligned for any type; lives as long as the arena. Never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* The same, not zeroed, for text and buffers that are filled at once. */
void *arena_alloc_raw(struct arena *arena, size_t bytes);

/* Bytes handed out so far, for limits and metrics. */
size_t arena_used(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) \
    ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

#endif
