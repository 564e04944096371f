#include "engine/writer.h"

#include "base/fibonacci_hash.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/time.h"
#include "engine/accounts.h"
#include "engine/bets.h"
#include "engine/jobs.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { GROUP_ARENA_BYTES = 1 << 20, RETRY_BASE_US = 500 };

/* One writer thread with its own connection, queue and accounts cache. */
struct lane {
    struct writer *writer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct fair_queue *queue; /* under lock */
    bool stopping;            /* under lock */
    struct tx *tx;            /* the thread's alone, as is what follows */
    struct accounts_cache *accounts;
    struct arena *arena; /* of one group */
    struct rng jitter;
    struct writer_stats stats; /* under lock */
    struct bets bets;          /* of groups that are one gather (tx->bets) */
};

struct writer {
    struct lane *lanes;
    size_t n_lanes;
    atomic_size_t waiting;
};

/* Jobs of one transaction. */
struct group {
    struct job *jobs[WRITER_GROUP_MAX];
    size_t n;
    bool apart; /* tried without savepoints, which failed */
};

static bool is_store_failure(enum reason reason)
{
    return reason == REASON_STORE_UNAVAILABLE || reason == REASON_STORE_FULL
        || reason == REASON_STORE_RETRY;
}

/* Runs one piece of work in a savepoint with the job's own arena and problem. */
static bool run_alone(struct lane *lane, struct job *job, bool (*work)(struct tx *, struct job *))
{
    tx_attach(lane->tx, job->arena, job->problem);
    bool done = tx_savepoint(lane->tx) && work(lane->tx, job) && tx_release(lane->tx);
    if (!done && !tx_is_broken(lane->tx)) {
        tx_rollback_to(lane->tx);
        accounts_cache_rolled_back(lane->accounts);
    }
    return done;
}

static bool run_gather_of_one(struct tx *tx, struct job *job)
{
    return job->gather->run_many(tx, &job, 1);
}

/* Prepares gathered jobs (they only read) and runs all others, in arrival order. */
static void run_jobs(struct lane *lane, struct group *group)
{
    for (size_t i = 0; i < group->n && !tx_is_broken(lane->tx); i++) {
        struct job *job = group->jobs[i];
        job->gathered = false;
        problem_clear(job->problem);
        if (job->gather == NULL) {
            run_alone(lane, job, job->run);
        } else {
            tx_attach(lane->tx, job->arena, job->problem);
            if (!job->run(lane->tx, job)) job->gathered = false;
        }
    }
}

/* All jobs of one gather at once; each alone when that fails. `problem` is set when the transaction is lost. */
static void run_gather(struct lane *lane, struct problem *problem, struct job **jobs, size_t n)
{
    tx_attach(lane->tx, lane->arena, problem);
    bool done = tx_savepoint(lane->tx) && jobs[0]->gather->run_many(lane->tx, jobs, n)
        && tx_release(lane->tx);
    if (done || tx_is_broken(lane->tx)) return;
    problem_clear(problem);
    tx_rollback_to(lane->tx);
    accounts_cache_rolled_back(lane->accounts);
    for (size_t i = 0; i < n && !tx_is_broken(lane->tx); i++)
        run_alone(lane, jobs[i], run_gather_of_one);
}

/* The jobs from `first` on that are gathered as it is; each is taken once. */
static size_t take_gathered(const struct group *group, size_t first, struct job **out)
{
    const struct gather *gather = group->jobs[first]->gather;
    size_t n = 0;

    for (size_t i = first; i < group->n; i++) {
        if (group->jobs[i]->gathered && group->jobs[i]->gather == gather) {
            group->jobs[i]->gathered = false;
            out[n++] = group->jobs[i];
        }
    }
    return n;
}

static void run_gathers(struct lane *lane, struct group *group, struct problem *problem)
{
    struct job *jobs[WRITER_GROUP_MAX];

    for (size_t i = 0; i < group->n && !tx_is_broken(lane->tx); i++) {
        size_t n = take_gathered(group, i, jobs);
        if (n > 0) run_gather(lane, problem, jobs, n);
    }
}

