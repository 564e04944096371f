/* Jobs' rows: asked for, taken by one, ended. */
#include "agency_fixture.h"

#include "base/rng.h"
#include "store/jobs.h"

#define NOW   SOME_INSTANT
#define LATER (SOME_INSTANT + MICROS_PER_HOUR)
#define AFTER (SOME_INSTANT + MICROS_PER_DAY)

static void post(struct store *store, instant_t due_at)
{
    begin_at(store, NOW);
    assert_ok(store, job_post(store->tx, AGENCY, JOB_RENEWAL, AGENCY, due_at));
    commit(store);
}

static size_t due_at(struct store *store, instant_t now, struct job_ref *first)
{
    struct list refs;

    begin_at(store, now);
    assert_ok(store, jobs_due(store->tx, now, false, 10, &refs));
    if (refs.count > 0) *first = *(const struct job_ref *)refs.at;
    commit(store);
    return refs.count;
}

/* Takes the only job there is, in the transaction that has begun. */
static bool take(struct store *store, struct job_row *row)
{
    struct job_ref ref = { AGENCY, 0, 0 };
    bool found;

    assert_ok(store, db_find_int(store->tx, "SELECT id FROM jobs", NO_ARGS, 0, &ref.id));
    assert_ok(store, job_take(store->tx, &ref, row, &found));
    return found;
}

static void one_is_there_once_and_pulled_forward(void **state)
{
    struct store *store = agency_store(state);
    struct job_ref ref;
    struct job_row row;

    post(store, AFTER);
    post(store, LATER);
    post(store, AFTER);
    assert_int_equal(due_at(store, LATER - 1, &ref), 0);
    assert_int_equal(due_at(store, LATER, &ref), 1);
    begin_at(store, LATER);
    assert_true(take(store, &row));
    assert_int_equal(row.kind, JOB_RENEWAL);
    assert_int_equal(row.subject_id, AGENCY);
    assert_int_equal(row.posts, 3);
    assert_ok(store, job_done(store->tx, &row));
    commit(store);
    assert_int_equal(due_at(store, AFTER, &ref), 0);
}

static void one_on_a_calendar_is_put_off_too_or_canceled(void **state)
{
    struct store *store = agency_store(state);
    struct job_ref ref;

    post(store, NOW);
    begin_at(store, NOW);
    assert_ok(store, job_set(store->tx, AGENCY, JOB_RENEWAL, AGENCY, LATER));
    commit(store);
    assert_int_equal(due_at(store, NOW, &ref), 0);
    assert_int_equal(due_at(store, LATER, &ref), 1);
    begin_at(store, NOW);
    assert_ok(store, job_cancel(store->tx, AGENCY, JOB_RENEWAL, AGENCY));
    commit(store);
    assert_int_equal(due_at(store, LATER, &ref), 0);
}

static void what_failed_waits_with_its_reason_until_it_is_given_up(void **state)
{
    struct store *store = agency_store(state);
    struct job_ref ref;
    struct job_row row;
    bool found;

    post(store, NOW);
    begin_at(store, NOW);
    assert_true(take(store, &row));
    row.step = 2;
    assert_ok(store, job_failed(store->tx, &row, LATER, STR("the line was busy")));
    commit(store);
    assert_int_equal(due_at(store, LATER - 1, &ref), 0);
    begin_at(store, LATER);
    assert_true(take(store, &row));
    assert_int_equal(row.tries, 1);
    assert_int_equal(row.step, 2);
    assert_string_equal(str_to_c(store->arena, row.last_error), "the line was busy");
    assert_ok(store, job_dead(store->tx, &row, STR("it stays busy")));
    commit(store);
    assert_int_equal(due_at(store, AFTER, &ref), 0);
    begin_at(store, LATER);
    assert_ok(store, job_find(store->tx, row.id, &row, &found));
    assert_true(found && row.state == JOB_DEAD);
    assert_ok(store, job_retry(store->tx, &row));
    assert_true(take(store, &row));
    assert_int_equal(row.tries, 0);
    commit(store);
}

static void asking_for_a_dead_one_brings_it_back(void **state)
{
    struct store *store = agency_store(state);
    struct job_ref ref;
    struct job_row row;

    post(store, NOW);
    begin_at(store, NOW);
    assert_true(take(store, &row));
    assert_ok(store, job_dead(store->tx, &row, STR("no")));
    commit(store);
    post(store, LATER);
    assert_int_equal(due_at(store, LATER, &ref), 1);
}

