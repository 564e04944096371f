#include "engine/jobs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

const char *const job_ending_names[] = { "ran", "failed", "given_up", NULL };

static struct {
    pthread_mutex_t lock;
    void (*wake)(void *context);
    void *context;
} waker = { .lock = PTHREAD_MUTEX_INITIALIZER };

static atomic_uint_fast64_t endings[JOB_KIND_COUNT][JOB_ENDING_COUNT];

static struct {
    pthread_mutex_t lock;
    struct job_counts counts[JOB_KIND_COUNT];
} noted = { .lock = PTHREAD_MUTEX_INITIALIZER };

void jobs_wake(void)
{
    pthread_mutex_lock(&waker.lock);
    if (waker.wake != NULL) waker.wake(waker.context);
    pthread_mutex_unlock(&waker.lock);
}

void jobs_set_waker(void (*wake)(void *context), void *context)
{
    pthread_mutex_lock(&waker.lock);
    waker.wake = wake;
    waker.context = context;
    pthread_mutex_unlock(&waker.lock);
}

void jobs_count_ending(enum job_kind kind, enum job_ending ending)
{
    atomic_fetch_add(&endings[kind][ending], 1);
}

void jobs_note_counts(const struct job_counts counts[JOB_KIND_COUNT])
{
    pthread_mutex_lock(&noted.lock);
    memcpy(noted.counts, counts, sizeof(noted.counts));
    pthread_mutex_unlock(&noted.lock);
}

void jobs_stats(struct job_stats out[JOB_KIND_COUNT])
{
    pthread_mutex_lock(&noted.lock);
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        out[kind].counts = noted.counts[kind];
        for (int ending = 0; ending < JOB_ENDING_COUNT; ending++)
            out[kind].endings[ending] = atomic_load(&endings[kind][ending]);
    }
    pthread_mutex_unlock(&noted.lock);
}
