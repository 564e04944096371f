#include "jobs/scheduler.h"

#include "base/log.h"
#include "base/time.h"
#include "engine/jobs.h"
#include "jobs/outside.h"

#include <pthread.h>
#include <stdlib.h>

enum { SCHEDULER_ARENA_BYTES = 64 * 1024, WINDOW_START = 8, REST_DOUBLINGS_MAX = 5 };

struct scheduler {
    struct scheduler_settings settings;
    pthread_t thread;
    struct pause pause;
    struct arena *arena; /* of one look */
    struct tx *reader;   /* NULL: not connected */
    struct outside *outside;
    struct unit units[SCHEDULER_WINDOW_MAX];
    size_t window;      /* how many of them are handed over at once */
    int setbacks;       /* in a row: the store could not be read or written */
    int64_t counted_us; /* when it was last looked at how all stand */
};

/* --- looking --- */

/* Beside the writer, so that an idle scheduler costs it nothing. False when the store cannot be read now. */
static bool look(struct scheduler *scheduler, bool (*read)(struct tx *tx, void *context),
                 void *context)
{
    struct problem problem;

    arena_reset(scheduler->arena);
    problem_init(&problem, scheduler->arena);
    if (scheduler->reader == NULL)
        scheduler->reader = db_connect(scheduler->settings.db, DB_READER, &problem);
    if (scheduler->reader == NULL
        || !tx_begin(scheduler->reader, scheduler->arena, &problem, clock_now()))
        return false;
    bool seen = read(scheduler->reader, context);
    tx_rollback(scheduler->reader);
    return seen;
}

struct due_look {
    bool goes_outside;
    size_t limit;
    struct list refs;
};

static bool read_due(struct tx *tx, void *context)
{
    struct due_look *due = context;

    return jobs_due(tx, tx->now, due->goes_outside, due->limit, &due->refs);
}

static bool read_counts(struct tx *tx, void *context)
{
    return jobs_count(tx, context);
}

static void count_now_and_then(struct scheduler *scheduler)
{
    struct job_counts counts[JOB_KIND_COUNT];
    int64_t now_us = clock_monotonic_us();

    if (scheduler->counted_us != 0
        && now_us < scheduler->counted_us + SCHEDULER_COUNT_SECONDS * MICROS_PER_SECOND)
        return;
    if (!look(scheduler, read_counts, counts)) return;
    scheduler->counted_us = now_us;
    jobs_note_counts(counts);
}

/* --- doing --- */

/* So many that the writer is free for others again soon. */
static void fit_window(struct scheduler *scheduler, size_t n)
{
    int64_t took_us = 0;

    for (size_t i = 0; i < n; i++)
        took_us += scheduler->units[i].took_us;
    if (took_us > SCHEDULER_BITE_US && scheduler->window > 1) scheduler->window /= 2;
    if (n == scheduler->window && took_us < SCHEDULER_BITE_US / 2
        && scheduler->window < SCHEDULER_WINDOW_MAX)
        scheduler->window *= 2;
}

/* How a round went: whether another one at once may find more to do. */
enum round { ROUND_IDLE, ROUND_BUSY, ROUND_SETBACK };

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By agency, so that nodes that share a PostgreSQL lock agencies' rows in one order; each one's in the order of time. */
static int compare_refs(const void *left, const void *right)
{
    const struct job_ref *a = left, *b = right;
    int by_agency = compare(a->agency_id, b->agency_id);
    int by_time = by_agency != 0 ? by_agency : compare(a->due_at, b->due_at);

    return by_time != 0 ? by_time : compare(a->id, b->id);
}

static bool any_moved(struct unit *const *units, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (units[i]->fate != UNIT_GONE) return true;
    }
    return false;
}

static enum round do_inside(struct scheduler *scheduler)
{
    struct due_look due = { .limit = scheduler->window };
    struct unit *units[SCHEDULER_WINDOW_MAX];

