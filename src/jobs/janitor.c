#include "jobs/janitor.h"

#include "base/log.h"
#include "base/time.h"
#include "store/idempotency.h"
#include "store/sessions.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { JANITOR_ARENA_BYTES = 4096 };

static const struct sweep {
    const char *what;
    bool (*delete_some)(struct tx *tx, int64_t *deleted);
} sweeps[] = {
    { "sessions", sessions_delete_expired },
    { "idempotency_keys", stored_replies_delete_expired },
};

struct janitor {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* is_stopping, or a bite's is_done */
    bool is_stopping;
    struct writer *writer;
};

/* One job: what it deletes, and how it ended. */
struct bite {
    struct job job;
    struct janitor *janitor;
    const struct sweep *sweep;
    int64_t deleted;
    bool is_done;
};

static struct bite *bite_of(struct job *job)
{
    return (struct bite *)((char *)job - offsetof(struct bite, job));
}

static bool run_bite(struct tx *tx, struct job *job)
{
    struct bite *bite = bite_of(job);

    return bite->sweep->delete_some(tx, &bite->deleted);
}

static void bite_done(struct job *job)
{
    struct bite *bite = bite_of(job);
    struct janitor *janitor = bite->janitor;

    pthread_mutex_lock(&janitor->lock);
    bite->is_done = true;
    pthread_cond_broadcast(&janitor->changed);
    pthread_mutex_unlock(&janitor->lock);
}

static void wait_for(struct bite *bite)
{
    pthread_mutex_lock(&bite->janitor->lock);
    while (!bite->is_done)
        pthread_cond_wait(&bite->janitor->changed, &bite->janitor->lock);
    pthread_mutex_unlock(&bite->janitor->lock);
}

/* False when it could not be done: the next round tries again. */
static bool take_bite(struct janitor *janitor, const struct sweep *sweep, struct arena *arena,
                      int64_t *deleted)
{
    struct problem problem;
    struct bite bite = {
        .job = { .arena = arena, .problem = &problem, .run = run_bite, .done = bite_done },
        .janitor = janitor,
        .sweep = sweep,
    };
    enum reason refused = REASON_NONE;

    problem_init(&problem, arena);
    if (!writer_submit(janitor->writer, &bite.job, &refused)) {
        log_event(LOG_WARN, "sweep_refused", LOG_TEXT("what", str_from_c(sweep->what)),
                  LOG_TEXT("reason", str_from_c(reason_code(refused))));
        return false;
    }
    wait_for(&bite);
    if (problem_is_set(&problem)) {
        log_event(LOG_WARN, "sweep_failed", LOG_TEXT("what", str_from_c(sweep->what)),
                  LOG_TEXT("detail", problem_detail(&problem)));
        return false;
    }
    *deleted = bite.deleted;
    return true;
}

static bool is_stopping(struct janitor *janitor)
{
    pthread_mutex_lock(&janitor->lock);
    bool stopping = janitor->is_stopping;
    pthread_mutex_unlock(&janitor->lock);
    return stopping;
}

static void sweep(struct janitor *janitor, const struct sweep *sweep, struct arena *arena)
{
    int64_t total = 0, deleted = 0;

    for (int i = 0; i < JANITOR_BITES_MAX && !is_stopping(janitor); i++) {
        arena_reset(arena);
        if (!take_bite(janitor, sweep, arena, &deleted) || deleted == 0) break;
        total += deleted;
    }
    if (total > 0)
        log_event(LOG_INFO, "swept", LOG_TEXT("what", str_from_c(sweep->what)),
                  LOG_INT("rows", total));
}

/* False when it is to stop. */
static bool rest(struct janitor *janitor)
{
    int64_t until_us = clock_monotonic_us() + JANITOR_INTERVAL_SECONDS * MICROS_PER_SECOND;
    struct timespec until = { .tv_sec = until_us / MICROS_PER_SECOND,
                              .tv_nsec = until_us % MICROS_PER_SECOND * 1000 };
    int waited = 0;

    pthread_mutex_lock(&janitor->lock);
    while (!janitor->is_stopping && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&janitor->changed, &janitor->lock, &until);
    bool goes_on = !janitor->is_stopping;
    pthread_mutex_unlock(&janitor->lock);
    return goes_on;
}

static void *work(void *context)
{
    struct janitor *janitor = context;
    struct arena *arena = arena_new(JANITOR_ARENA_BYTES);

    do {
        for (size_t i = 0; i < COUNT_OF(sweeps); i++)
            sweep(janitor, &sweeps[i], arena);
    } while (rest(janitor));
    arena_free(arena);
    return NULL;
}

/* On the clock of clock_monotonic_us: one that is set must not stop the sweeping. */
static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct janitor *janitor_start(struct writer *writer)
{
    struct janitor *janitor = calloc(1, sizeof(*janitor));

    if (janitor == NULL) abort();
    janitor->writer = writer;
    pthread_mutex_init(&janitor->lock, NULL);
    condition_init(&janitor->changed);
    if (pthread_create(&janitor->thread, NULL, work, janitor) != 0) abort();
    return janitor;
}

void janitor_stop(struct janitor *janitor)
{
    pthread_mutex_lock(&janitor->lock);
    janitor->is_stopping = true;
    pthread_cond_broadcast(&janitor->changed);
    pthread_mutex_unlock(&janitor->lock);
    pthread_join(janitor->thread, NULL);
    pthread_cond_destroy(&janitor->changed);
    pthread_mutex_destroy(&janitor->lock);
    free(janitor);
}
