/* The threads that do jobs: with a real writer, and work of the test's own. */
#include "agency_fixture.h"

#include "base/rng.h"
#include "base/time.h"
#include "engine/jobs.h"
#include "jobs/scheduler.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PATIENCE_SECONDS = 60 };

struct bench {
    struct store *store;
    struct writer *writer;
    struct scheduler *scheduler;
    const struct job_work *works[JOB_KIND_COUNT];
};

static struct store *job_store(void **state)
{
    struct store *store = agency_store(state);

    rng_start();
    clock_set_test(SOME_INSTANT);
    script(store, "CREATE TABLE seen (subject BIGINT NOT NULL, step BIGINT NOT NULL)");
    return store;
}

static void start(struct bench *bench, struct store *store, const struct job_work *work)
{
    *bench = (struct bench){ .store = store, .works = { [JOB_RENEWAL] = work } };
    bench->writer = writer_start(store->db, 2, &store->problem);
    assert_ok(store, bench->writer != NULL);
    bench->scheduler = scheduler_start(&(struct scheduler_settings){
        .db = store->db, .writer = bench->writer, .works = bench->works });
}

static void stop(struct bench *bench)
{
    scheduler_stop(bench->scheduler);
    writer_stop(bench->writer);
}

/* Through the writer, as everything of a server. */
struct order {
    int64_t subject;
    bool goes_outside;
};

static bool run_order(struct tx *tx, void *context)
{
    const struct order *order = context;

    return job_post(tx, AGENCY, JOB_RENEWAL, order->subject, tx->now)
        && (!order->goes_outside
            || db_run(tx, "UPDATE jobs SET goes_outside = 1 WHERE subject_id = $1",
                      ARGS(db_int(order->subject)), NULL));
}

static void post(struct bench *bench, int64_t subject, bool goes_outside)
{
    struct order order = { subject, goes_outside };
    struct problem problem;

    problem_init(&problem, bench->store->arena);
    assert_ok(bench->store,
              writer_run(bench->writer, writer_shard(AGENCY), bench->store->arena, &problem,
                         run_order, &order));
}

static int64_t count(struct store *store, const char *sql)
{
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);
    int64_t found = -1;

    assert_ok(store, reader != NULL);
    assert_ok(store, tx_begin(reader, store->arena, &store->problem, clock_now()));
    assert_ok(store, db_find_int(reader, sql, NO_ARGS, -1, &found));
    tx_rollback(reader);
    db_disconnect(reader);
    return found;
}

static void await_count(struct store *store, const char *sql, int64_t expected)
{
    const struct timespec a_moment = { .tv_nsec = 5000000 };

    for (int64_t tries = PATIENCE_SECONDS * 200; count(store, sql) != expected; tries--) {
        assert_true(tries > 0);
        nanosleep(&a_moment, NULL);
    }
}

static bool see(struct tx *tx, const struct job_row *job)
{
    return db_run(tx, "INSERT INTO seen (subject, step) VALUES ($1, $2)",
                  ARGS(db_int(job->subject_id), db_int(job->step)), NULL);
}

/* --- inside --- */

static bool run_thrice(struct tx *tx, struct job_run *run)
{
    if (!see(tx, &run->job)) return false;
    if (++run->job.step < 3) run->result = JOB_AGAIN;
    return true;
}

static void what_is_due_is_done_in_bites_and_gone(void **state)
{
    static const struct job_work work = { .run = run_thrice };
    struct store *store = job_store(state);
    struct bench bench;

    start(&bench, store, &work);
    for (int64_t subject = 1; subject <= 100; subject++)
        post(&bench, subject, false);
    await_count(store, "SELECT COUNT(*) FROM jobs", 0);
    stop(&bench);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM seen"), 300);
    assert_int_equal(
        count(store,
              "SELECT COUNT(*) FROM (SELECT 1 AS one FROM seen GROUP BY subject, step) AS s"),
        300);
}

/* Subjects of 13 fail after they wrote something, those of 26 for good. */
static bool run_unlucky(struct tx *tx, struct job_run *run)
{
    if (!see(tx, &run->job)) return false;
    if (run->job.subject_id % 26 == 0) {
        run->result = JOB_GIVE_UP;
        run->why = STR("not on this day");
        return true;
    }
    return run->job.subject_id % 13 != 0
        || fail(tx->problem, REASON_CONFLICT, NULL, "unlucky on line %d", 13);
}

static void one_that_fails_stops_no_other_and_leaves_nothing(void **state)
{
    static const struct job_work work = { .run = run_unlucky };
    struct store *store = job_store(state);
    struct bench bench;

    start(&bench, store, &work);
    for (int64_t subject = 1; subject <= 60; subject++)
        post(&bench, subject, false);
    await_count(store, "SELECT COUNT(*) FROM jobs WHERE state = 'dead'", 2);
    await_count(store, "SELECT COUNT(*) FROM jobs WHERE tries = 1 AND state = 'waiting'", 2);
    await_count(store, "SELECT COUNT(*) FROM jobs", 4);
    stop(&bench);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM seen"), 58);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM jobs WHERE last_error = 'not on this day'"),
                     2);
    assert_int_equal(
        count(store,
              "SELECT COUNT(*) FROM jobs WHERE last_error = 'conflict: unlucky on line 13'"
              " AND due_at > created_at + 20000000"),
        2);
}

