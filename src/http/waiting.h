/* Requests that look again in a moment (request_look_again): no thread has them meanwhile. They come back in the order in
   which they went, as all wait equally long. */
#ifndef HTTP_WAITING_H
#define HTTP_WAITING_H

#include <stdbool.h>
#include <stdint.h>

enum { WAITERS_MAX = 256, LOOK_AGAIN_MS = 150 };

struct waiter {
    struct waiter *next;
    int64_t due_us;
};

struct waiting;

/* `wake` gets each back, on the thread of the waiting. */
struct waiting *waiting_start(void (*wake)(struct waiter *waiter));

/* A place for one; false when there is none. Whoever got one goes in by waiting_enter. */
bool waiting_reserve(struct waiting *waiting);
void waiting_enter(struct waiting *waiting, struct waiter *waiter);

/* When nobody waits any more. */
void waiting_stop(struct waiting *waiting);

#endif
