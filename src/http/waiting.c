#include "http/waiting.h"

#include "base/time.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct waiting {
    void (*wake)(struct waiter *waiter);
    pthread_mutex_t lock;
    pthread_cond_t changed; /* on the clock of clock_monotonic_us */
    pthread_t thread;
    struct waiter *first, **last; /* under lock, as is what follows */
    int reserved;
    bool is_stopping;
};

static void sleep_until(struct waiting *waiting, int64_t due_us)
{
    const struct timespec until = { .tv_sec = due_us / MICROS_PER_SECOND,
                                    .tv_nsec = due_us % MICROS_PER_SECOND * 1000 };

    pthread_cond_timedwait(&waiting->changed, &waiting->lock, &until);
}

/* The first when it is due; NULL when stopping. */
static struct waiter *take(struct waiting *waiting)
{
    struct waiter *first;

    pthread_mutex_lock(&waiting->lock);
    while ((first = waiting->first) == NULL || first->due_us > clock_monotonic_us()) {
        if (first != NULL)
            sleep_until(waiting, first->due_us);
        else if (waiting->is_stopping)
            break;
        else
            pthread_cond_wait(&waiting->changed, &waiting->lock);
    }
    if (first != NULL) {
        waiting->first = first->next;
        if (waiting->first == NULL) waiting->last = &waiting->first;
        waiting->reserved--;
    }
    pthread_mutex_unlock(&waiting->lock);
    return first;
}

static void *thread_main(void *context)
{
    struct waiting *waiting = context;
    struct waiter *waiter;

    while ((waiter = take(waiting)) != NULL)
        waiting->wake(waiter);
    return NULL;
}

struct waiting *waiting_start(void (*wake)(struct waiter *waiter))
{
    struct waiting *waiting = calloc(1, sizeof(*waiting));
    pthread_condattr_t attributes;

    assert(waiting != NULL);
    waiting->wake = wake;
    waiting->last = &waiting->first;
    pthread_mutex_init(&waiting->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&waiting->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    int failed = pthread_create(&waiting->thread, NULL, thread_main, waiting);
    assert(failed == 0);
    (void)failed;
    return waiting;
}

bool waiting_reserve(struct waiting *waiting)
{
    pthread_mutex_lock(&waiting->lock);
    bool has_room = !waiting->is_stopping && waiting->reserved < WAITERS_MAX;
    waiting->reserved += has_room;
    pthread_mutex_unlock(&waiting->lock);
    return has_room;
}

void waiting_enter(struct waiting *waiting, struct waiter *waiter)
{
    waiter->next = NULL;
    pthread_mutex_lock(&waiting->lock);
    waiter->due_us = clock_monotonic_us() + LOOK_AGAIN_MS * INT64_C(1000);
    *waiting->last = waiter;
    waiting->last = &waiter->next;
    pthread_cond_signal(&waiting->changed);
    pthread_mutex_unlock(&waiting->lock);
}

void waiting_stop(struct waiting *waiting)
{
    pthread_mutex_lock(&waiting->lock);
    waiting->is_stopping = true;
    pthread_cond_signal(&waiting->changed);
    pthread_mutex_unlock(&waiting->lock);
    pthread_join(waiting->thread, NULL);
    pthread_cond_destroy(&waiting->changed);
    pthread_mutex_destroy(&waiting->lock);
    free(waiting);
}