static void a_clock_that_is_set_wakes_it(void **state)
{
    static const struct job_work work = { .run = run_thrice };
    struct store *store = job_store(state);
    struct bench bench;

    begin_at(store, SOME_INSTANT);
    assert_ok(store, job_post(store->tx, AGENCY, JOB_RENEWAL, 5, SOME_INSTANT + MICROS_PER_DAY));
    commit(store);
    start(&bench, store, &work);
    clock_set_test(SOME_INSTANT + MICROS_PER_DAY);
    jobs_wake();
    await_count(store, "SELECT COUNT(*) FROM jobs", 0);
    stop(&bench);
}

static void kinds_of_a_newer_version_are_left_for_it(void **state)
{
    static const struct job_work work = { .run = run_thrice };
    struct store *store = job_store(state);
    struct bench bench;

    begin_at(store, SOME_INSTANT);
    assert_ok(store, job_post(store->tx, AGENCY, JOB_RENEWAL, 5, SOME_INSTANT));
    commit(store);
    script(store, "UPDATE jobs SET kind = 'haircut'");
    start(&bench, store, &work);
    post(&bench, 6, false);
    await_count(store, "SELECT COUNT(*) FROM jobs WHERE due_at > created_at + 50000000", 1);
    await_count(store, "SELECT COUNT(*) FROM jobs", 1);
    stop(&bench);
}

/* --- outside --- */

static atomic_int gone_outside;
static atomic_bool is_held;

static bool prepare(struct tx *tx, struct job_run *run)
{
    int64_t *facts = ARENA_NEW(run->arena, int64_t);

    *facts = run->job.subject_id;
    run->facts = facts;
    run->result = JOB_OUTSIDE;
    return see(tx, &run->job);
}

static void go(struct job_run *run)
{
    atomic_fetch_add(&gone_outside, 1);
    while (atomic_load(&is_held) && pause_for(run->pause, 1000)) {
    }
    *(int64_t *)run->facts += 1000;
}

static bool note(struct tx *tx, struct job_run *run)
{
    struct job_row seen = run->job;

    seen.subject_id = *(const int64_t *)run->facts;
    return see(tx, &seen);
}

static const struct job_work outside_work = { prepare, go, note, 5 };

static void what_goes_outside_is_noted_after_it(void **state)
{
    struct store *store = job_store(state);
    struct bench bench;

    atomic_store(&is_held, false);
    start(&bench, store, &outside_work);
    for (int64_t subject = 1; subject <= 20; subject++)
        post(&bench, subject, true);
    await_count(store, "SELECT COUNT(*) FROM jobs", 0);
    stop(&bench);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM seen WHERE subject <= 20"), 20);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM seen WHERE subject > 1000"), 20);
}

static void slow_ones_outside_keep_nobody_waiting_inside(void **state)
{
    struct store *store = job_store(state);
    struct bench bench;

    atomic_store(&is_held, true);
    atomic_store(&gone_outside, 0);
    start(&bench, store, &outside_work);
    for (int64_t subject = 1; subject <= 10; subject++)
        post(&bench, subject, true);
    await_count(store, "SELECT COUNT(*) FROM jobs WHERE lease IS NOT NULL", SCHEDULER_OUTSIDE_MAX);
    post(&bench, 3, true); /* once more, while it is outside */
    atomic_store(&is_held, false);
    await_count(store, "SELECT COUNT(*) FROM jobs", 0);
    stop(&bench);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM seen WHERE subject > 1000"), 11);
    assert_int_equal(atomic_load(&gone_outside), 11);
}

static void two_schedulers_share_the_work(void **state)
{
    static const struct job_work work = { .run = run_thrice };
    struct store *store = job_store(state);
    struct bench bench, other;

    start(&bench, store, &work);
    other = bench;
    other.scheduler = scheduler_start(&(struct scheduler_settings){
        .db = store->db, .writer = bench.writer, .works = bench.works });
    for (int64_t subject = 1; subject <= 100; subject++)
        post(&bench, subject, false);
    await_count(store, "SELECT COUNT(*) FROM jobs", 0);
    scheduler_stop(other.scheduler);
    stop(&bench);
    assert_int_equal(count(store, "SELECT COUNT(*) FROM seen"), 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(what_is_due_is_done_in_bites_and_gone),
        STORE_TEST(one_that_fails_stops_no_other_and_leaves_nothing),
        STORE_TEST(a_clock_that_is_set_wakes_it),
        STORE_TEST(kinds_of_a_newer_version_are_left_for_it),
        STORE_TEST(what_goes_outside_is_noted_after_it),
        STORE_TEST(slow_ones_outside_keep_nobody_waiting_inside),
        STORE_TEST(two_schedulers_share_the_work),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