static void a_lease_keeps_others_off_until_it_runs_out(void **state)
{
    struct store *store = agency_store(state);
    struct job_row row, again;
    struct job_ref ref;
    bool found;

    post(store, NOW);
    begin_at(store, NOW);
    assert_true(take(store, &row));
    row.lease = 77;
    assert_ok(store, job_lease(store->tx, &row, 77, LATER));
    commit(store);
    assert_int_equal(due_at(store, LATER - 1, &ref), 0);
    assert_int_equal(due_at(store, LATER, &ref), 1);
    begin_at(store, LATER);
    assert_true(take(store, &again));
    assert_ok(store, job_lease(store->tx, &again, 78, AFTER));
    assert_ok(store, job_take_leased(store->tx, &row, &again, &found));
    assert_false(found);
    commit(store);
}

static void one_that_is_asked_for_while_it_is_outside_comes_once_more(void **state)
{
    struct store *store = agency_store(state);
    struct job_row row, leased;
    struct job_ref ref;
    bool found;

    post(store, NOW);
    begin_at(store, NOW);
    assert_true(take(store, &row));
    row.lease = 77;
    assert_ok(store, job_lease(store->tx, &row, 77, LATER));
    commit(store);
    post(store, NOW);
    begin_at(store, NOW);
    assert_ok(store, job_take_leased(store->tx, &row, &leased, &found));
    assert_true(found);
    leased.posts = row.posts;
    assert_ok(store, job_done(store->tx, &leased));
    commit(store);
    assert_int_equal(due_at(store, NOW, &ref), 1);
}

static void jobs_of_an_agency_that_is_being_deleted_rest(void **state)
{
    struct store *store = agency_store(state);
    struct job_row row;
    struct job_ref ref;

    post(store, NOW);
    script(store, "UPDATE agencies SET status = 'deleting', deletes_at = 1790001000000000");
    begin_at(store, NOW);
    assert_false(take(store, &row));
    commit(store);
    assert_int_equal(due_at(store, AFTER, &ref), 0);
    script(store, "UPDATE agencies SET status = 'active', deletes_at = NULL");
    begin_at(store, NOW);
    assert_ok(store, jobs_go_on(store->tx, AGENCY));
    assert_true(take(store, &row));
    commit(store);
}

static void they_are_counted_and_listed(void **state)
{
    struct store *store = agency_store(state);
    struct job_counts counts[JOB_KIND_COUNT];
    struct list rows;
    struct job_row row;
    struct job_filter all = { .state = -1, .kind = -1, .limit = 10 };
    struct job_filter dead = { .state = JOB_DEAD, .kind = JOB_RENEWAL, .limit = 10 };

    post(store, NOW);
    begin_at(store, NOW);
    assert_ok(store, job_post(store->tx, OTHER_AGENCY, JOB_RENEWAL, OTHER_AGENCY, LATER));
    assert_ok(store, jobs_count(store->tx, counts));
    assert_int_equal(counts[JOB_RENEWAL].waiting, 2);
    assert_int_equal(counts[JOB_RENEWAL].due, 1);
    assert_int_equal(counts[JOB_RENEWAL].dead, 0);
    assert_true(counts[JOB_RENEWAL].oldest_due_at == NOW);
    assert_ok(store, jobs_list(store->tx, &all, &rows));
    assert_int_equal(rows.count, 2);
    row = ((const struct job_row *)rows.at)[1];
    assert_int_equal(row.agency_id, AGENCY);
    assert_ok(store, job_dead(store->tx, &row, STR("no")));
    assert_ok(store, jobs_list(store->tx, &dead, &rows));
    assert_int_equal(rows.count, 1);
    dead.before = row.id;
    assert_ok(store, jobs_list(store->tx, &dead, &rows));
    assert_int_equal(rows.count, 0);
    commit(store);
}

static void the_rule_gives_up_after_some_hours(void **state)
{
    struct rng rng = rng_seeded(7);
    instant_t now = NOW;
    int64_t tries = 1;

    (void)state;
    for (instant_t next; (next = job_next_try(tries, now, &rng)) != INSTANT_NONE; tries++) {
        assert_true(next > now);
        now = next;
    }
    assert_int_equal(tries, JOB_TRIES_MAX);
    assert_in_range(now - NOW, 2 * MICROS_PER_HOUR, 6 * MICROS_PER_HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(one_is_there_once_and_pulled_forward),
        STORE_TEST(one_on_a_calendar_is_put_off_too_or_canceled),
        STORE_TEST(what_failed_waits_with_its_reason_until_it_is_given_up),
        STORE_TEST(asking_for_a_dead_one_brings_it_back),
        STORE_TEST(a_lease_keeps_others_off_until_it_runs_out),
        STORE_TEST(one_that_is_asked_for_while_it_is_outside_comes_once_more),
        STORE_TEST(jobs_of_an_agency_that_is_being_deleted_rest),
        STORE_TEST(they_are_counted_and_listed),
        cmocka_unit_test(the_rule_gives_up_after_some_hours),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