/* A group that does nothing but one gather needs no savepoint: it can be undone as a whole and run again with them.
   SQLite copies every page that a savepoint changes, and each savepoint is two messages to PostgreSQL. */
static bool is_one_gather(const struct group *group)
{
    for (size_t i = 0; i < group->n; i++) {
        if (group->jobs[i]->gather == NULL || group->jobs[i]->gather != group->jobs[0]->gather)
            return false;
    }
    return true;
}

static bool run_one_gather(struct lane *lane, struct group *group, struct problem *problem)
{
    struct job *jobs[WRITER_GROUP_MAX];
    size_t n = take_gathered(group, 0, jobs);

    tx_attach(lane->tx, lane->arena, problem);
    return n == 0 || jobs[0]->gather->run_many(lane->tx, jobs, n);
}

/* The store's failure, if any of the group's jobs met one: it decides whether the group is run again. */
static enum reason store_failure_of(const struct group *group)
{
    for (size_t i = 0; i < group->n; i++) {
        if (is_store_failure(group->jobs[i]->problem->reason))
            return group->jobs[i]->problem->reason;
    }
    return REASON_NONE;
}

static void count_commit(struct lane *lane, int64_t began_us, int64_t ran_us)
{
    pthread_mutex_lock(&lane->lock);
    lane->stats.run_us_total += (uint64_t)(ran_us - began_us);
    lane->stats.commit_us_total += (uint64_t)(clock_monotonic_us() - ran_us);
    pthread_mutex_unlock(&lane->lock);
}

/* Runs the begun transaction and commits it. False: `problem`, or that of a job, tells why, and it is to be undone. */
static bool run_and_commit(struct lane *lane, struct group *group, bool together,
                           struct problem *problem)
{
    int64_t began_us = clock_monotonic_us();

    run_jobs(lane, group);
    if (tx_is_broken(lane->tx)) return false;
    if (!together)
        run_gathers(lane, group, problem);
    else if (!run_one_gather(lane, group, problem))
        return false;
    int64_t ran_us = clock_monotonic_us();

    tx_attach(lane->tx, lane->arena, problem);
    if (tx_is_broken(lane->tx) || store_failure_of(group) == REASON_STORE_RETRY
        || !tx_commit(lane->tx))
        return false;
    accounts_cache_committed(lane->accounts);
    if (lane->tx->wakes_jobs) jobs_wake();
    count_commit(lane, began_us, ran_us);
    return true;
}

static void settle_bet(struct lane *lane, bool won)
{
    bets_settle(&lane->bets, won);
    pthread_mutex_lock(&lane->lock);
    lane->stats.bets_won += won;
    lane->stats.bets_lost += !won;
    pthread_mutex_unlock(&lane->lock);
}

/* One transaction: REASON_NONE when committed, or why not. */
static enum reason try_once(struct lane *lane, struct group *group, bool together)
{
    struct problem problem;

    arena_reset(lane->arena);
    problem_init(&problem, lane->arena);
    if (!tx_begin(lane->tx, lane->arena, &problem, clock_now())) return problem.reason;
    if (run_and_commit(lane, group, together, &problem)) return REASON_NONE;
    tx_rollback(lane->tx);
    accounts_cache_rolled_back(lane->accounts);

    enum reason failure = problem_is_set(&problem) ? problem.reason : store_failure_of(group);

    return failure != REASON_NONE ? failure : REASON_STORE_UNAVAILABLE;
}

/* One attempt: together if it can be, and if that fails for another reason than the store's, at once again with
   savepoints. REASON_STORE_RETRY when it may be tried once more. */
static enum reason attempt(struct lane *lane, struct group *group)
{
    if (!group->apart && is_one_gather(group)) {
        lane->tx->bets = bets_take(&lane->bets);
        enum reason failure = try_once(lane, group, true);
        if (lane->tx->bets && !is_store_failure(failure)) settle_bet(lane, failure == REASON_NONE);
        lane->tx->bets = false;
        if (failure == REASON_NONE || is_store_failure(failure)) return failure;
        group->apart = true;
    }
    return try_once(lane, group, false);
}

