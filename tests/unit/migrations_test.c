/* Schemas go forward, once, whoever else is at it. */
#include "store_fixture.h"

#include "store/migrations.h"

#include <pthread.h>

static const struct migration steps[] = {
    { 1, "one",
      "CREATE TABLE one (id BIGINT NOT NULL PRIMARY KEY) /*sqlite WITHOUT ROWID*/;"
      "INSERT INTO one VALUES (1);" },
    { 2, "two", "CREATE TABLE two (id BIGINT); INSERT INTO two SELECT id + 1 FROM one;" },
    { 3, "three", "ALTER TABLE two ADD COLUMN name TEXT; INSERT INTO two VALUES (3, 'x');" },
};

static const struct migration steps_that_fail[] = {
    { 1, "one", "CREATE TABLE one (id BIGINT);" },
    { 2, "two",
      "CREATE TABLE two (id BIGINT); INSERT INTO one VALUES (1); INSERT INTO nowhere VALUES (1);" },
};

static int64_t schema(struct store *store)
{
    int64_t number = -1;

    begin(store);
    assert_ok(store, store_schema(store->tx, &number));
    commit(store);
    return number;
}

static int64_t number(struct store *store, const char *sql)
{
    int64_t out = -1;

    begin(store);
    assert_ok(store, db_find_int(store->tx, sql, NO_ARGS, -1, &out));
    commit(store);
    return out;
}

static int apply(struct store *store, const struct migration *list, size_t count)
{
    int applied = -1;

    assert_ok(store, migrations_apply(store->db, list, count, &store->problem, &applied));
    return applied;
}

static void an_empty_store_has_schema_zero(void **state)
{
    struct store *store = store_of(state);

    assert_int_equal(schema(store), 0);
    assert_int_equal(apply(store, steps, 0), 0);
    assert_int_equal(schema(store), 0);
}

static void each_step_runs_once(void **state)
{
    struct store *store = store_of(state);

    assert_int_equal(apply(store, steps, 1), 1);
    assert_int_equal(schema(store), 1);
    assert_int_equal(apply(store, steps, COUNT_OF(steps)), 2);
    assert_int_equal(schema(store), 3);
    assert_int_equal(apply(store, steps, COUNT_OF(steps)), 0);
    assert_int_equal(number(store, "SELECT COUNT(*) FROM one"), 1);
    assert_int_equal(number(store, "SELECT CAST(SUM(id) AS BIGINT) FROM two"), 5);
    assert_int_equal(number(store,
                            "SELECT COUNT(*) FROM schema_migrations"
                            " WHERE name IN ('one', 'two', 'three') AND applied_at > 0"),
                     3);
}

static void a_newer_store_is_refused(void **state)
{
    struct store *store = store_of(state);
    int applied = -1;

    apply(store, steps, 3);
    assert_refused(store, migrations_apply(store->db, steps, 2, &store->problem, &applied),
                   REASON_STORE_TOO_NEW);
    assert_int_equal(applied, 0);
    assert_int_equal(schema(store), 3);
}

static void a_step_that_fails_leaves_nothing(void **state)
{
    struct store *store = store_of(state);
    int applied = -1;

    for (int times = 0; times < 2; times++) {
        assert_refused(store,
                       migrations_apply(store->db, steps_that_fail, 2, &store->problem, &applied),
                       REASON_INTERNAL);
        assert_int_equal(applied, times == 0 ? 1 : 0);
        assert_int_equal(schema(store), 1);
        assert_int_equal(number(store, "SELECT COUNT(*) FROM one"), 0);
    }
    script(store, "CREATE TABLE two (id BIGINT);"); /* so it is not there */
}

static void *migrate_too(void *context)
{
    struct store *store = context;
    struct arena *arena = arena_new(1024);
    struct problem problem;
    int applied = 0;

    problem_init(&problem, arena);
    bool ok = migrations_apply(store->db, steps, COUNT_OF(steps), &problem, &applied);

    arena_free(arena);
    return (void *)(intptr_t)(ok ? applied : -100);
}

static void several_migrators_share_the_work(void **state)
{
    enum { MIGRATORS = 6 };
    struct store *store = store_of(state);
    pthread_t threads[MIGRATORS];
    intptr_t applied = 0;

    for (size_t i = 0; i < MIGRATORS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_too, store), 0);
    for (size_t i = 0; i < MIGRATORS; i++) {
        void *result;

        assert_int_equal(pthread_join(threads[i], &result), 0);
        applied += (intptr_t)result;
    }
    assert_int_equal(applied, COUNT_OF(steps));
    assert_int_equal(schema(store), 3);
    assert_int_equal(number(store, "SELECT COUNT(*) FROM two"), 2);
}

static void the_programs_own_schema_goes_in(void **state)
{
    struct store *store = store_of(state);
    int applied = -1;

    assert_true(migrations_count > 0);
    assert_ok(store, store_migrate(store->db, &store->problem, &applied));
    assert_int_equal(applied, migrations_count);
    assert_int_equal(schema(store), migrations[migrations_count - 1].number);
    assert_ok(store, store_migrate(store->db, &store->problem, &applied));
    assert_int_equal(applied, 0);
}

