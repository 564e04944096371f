#include "jobs/pause.h"

#include "base/time.h"
#include "base/types.h"

#include <errno.h>
#include <time.h>

/* On the clock of clock_monotonic_us: one that is set must not end or stretch a rest. */
void pause_init(struct pause *pause)
{
    pthread_condattr_t attributes;

    pause->is_stopping = pause->is_woken = false;
    pthread_mutex_init(&pause->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pause->stopped, &attributes);
    pthread_condattr_destroy(&attributes);
}

void pause_destroy(struct pause *pause)
{
    pthread_cond_destroy(&pause->stopped);
    pthread_mutex_destroy(&pause->lock);
}

bool pause_for(struct pause *pause, int64_t duration_us)
{
    int64_t until_us = clock_monotonic_us() + duration_us;
    struct timespec until = { .tv_sec = until_us / MICROS_PER_SECOND,
                              .tv_nsec = until_us % MICROS_PER_SECOND * 1000 };
    int waited = 0;

    pthread_mutex_lock(&pause->lock);
    while (!pause->is_stopping && !pause->is_woken && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&pause->stopped, &pause->lock, &until);
    bool goes_on = !pause->is_stopping;
    pause->is_woken = false;
    pthread_mutex_unlock(&pause->lock);
    return goes_on;
}

void pause_wake(struct pause *pause)
{
    pthread_mutex_lock(&pause->lock);
    pause->is_woken = true;
    pthread_cond_broadcast(&pause->stopped);
    pthread_mutex_unlock(&pause->lock);
}

void pause_stop(struct pause *pause)
{
    pthread_mutex_lock(&pause->lock);
    pause->is_stopping = true;
    pthread_cond_broadcast(&pause->stopped);
    pthread_mutex_unlock(&pause->lock);
}

bool pause_is_stopping(struct pause *pause)
{
    pthread_mutex_lock(&pause->lock);
    bool stopping = pause->is_stopping;
    pthread_mutex_unlock(&pause->lock);
    return stopping;
}
