#include "jobs/unit.h"

#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "engine/jobs.h"
#include "jobs/scheduler.h"

#include <pthread.h>

enum { UNIT_ARENA_BYTES = 16 * 1024 };

void unit_open(struct unit *unit, struct writer *writer, const struct job_work *const *works,
               struct pause *pause)
{
    uint64_t seed;

    rng_secure(&seed, sizeof(seed));
    *unit = (struct unit){
        .writer = writer,
        .works = works,
        .arena = arena_new(UNIT_ARENA_BYTES),
        .jitter = rng_seeded(seed),
        .run = { .pause = pause },
    };
}

void unit_close(struct unit *unit)
{
    arena_free(unit->arena);
}

static const struct job_work *work_of(const struct unit *unit)
{
    return unit->works[unit->run.job.kind];
}

/* --- in the writer --- */

static void begin_run(struct unit *unit)
{
    unit->run.arena = unit->arena;
    unit->run.result = JOB_DONE;
    unit->run.again_at = INSTANT_NONE;
    unit->run.why = STR_NONE;
}

static bool go_outside(struct tx *tx, struct unit *unit)
{
    struct job_row *row = &unit->run.job;
    int64_t seconds = work_of(unit)->outside_seconds + SCHEDULER_LEASE_EXTRA_SECONDS;

    unit->fate = UNIT_OUTSIDE;
    row->lease = id_new(tx->now);
    row->lease_until = tx->now + seconds * MICROS_PER_SECOND;
    return job_lease(tx, row, row->lease, row->lease_until);
}

/* A kind's own time comes before the rule's; the rule's last try ends it. */
static bool retry(struct tx *tx, struct unit *unit)
{
    struct job_run *run = &unit->run;
    instant_t next = run->again_at != INSTANT_NONE
        ? run->again_at
        : job_next_try(run->job.tries + 1, tx->now, &unit->jitter);

    if (next != INSTANT_NONE) return job_failed(tx, &run->job, next, run->why);
    run->result = JOB_GIVE_UP;
    return job_dead(tx, &run->job, run->why);
}

static bool end_run(struct tx *tx, struct unit *unit)
{
    struct job_run *run = &unit->run;

    unit->fate = UNIT_ENDED;
    switch (run->result) {
    case JOB_DONE: return job_done(tx, &run->job);
    case JOB_AGAIN:
        return job_again(tx, &run->job, run->again_at == INSTANT_NONE ? tx->now : run->again_at);
    case JOB_RETRY: return retry(tx, unit);
    case JOB_OUTSIDE: return go_outside(tx, unit);
    case JOB_GIVE_UP:
    default: return job_dead(tx, &run->job, run->why);
    }
}

/* What a newer version knows is left for it. */
static bool leave_unknown(struct tx *tx, struct unit *unit)
{
    return job_again(tx, &unit->run.job,
                     tx->now + SCHEDULER_UNKNOWN_REST_SECONDS * MICROS_PER_SECOND);
}

static bool run_unit(struct tx *tx, struct unit *unit)
{
    bool found;

    unit->fate = UNIT_GONE;
    if (!job_take(tx, &unit->ref, &unit->run.job, &found)) return false;
    if (!found) return true;
    if (unit->run.job.kind < 0 || work_of(unit) == NULL) return leave_unknown(tx, unit);
    begin_run(unit);
    return work_of(unit)->run(tx, &unit->run) && end_run(tx, unit);
}

static struct unit *unit_of(struct job *job)
{
    return (struct unit *)(void *)job;
}

static bool prepare(struct tx *tx, struct job *job)
{
    (void)tx;
    job->gathered = true;
    return true;
}

/* All in one savepoint: when one fails, the writer runs each alone. */
static bool run_units(struct tx *tx, struct job **jobs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct unit *unit = unit_of(jobs[i]);
        int64_t began_us = clock_monotonic_us();

        tx_attach(tx, unit->arena, tx->problem);
        if (!run_unit(tx, unit)) return false;
        unit->took_us = clock_monotonic_us() - began_us;
    }
    return true;
}

static const struct gather together = { run_units };

/* Counts the units that are in the writer. */
struct latch {
    pthread_mutex_t lock;
    pthread_cond_t closed;
    size_t open; /* under lock */
};

/* Told under the lock: whoever waits takes the latch away as soon as it is let go. */
static void unit_done(struct job *job)
{
    struct latch *latch = unit_of(job)->latch;

    pthread_mutex_lock(&latch->lock);
    if (--latch->open == 0) pthread_cond_signal(&latch->closed);
    pthread_mutex_unlock(&latch->lock);
}

static bool submit(struct unit *unit, const struct job_ref *ref, struct latch *latch)
{
    enum reason refused;

    arena_reset(unit->arena);
    problem_init(&unit->problem, unit->arena);
    unit->ref = *ref;
    unit->fate = UNIT_GONE;
    unit->took_us = 0;
    unit->latch = latch;
    unit->job = (struct job){
        .arena = unit->arena,
        .problem = &unit->problem,
        .shard = writer_shard(ref->agency_id),
        .run = prepare,
        .gather = &together,
        .done = unit_done,
    };
    return writer_submit(unit->writer, &unit->job, &refused);
}

/* --- after it --- */