/* An agency's owner with an authenticator and a recovery code, as they were before the staff's shared the tables. */
static const char someone_with_two_factor[] =
    "INSERT INTO agencies (id, name, timezone, plan_code, status, subscription_start,"
    " payout_threshold_micros, primary_id, version, created_at)"
    " VALUES (1, 'Northwind', 'UTC', 'agency_lite', 'active', '2026-01-01', 0, 2, 1, 1);"
    "INSERT INTO users (agency_id, id, email, name, password_hash, role, reaches_all, created_at,"
    " two_factor_at) VALUES (1, 3, 'ada@northwind.example', 'Ada', 'x', 'agency_owner', 1, 1, 7);"
    "INSERT INTO user_totp (agency_id, user_id, sealed, last_step)"
    " VALUES (1, 3, /*sqlite X'aabb'*//*postgres '\\xaabb'*/, 41);"
    "INSERT INTO recovery_codes (agency_id, user_id, code_hash)"
    " VALUES (1, 3, /*sqlite X'cc'*//*postgres '\\xcc'*/);";

static void second_factors_outlive_the_schema_before_the_staffs(void **state)
{
    enum { BEFORE = 6 };
    struct store *store = store_of(state);

    assert_int_equal(apply(store, migrations, BEFORE), BEFORE);
    script(store, someone_with_two_factor);
    apply(store, migrations, migrations_count);
    assert_int_equal(number(store,
                            "SELECT last_step FROM user_totp WHERE agency_id = 1 AND user_id = 3"
                            " AND LENGTH(sealed) = 2 AND pending_sealed IS NULL"),
                     41);
    assert_int_equal(number(store, "SELECT LENGTH(code_hash) FROM recovery_codes"), 1);
    script(store, "INSERT INTO user_totp (agency_id, user_id, last_step) VALUES (0, 4, 0);");
}

/* How many of the program's own come before the one of this name. */
static size_t before_the(const char *name)
{
    size_t i = 0;

    while (i < migrations_count && strcmp(migrations[i].name, name) != 0)
        i++;
    assert_true(i < migrations_count);
    return i;
}

/* Of two agencies, in another order than their ids'; one with all that a call may have, one with what it must. */
static const char two_calls[] =
    "INSERT INTO calls (agency_id, id, subaccount_id, charged_id, source_id, external_id, fingerprint, tier, direction,"
    " status, started_at, answered_at, ended_at, duration_seconds, billed_seconds, price_micros, base_price_micros,"
    " posting_id, recorded_at, reservation, agent, project, campaign, contact, from_number, to_number, outcome,"
    " sentiment, summary, recording_url) VALUES"
    " (2, 50, 21, 22, 1, 'two', 7, 1, 0, 3, 100, 101, 102, 1, 60, 200000, 160000, 9, 103, 'res', 'agent', 'project',"
    " 'campaign', 'contact', '+1', '+2', 'outcome', 'sentiment', 'summary', 'url'),"
    " (1, 60, 11, 11, 1, 'one', 8, 0, 1, 0, 90, NULL, NULL, 0, 0, 100000, 90000, NULL, 91, NULL, NULL, NULL, NULL,"
    " NULL, NULL, NULL, NULL, NULL, NULL, NULL);";

static void calls_outlive_the_schema_that_kept_them_by_agency(void **state)
{
    struct store *store = store_of(state);
    size_t before = before_the("calls_by_id");

    apply(store, migrations, before);
    script(store, two_calls);
    apply(store, migrations, migrations_count);
    assert_int_equal(
        number(
            store,
            "SELECT COUNT(*) FROM calls WHERE agency_id = 2 AND id = 50 AND subaccount_id = 21"
            " AND charged_id = 22 AND source_id = 1 AND external_id = 'two' AND fingerprint = 7 AND tier = 1"
            " AND direction = 0 AND status = 3 AND started_at = 100 AND answered_at = 101 AND ended_at = 102"
            " AND duration_seconds = 1 AND billed_seconds = 60 AND price_micros = 200000"
            " AND base_price_micros = 160000 AND posting_id = 9 AND recorded_at = 103 AND reservation = 'res'"
            " AND agent = 'agent' AND project = 'project' AND campaign = 'campaign' AND contact = 'contact'"
            " AND from_number = '+1' AND to_number = '+2' AND outcome = 'outcome' AND sentiment = 'sentiment'"
            " AND summary = 'summary' AND recording_url = 'url'"),
        1);
    assert_int_equal(
        number(store,
               "SELECT COUNT(*) FROM calls WHERE agency_id = 1 AND id = 60 AND started_at = 90"
               " AND answered_at IS NULL AND posting_id IS NULL AND summary IS NULL"),
        1);
    assert_int_equal(number(store, "SELECT COUNT(*) FROM calls"), 2);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(an_empty_store_has_schema_zero),
    STORE_TEST(each_step_runs_once),
    STORE_TEST(a_newer_store_is_refused),
    STORE_TEST(a_step_that_fails_leaves_nothing),
    STORE_TEST(several_migrators_share_the_work),
    STORE_TEST(the_programs_own_schema_goes_in),
    STORE_TEST(second_factors_outlive_the_schema_before_the_staffs),
    STORE_TEST(calls_outlive_the_schema_that_kept_them_by_agency),
};

int main(void)
{
    return cmocka_run_group_tests_name("migrations", tests, databases_make, databases_drop);
}