static void sleep_before_retry(struct lane *lane, int tries)
{
    int64_t wait_us = rng_between(&lane->jitter, RETRY_BASE_US, (int64_t)RETRY_BASE_US << tries);
    struct timespec wait = { .tv_sec = wait_us / 1000000, .tv_nsec = (wait_us % 1000000) * 1000 };
    nanosleep(&wait, NULL);
}

/* Nothing of a failed group happened, so every job of it hears so, also those that had been refused: what they were
   refused for may not have happened either. */
static void fail_group(struct group *group, enum reason reason)
{
    for (size_t i = 0; i < group->n; i++) {
        problem_clear(group->jobs[i]->problem);
        fail(group->jobs[i]->problem, is_store_failure(reason) ? reason : REASON_STORE_UNAVAILABLE,
             NULL, "the group of this request was not committed");
    }
}

static void count_group(struct lane *lane, const struct group *group, int tries,
                        enum reason failure)
{
    pthread_mutex_lock(&lane->lock);
    lane->stats.groups++;
    lane->stats.jobs += group->n;
    lane->stats.retries += (uint64_t)(tries - 1);
    lane->stats.failed_groups += failure != REASON_NONE;
    if (group->n > lane->stats.largest_group) lane->stats.largest_group = group->n;
    pthread_mutex_unlock(&lane->lock);
}

/* Commits the group, as often as the store asks to run it again. False: it is still asking after the tries that a
   group of this size is worth; nothing of it happened, and nobody has been told. */
static bool settle_whole(struct lane *lane, struct group *group)
{
    int most = group->n > 1 ? WRITER_RETRIES_TOGETHER : WRITER_RETRIES;
    int tries = 1;
    enum reason failure = attempt(lane, group);

    for (; failure == REASON_STORE_RETRY && tries < most; tries++) {
        sleep_before_retry(lane, tries);
        failure = attempt(lane, group);
    }
    if (failure == REASON_STORE_RETRY && group->n > 1) return false;
    if (failure != REASON_NONE) {
        log_event(LOG_ERROR, "group_failed", LOG_TEXT("reason", str_from_c(reason_code(failure))),
                  LOG_INT("jobs", group->n));
        fail_group(group, failure);
    }
    count_group(lane, group, tries, failure);
    for (size_t i = 0; i < group->n; i++)
        group->jobs[i]->done(group->jobs[i]);
    return true;
}

/* Two nodes of PostgreSQL whose groups take the rows of the same agencies in other orders can stop each other over and
   over; the fewer jobs a transaction has the less it holds, and one that has but one takes its rows in the order of
   their ids, as all do. So what will not go together goes by halves. */
static void settle(struct lane *lane, struct job **jobs, size_t n)
{
    struct group group = { .n = n };

    for (size_t i = 0; i < n; i++)
        group.jobs[i] = jobs[i];
    if (settle_whole(lane, &group)) return;
    settle(lane, jobs, n / 2);
    settle(lane, jobs + n / 2, n - n / 2);
}

static struct job *job_of(struct queued *place)
{
    return (struct job *)(void *)((char *)place - offsetof(struct job, place));
}

/* Waits for jobs and takes what is there, up to a group; false when stopping and nothing is left. */
static bool take_group(struct lane *lane, struct group *group)
{
    size_t cost = 0;

    group->n = 0;
    group->apart = false;
    pthread_mutex_lock(&lane->lock);
    while (fair_queue_waiting(lane->queue) == 0 && !lane->stopping)
        pthread_cond_wait(&lane->wake, &lane->lock);
    while (group->n < WRITER_GROUP_MAX && cost < WRITER_GROUP_COST_MAX
           && fair_queue_waiting(lane->queue) > 0) {
        struct queued *place = fair_queue_take(lane->queue);
        cost += place->cost;
        group->jobs[group->n++] = job_of(place);
    }
    pthread_mutex_unlock(&lane->lock);
    atomic_fetch_sub(&lane->writer->waiting, group->n);
    return group->n > 0;
}

