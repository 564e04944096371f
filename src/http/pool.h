/* A pool of threads with a bounded queue: readers of the store, and the hashing of passwords. */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "base/fair_queue.h"

struct work {
    struct queued place; /* in the queue: `sender` takes turns with others */
    void (*run)(struct work *work, void *resource);
};

/* Makes what a thread has for itself (a connection to the store), and takes it away. `make` NULL: nothing. */
struct pool_resource {
    void *(*make)(void *context);
    void (*unmake)(void *resource);
    void *context;
};

struct pool;

/* NULL when a thread's resource cannot be made. `niceness`: by how much its threads are nicer than the process, 0 to
   19: how far they stand back when there is not enough processor for all. */
struct pool *pool_start(size_t threads, size_t queue_max, int niceness,
                        struct pool_resource resource);

/* False when the queue is full, its sender has its share waiting, or the pool is stopping; the work is then the caller's again. */
bool pool_submit(struct pool *pool, struct work *work);

/* Finishes what waits, then stops. */
void pool_stop(struct pool *pool);

/* For /metrics. */
struct pool_stats {
    size_t queued; /* now */
    uint64_t refused;
};
struct pool_stats pool_stats(struct pool *pool);

#endif