static void count_and_log(const struct unit *unit)
{
    const struct job_run *run = &unit->run;
    enum job_kind kind = (enum job_kind)run->job.kind;
    struct arena *arena = unit->arena;
    bool failed = run->result == JOB_RETRY || run->result == JOB_GIVE_UP;

    jobs_count_ending(kind,
                      run->result == JOB_RETRY         ? JOB_FAILED
                          : run->result == JOB_GIVE_UP ? JOB_GIVEN_UP
                                                       : JOB_RAN);
    if (!failed) return;
    log_event(run->result == JOB_GIVE_UP ? LOG_ERROR : LOG_WARN,
              run->result == JOB_GIVE_UP ? "job_given_up" : "job_failed",
              LOG_TEXT("job", id_format(arena, ID_JOB, run->job.id)),
              LOG_TEXT("kind", str_from_c(job_kind_names[kind])),
              LOG_INT("tries", run->job.tries + 1), LOG_TEXT("why", run->why));
}

/* The run's own transaction was rolled back, so the job is taken again. */
static bool run_failure(struct tx *tx, void *context)
{
    struct unit *unit = context;
    struct str why = unit->run.why;
    bool found;

    unit->fate = UNIT_GONE;
    if (!job_take(tx, &unit->ref, &unit->run.job, &found)) return false;
    if (!found) return true;
    begin_run(unit);
    unit->run.result = JOB_RETRY;
    unit->run.why = why;
    return end_run(tx, unit);
}

static bool is_of_the_moment(enum reason reason)
{
    return reason_status(reason) == 503;
}

static struct str why_of(struct unit *unit, const struct problem *problem)
{
    struct str detail = problem_detail(problem);

    return str_format(unit->arena, "%s: %.*s", reason_code(problem->reason), STR_ARG(detail));
}

/* False when the store cannot be written now: then nothing is written, and the job is still due. */
static bool finish(struct unit *unit)
{
    struct problem problem;

    if (problem_is_set(&unit->problem)) {
        if (is_of_the_moment(unit->problem.reason)) return false;
        unit->run.why = why_of(unit, &unit->problem);
        problem_init(&problem, unit->arena);
        if (!writer_run(unit->writer, unit->job.shard, unit->arena, &problem, run_failure, unit))
            return false;
    }
    if (unit->fate == UNIT_ENDED) count_and_log(unit);
    return true;
}

/* How many of them the writer took. */
static size_t submit_all(struct unit *const *units, const struct job_ref *refs, size_t n,
                         struct latch *latch)
{
    size_t taken = 0;

    pthread_mutex_lock(&latch->lock);
    latch->open = n + 1;
    pthread_mutex_unlock(&latch->lock);
    while (taken < n && submit(units[taken], &refs[taken], latch))
        taken++;
    for (size_t i = taken; i < n; i++)
        units[i]->fate = UNIT_GONE;
    pthread_mutex_lock(&latch->lock);
    latch->open -= n + 1 - taken;
    while (latch->open > 0)
        pthread_cond_wait(&latch->closed, &latch->lock);
    pthread_mutex_unlock(&latch->lock);
    return taken;
}

bool units_run(struct unit *const *units, const struct job_ref *refs, size_t n)
{
    struct latch latch = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };
    size_t taken = submit_all(units, refs, n, &latch);
    bool all_fine = taken == n;

    for (size_t i = 0; i < taken; i++)
        all_fine = finish(units[i]) && all_fine;
    pthread_cond_destroy(&latch.closed);
    pthread_mutex_destroy(&latch.lock);
    return all_fine;
}

/* --- outside --- */

static bool run_note(struct tx *tx, void *context)
{
    struct unit *unit = context;
    struct job_row leased = unit->run.job;
    bool found;

    unit->fate = UNIT_GONE;
    if (!job_take_leased(tx, &leased, &unit->run.job, &found)) return false;
    if (!found) {
        unit->run.job = leased;
        return true;
    }
    /* Asked for while it was outside: only this run's own posts count as done. */
    unit->run.job.posts = leased.posts;
    begin_run(unit);
    return work_of(unit)->note(tx, &unit->run) && end_run(tx, unit);
}

/* The note could not be made: the try failed, and comes again with the same key. */
static bool run_note_failure(struct tx *tx, void *context)
{
    struct unit *unit = context;
    struct job_row leased = unit->run.job;
    struct str why = unit->run.why;
    bool found;

    unit->fate = UNIT_GONE;
    if (!job_take_leased(tx, &leased, &unit->run.job, &found)) return false;
    if (!found) return true;
    begin_run(unit);
    unit->run.result = JOB_RETRY;
    unit->run.why = why;
    return end_run(tx, unit);
}

/* The store may be away for a moment: what is not noted is done once more when the lease runs out. */
static bool note(struct unit *unit, bool (*run)(struct tx *tx, void *context),
                 struct problem *problem)
{
    problem_init(problem, unit->arena);
    for (int tries = 1; !writer_run(unit->writer, unit->job.shard, unit->arena, problem, run, unit);
         tries++) {
        if (!is_of_the_moment(problem->reason)) return false;
        if (tries == SCHEDULER_NOTE_TRIES || !pause_for(unit->run.pause, MICROS_PER_SECOND)) {
            log_event(LOG_WARN, "job_not_noted",
                      LOG_TEXT("job", id_format(unit->arena, ID_JOB, unit->run.job.id)));
            return true;
        }
        problem_clear(problem);
    }
    return true;
}

void unit_go_outside(struct unit *unit)
{
    struct problem problem;

    work_of(unit)->outside(&unit->run);
    if (!note(unit, run_note, &problem)) {
        unit->run.why = why_of(unit, &problem);
        note(unit, run_note_failure, &problem);
    }
    if (unit->fate == UNIT_ENDED) count_and_log(unit);
}