static void *lane_main(void *context)
{
    struct lane *lane = context;
    struct group group;

    while (take_group(lane, &group))
        settle(lane, group.jobs, group.n);
    return NULL;
}

static void lane_close(struct lane *lane)
{
    accounts_cache_free(lane->accounts);
    arena_free(lane->arena);
    fair_queue_free(lane->queue);
    if (lane->tx != NULL) db_disconnect(lane->tx);
    pthread_cond_destroy(&lane->wake);
    pthread_mutex_destroy(&lane->lock);
}

static bool lane_open(struct lane *lane, struct writer *writer, struct db *db, uint64_t seed,
                      struct problem *problem)
{
    lane->writer = writer;
    lane->queue = fair_queue_new(WRITER_QUEUE_MAX, WRITER_ROUND_COST);
    lane->jitter = rng_seeded(seed);
    lane->bets = bets_new(db_kind(db) == DB_POSTGRES);
    lane->arena = arena_new(GROUP_ARENA_BYTES);
    lane->accounts = accounts_cache_new();
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->wake, NULL);
    lane->tx = db_connect(db, DB_WRITER, problem);
    if (lane->tx == NULL) return false;
    lane->tx->cache = lane->accounts;
    return true;
}

struct writer *writer_start(struct db *db, size_t threads, struct problem *problem)
{
    size_t n_lanes = db_kind(db) == DB_SQLITE ? 1 : threads;
    struct writer *writer = calloc(1, sizeof(*writer));
    assert(writer != NULL && n_lanes > 0);
    writer->lanes = calloc(n_lanes, sizeof(*writer->lanes));
    assert(writer->lanes != NULL);

    bool opened = true;
    for (; opened && writer->n_lanes < n_lanes; writer->n_lanes++)
        opened =
            lane_open(&writer->lanes[writer->n_lanes], writer, db, writer->n_lanes + 1, problem);
    if (!opened) {
        for (size_t i = 0; i < writer->n_lanes; i++)
            lane_close(&writer->lanes[i]);
        free(writer->lanes);
        free(writer);
        return NULL;
    }
    for (size_t i = 0; i < n_lanes; i++) {
        int failed = pthread_create(&writer->lanes[i].thread, NULL, lane_main, &writer->lanes[i]);
        assert(failed == 0);
        (void)failed;
    }
    return writer;
}

uint64_t writer_shard(id64_t agency)
{
    return fibonacci_hash((uint64_t)agency) >> 32;
}

/* Under the lane's lock: REASON_NONE when the job has a place. */
static enum reason take_place(struct lane *lane, struct job *job)
{
    if (lane->stopping) return REASON_SHUTTING_DOWN;
    if (atomic_fetch_add(&lane->writer->waiting, 1) >= WRITER_QUEUE_MAX
        || !fair_queue_put(lane->queue, &job->place)) {
        atomic_fetch_sub(&lane->writer->waiting, 1);
        lane->stats.refused++;
        return REASON_OVERLOADED;
    }
    if (fair_queue_waiting(lane->queue) == 1) pthread_cond_signal(&lane->wake);
    return REASON_NONE;
}

bool writer_submit(struct writer *writer, struct job *job, enum reason *reason)
{
    struct lane *lane = &writer->lanes[job->shard % writer->n_lanes];

    if (job->place.cost == 0) job->place.cost = WRITER_COST_PLAIN;
    pthread_mutex_lock(&lane->lock);
    enum reason refused = take_place(lane, job);
    pthread_mutex_unlock(&lane->lock);
    if (refused == REASON_NONE) return true; /* the job may be over by now */
    *reason = refused;
    return false;
}

/* A job that somebody waits for. */
struct awaited {
    struct job job;
    bool (*run)(struct tx *tx, void *context);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_done; /* under lock */
};

static struct awaited *awaited_of(struct job *job)
{
    return (struct awaited *)(void *)((char *)job - offsetof(struct awaited, job));
}