    if (!look(scheduler, read_due, &due)) return ROUND_SETBACK;
    if (due.refs.count > 1)
        qsort(due.refs.at, due.refs.count, sizeof(struct job_ref), compare_refs);
    for (size_t i = 0; i < due.refs.count; i++)
        units[i] = &scheduler->units[i];
    bool fine = units_run(units, due.refs.at, due.refs.count);
    fit_window(scheduler, due.refs.count);
    if (!fine) return ROUND_SETBACK;
    return any_moved(units, due.refs.count) ? ROUND_BUSY : ROUND_IDLE;
}

static void send_outside(struct outside *outside, struct unit *unit)
{
    if (unit->fate == UNIT_OUTSIDE)
        outside_begin(outside, unit);
    else
        outside_return(outside, unit);
}

static enum round do_outside(struct scheduler *scheduler)
{
    struct unit *units[SCHEDULER_OUTSIDE_MAX];
    struct outside *outside = scheduler->outside;
    struct due_look due = { .goes_outside = true };
    enum round round = ROUND_IDLE;

    due.limit = outside_borrow(outside, units, COUNT_OF(units));
    if (due.limit == 0) return ROUND_IDLE;
    if (!look(scheduler, read_due, &due)) {
        due.refs.count = 0;
        round = ROUND_SETBACK;
    }
    if (!units_run(units, due.refs.at, due.refs.count)) round = ROUND_SETBACK;
    if (round == ROUND_IDLE && any_moved(units, due.refs.count)) round = ROUND_BUSY;
    for (size_t i = 0; i < due.limit; i++) {
        if (i >= due.refs.count) units[i]->fate = UNIT_GONE;
        send_outside(outside, units[i]);
    }
    return round;
}

/* A store in trouble is left alone for a second, then two, four … */
static int64_t rest_us(const struct scheduler *scheduler)
{
    int doublings =
        scheduler->setbacks <= REST_DOUBLINGS_MAX ? scheduler->setbacks - 1 : REST_DOUBLINGS_MAX;

    return scheduler->setbacks == 0 ? SCHEDULER_POLL_MS * INT64_C(1000)
                                    : MICROS_PER_SECOND << doublings;
}

static bool do_round(struct scheduler *scheduler)
{
    enum round inside = do_inside(scheduler), outside = do_outside(scheduler);
    bool is_setback = inside == ROUND_SETBACK || outside == ROUND_SETBACK;

    scheduler->setbacks = is_setback ? scheduler->setbacks + 1 : 0;
    return !is_setback && (inside == ROUND_BUSY || outside == ROUND_BUSY);
}

static void *work(void *context)
{
    struct scheduler *scheduler = context;

    do {
        while (do_round(scheduler) && !pause_is_stopping(&scheduler->pause)) {
        }
        count_now_and_then(scheduler);
    } while (pause_for(&scheduler->pause, rest_us(scheduler)));
    return NULL;
}

static void wake(void *context)
{
    struct scheduler *scheduler = context;

    pause_wake(&scheduler->pause);
}

struct scheduler *scheduler_start(const struct scheduler_settings *settings)
{
    struct scheduler *scheduler = calloc(1, sizeof(*scheduler));

    if (scheduler == NULL) abort();
    scheduler->settings = *settings;
    scheduler->arena = arena_new(SCHEDULER_ARENA_BYTES);
    scheduler->window = WINDOW_START;
    pause_init(&scheduler->pause);
    for (size_t i = 0; i < SCHEDULER_WINDOW_MAX; i++)
        unit_open(&scheduler->units[i], settings->writer, settings->works, &scheduler->pause);
    scheduler->outside = outside_start(settings->writer, settings->works, wake, scheduler);
    if (pthread_create(&scheduler->thread, NULL, work, scheduler) != 0) abort();
    jobs_set_waker(wake, scheduler);
    return scheduler;
}

void scheduler_stop(struct scheduler *scheduler)
{
    jobs_set_waker(NULL, NULL);
    pause_stop(&scheduler->pause);
    pthread_join(scheduler->thread, NULL);
    outside_stop(scheduler->outside);
    for (size_t i = 0; i < SCHEDULER_WINDOW_MAX; i++)
        unit_close(&scheduler->units[i]);
    if (scheduler->reader != NULL) db_disconnect(scheduler->reader);
    arena_free(scheduler->arena);
    pause_destroy(&scheduler->pause);
    free(scheduler);
}