static bool run_awaited(struct tx *tx, struct job *job)
{
    struct awaited *awaited = awaited_of(job);

    return awaited->run(tx, awaited->context);
}

/* Told under the lock: whoever waits takes everything away as soon as it is let go. */
static void awaited_done(struct job *job)
{
    struct awaited *awaited = awaited_of(job);

    pthread_mutex_lock(&awaited->lock);
    awaited->is_done = true;
    pthread_cond_signal(&awaited->ended);
    pthread_mutex_unlock(&awaited->lock);
}

bool writer_run(struct writer *writer, uint64_t shard, struct arena *arena, struct problem *problem,
                bool (*run)(struct tx *tx, void *context), void *context)
{
    struct awaited awaited = {
        .job = { .arena = arena,
                 .problem = problem,
                 .shard = shard,
                 .run = run_awaited,
                 .done = awaited_done },
        .run = run,
        .context = context,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .ended = PTHREAD_COND_INITIALIZER,
    };
    enum reason refused;

    if (!writer_submit(writer, &awaited.job, &refused)) return fail_as(problem, refused, NULL);
    pthread_mutex_lock(&awaited.lock);
    while (!awaited.is_done)
        pthread_cond_wait(&awaited.ended, &awaited.lock);
    pthread_mutex_unlock(&awaited.lock);
    pthread_cond_destroy(&awaited.ended);
    pthread_mutex_destroy(&awaited.lock);
    return !problem_is_set(problem);
}

void writer_stop(struct writer *writer)
{
    for (size_t i = 0; i < writer->n_lanes; i++) {
        pthread_mutex_lock(&writer->lanes[i].lock);
        writer->lanes[i].stopping = true;
        pthread_cond_broadcast(&writer->lanes[i].wake);
        pthread_mutex_unlock(&writer->lanes[i].lock);
    }
    for (size_t i = 0; i < writer->n_lanes; i++) {
        pthread_join(writer->lanes[i].thread, NULL);
        lane_close(&writer->lanes[i]);
    }
    free(writer->lanes);
    free(writer);
}

struct writer_stats writer_stats(struct writer *writer)
{
    struct writer_stats sum = { .queued = atomic_load(&writer->waiting) };

    for (size_t i = 0; i < writer->n_lanes; i++) {
        struct lane *lane = &writer->lanes[i];
        pthread_mutex_lock(&lane->lock);
        sum.senders += fair_queue_senders(lane->queue);
        sum.refused += lane->stats.refused;
        sum.groups += lane->stats.groups;
        sum.jobs += lane->stats.jobs;
        sum.failed_groups += lane->stats.failed_groups;
        sum.retries += lane->stats.retries;
        sum.bets_won += lane->stats.bets_won;
        sum.bets_lost += lane->stats.bets_lost;
        sum.commit_us_total += lane->stats.commit_us_total;
        sum.run_us_total += lane->stats.run_us_total;
        if (lane->stats.largest_group > sum.largest_group)
            sum.largest_group = lane->stats.largest_group;
        pthread_mutex_unlock(&lane->lock);
    }
    return sum;
}

/* What tx_run does once; the retries are around it. */
static bool tx_run_once(struct tx *tx, struct arena *arena, struct problem *problem, instant_t now,
                        bool (*run)(struct tx *tx, void *context), void *context)
{
    if (!tx_begin(tx, arena, problem, now)) return false;
    if (run(tx, context) && !tx_is_broken(tx) && tx_commit(tx)) {
        if (tx->cache != NULL) accounts_cache_committed(tx->cache);
        return true;
    }
    tx_rollback(tx);
    if (tx->cache != NULL) accounts_cache_rolled_back(tx->cache);
    return false;
}

bool tx_run(struct tx *tx, struct arena *arena, struct problem *problem, instant_t now,
            bool (*run)(struct tx *tx, void *context), void *context)
{
    for (int tries = 1;; tries++) {
        problem_clear(problem);
        if (tx_run_once(tx, arena, problem, now, run, context)) return true;
        if (problem->reason != REASON_STORE_RETRY || tries >= WRITER_RETRIES) return false;
    }
}
