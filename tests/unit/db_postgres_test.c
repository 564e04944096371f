/* What only PostgreSQL has: a network between, other nodes' locks, sessions that end. */
#include "store_fixture.h"

#include "base/time.h"

#include <pthread.h>
#include <time.h>

static bool add_one(struct store *store, int64_t id)
{
    if (!tx_begin(store->tx, store->arena, &store->problem, SOME_INSTANT)) return false;
    if (db_run(store->tx, "INSERT INTO things (id) VALUES ($1)", ARGS(db_int(id)), NULL)
        && tx_commit(store->tx))
        return true;
    tx_rollback(store->tx);
    return false;
}

static int64_t find_int(struct store *store, const char *sql)
{
    int64_t out = -1;

    begin(store);
    assert_ok(store, db_find_int(store->tx, sql, NO_ARGS, -1, &out));
    commit(store);
    return out;
}

static int64_t count(struct store *store)
{
    return find_int(store, "SELECT COUNT(*) FROM things");
}

static void table(struct store *store)
{
    script(
        store,
        "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, number BIGINT NOT NULL DEFAULT 0);");
}

/* Ends every session of the test's database, and waits until they are gone. */
static void end_sessions(void)
{
    char sql[256];

    snprintf(sql, sizeof(sql),
             "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
             " WHERE datname = 'minutebank_unit_%ld'",
             (long)getpid());
    postgres_admin(sql);
}

static void setting(struct store *store, const char *sql, const char *expected)
{
    struct db_rows rows;

    assert_ok(store, db_query(store->tx, &rows, sql, NO_ARGS));
    assert_true(db_next(&rows));
    assert_row(str_equal_c(row_text(&rows, 0), expected), sql);
    assert_ok(store, db_done(&rows));
}

static void sessions_insist_on_durable_commits(void **state)
{
    struct store *store = store_of(state);
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);

    postgres_admin_database("ALTER DATABASE", "SET synchronous_commit = off");
    end_sessions();
    begin(store);
    setting(store, "SHOW synchronous_commit", "on");
    setting(store, "SHOW transaction_isolation", "read committed");
    setting(store, "SHOW lock_timeout", "10s");
    setting(store, "SHOW statement_timeout", "0");
    commit(store);
    postgres_admin_database("ALTER DATABASE", "RESET synchronous_commit");

    struct tx *writer = store->tx;

    store->tx = reader;
    begin(store);
    setting(store, "SHOW transaction_isolation", "repeatable read");
    setting(store, "SHOW transaction_read_only", "on");
    setting(store, "SHOW statement_timeout", "30s");
    commit(store);
    store->tx = writer;
    db_disconnect(reader);
}

static void a_session_that_ended_between_transactions_is_not_missed(void **state)
{
    struct store *store = store_of(state);
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);

    table(store);
    for (int64_t id = 1; id <= 3; id++) {
        assert_ok(store, add_one(store, id));
        assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
        assert_ok(store, tx_commit(reader));
        end_sessions();
    }
    assert_int_equal(count(store), 3);
    db_disconnect(reader);
}

static void a_session_that_ends_in_a_transaction_takes_it_along(void **state)
{
    struct store *store = store_of(state);

    table(store);
    for (int in_unit = 0; in_unit < 2; in_unit++) {
        begin(store);
        assert_ok(store, db_change_one(store->tx, "INSERT INTO things (id) VALUES (1)", NO_ARGS));
        if (in_unit) assert_ok(store, tx_savepoint(store->tx));
        end_sessions();
        assert_refused(store,
                       db_change_one(store->tx, "INSERT INTO things (id) VALUES (2)", NO_ARGS),
                       REASON_STORE_UNAVAILABLE);
        assert_true(tx_is_broken(store->tx));
        assert_false(tx_rollback_to(store->tx));
        assert_refused(store, tx_commit(store->tx), REASON_STORE_UNAVAILABLE);
        assert_int_equal(count(store), 0);
    }
    assert_ok(store, add_one(store, 3));
    assert_int_equal(count(store), 1);
}

static void a_commit_that_nobody_confirmed_is_no_commit(void **state)
{
    struct store *store = store_of(state);

    table(store);
    begin(store);
    assert_ok(store, db_run(store->tx, "INSERT INTO things (id) VALUES (1)", NO_ARGS, NULL));
    end_sessions();
    assert_refused(store, tx_commit(store->tx), REASON_STORE_UNAVAILABLE);
    assert_int_equal(count(store), 0);
}

static void a_server_that_is_away_fails_fast_and_is_found_again(void **state)
{
    enum { TRIES = 200, FAST_US = 20 * 1000 };
    struct store *store = store_of(state);
    int slow = 0;

    table(store);
    postgres_admin_database("ALTER DATABASE", "ALLOW_CONNECTIONS false");
    end_sessions();
    for (int i = 0; i < TRIES; i++) {
        int64_t began_us = clock_monotonic_us();

        assert_refused(store, add_one(store, 1), REASON_STORE_UNAVAILABLE);
        slow += clock_monotonic_us() - began_us > FAST_US;
    }
    assert_in_range(slow, 0, TRIES / 4);
    postgres_admin_database("ALTER DATABASE", "ALLOW_CONNECTIONS true");

    bool found = false;

    for (int i = 0; i < TRIES && !found; i++) {
        found = add_one(store, 1);
        problem_clear(&store->problem);
        nanosleep(&(struct timespec){ .tv_nsec = 50 * 1000 * 1000 }, NULL);
    }
    assert_true(found);
    assert_int_equal(count(store), 1);
}

static void nothing_listening_is_unavailable(void **state)
{
    struct store *store = store_of(state);
    struct db *db =
        db_open(STR("postgres://nobody@127.0.0.1:1/none"), DB_OPEN_EXISTING, &store->problem);

    assert_ok(store, db != NULL);
    assert_refused(store, db_connect(db, DB_WRITER, &store->problem) != NULL,
                   REASON_STORE_UNAVAILABLE);
    db_close(db);
}

static void a_read_only_server_is_unavailable_until_it_is_not(void **state)
{
    struct store *store = store_of(state);

    table(store);
    postgres_admin_database("ALTER DATABASE", "SET default_transaction_read_only = on");
    end_sessions();
    assert_refused(store, add_one(store, 1), REASON_STORE_UNAVAILABLE);
    assert_refused(store, add_one(store, 1), REASON_STORE_UNAVAILABLE);
    postgres_admin_database("ALTER DATABASE", "RESET default_transaction_read_only");
    assert_ok(store, add_one(store, 1)); /* on a new session, asked for by the refusal */
}

static void statements_that_were_forgotten_are_prepared_again(void **state)
{
    struct store *store = store_of(state);

    table(store);
    assert_ok(store, add_one(store, 1));
    begin(store);
    assert_ok(store, db_script(store->tx, "DEALLOCATE ALL"));
    assert_refused(store, tx_commit(store->tx), REASON_STORE_RETRY);
    assert_ok(store, add_one(store, 2));
    assert_int_equal(count(store), 2);
}

/* Locks two rows, one now and one when the other side has its first. */
struct side {
    struct store *store;
    struct tx *tx;
    struct arena *arena;
    struct problem problem;
    int64_t first, second;
    pthread_barrier_t *both_hold;
    bool committed;
};

static bool touch(struct tx *tx, int64_t id)
{
    return db_change_one(tx, "UPDATE things SET number = number + 1 WHERE id = $1",
                         ARGS(db_int(id)));
}

static void *take_both(void *context)
{
    struct side *side = context;
    bool ok = tx_begin(side->tx, side->arena, &side->problem, SOME_INSTANT)
        && touch(side->tx, side->first);

    pthread_barrier_wait(side->both_hold);
    side->committed = ok && touch(side->tx, side->second) && tx_commit(side->tx);
    tx_rollback(side->tx);
    return NULL;
}

static void one_of_a_deadlock_is_told_to_try_again(void **state)
{
    struct store *store = store_of(state);
    pthread_barrier_t both_hold;
    struct side sides[2];
    pthread_t thread;

    table(store);
    script(store, "INSERT INTO things (id) VALUES (1), (2);");
    pthread_barrier_init(&both_hold, NULL, 2);
    for (int i = 0; i < 2; i++) {
        sides[i] = (struct side){
            .store = store, .first = 1 + i, .second = 2 - i, .both_hold = &both_hold
        };
        sides[i].arena = arena_new(1024);
        problem_init(&sides[i].problem, sides[i].arena);
        sides[i].tx = db_connect(store->db, DB_WRITER, &store->problem);
    }
    assert_int_equal(pthread_create(&thread, NULL, take_both, &sides[0]), 0);
    take_both(&sides[1]);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&both_hold);

    assert_int_equal(sides[0].committed + sides[1].committed, 1);
    for (int i = 0; i < 2; i++) {
        if (!sides[i].committed) {
            assert_int_equal(sides[i].problem.reason, REASON_STORE_RETRY);
            assert_true(tx_is_broken(sides[i].tx));
        }
        db_disconnect(sides[i].tx);
        arena_free(sides[i].arena);
    }
    assert_int_equal(find_int(store, "SELECT CAST(SUM(number) AS BIGINT) FROM things"), 2);
}

static void states_have_their_reasons(void **state)
{
    static const struct {
        const char *sqlstate;
        enum reason reason;
        bool breaks;
    } rows[] = {
        { "40001", REASON_STORE_RETRY, true },       { "40P01", REASON_STORE_RETRY, true },
        { "55P03", REASON_STORE_RETRY, true },       { "53100", REASON_STORE_FULL, true },
        { "53300", REASON_STORE_UNAVAILABLE, true }, { "57P01", REASON_STORE_UNAVAILABLE, true },
        { "57P03", REASON_STORE_UNAVAILABLE, true }, { "57014", REASON_STORE_UNAVAILABLE, true },
        { "25006", REASON_STORE_UNAVAILABLE, true }, { "58030", REASON_STORE_UNAVAILABLE, true },
        { "XX001", REASON_STORE_UNAVAILABLE, true }, { "08006", REASON_STORE_UNAVAILABLE, true },
        { "22003", REASON_OVERFLOW, false },         { "23505", REASON_CONFLICT, false },
        { "23514", REASON_INTERNAL, false },         { "42601", REASON_INTERNAL, false },
    };
    struct store *store = store_of(state);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str sql = str_format(store->arena,
                                    "DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '%s'; END $$",
                                    rows[i].sqlstate);

        begin(store);
        bool ok =
            db_run(store->tx, str_to_c(store->arena, sql), NO_ARGS, NULL) && tx_commit(store->tx);

        assert_row(!ok && store->problem.reason == rows[i].reason, rows[i].sqlstate);
        assert_row(tx_is_broken(store->tx) == rows[i].breaks, rows[i].sqlstate);
        problem_clear(&store->problem);
        tx_rollback(store->tx);
    }
    assert_int_equal(find_int(store, "SELECT 1"), 1);
}

static void a_refused_value_is_not_told(void **state)
{
    struct store *store = store_of(state);
    int64_t out;

    begin(store);
    assert_false(
        db_find_int(store->tx, "SELECT CAST($1 AS BIGINT)", ARGS(db_text(STR("5ecret"))), 0, &out));
    struct str told = problem_detail(&store->problem);

    assert_null(memmem(told.at, told.len, "5ecret", strlen("5ecret")));
    assert_refused(store, false, REASON_INTERNAL);
    tx_rollback(store->tx);
}

static void an_address_is_shown_without_its_password(void **state)
{
    static const struct {
        struct str url, shown;
    } rows[] = {
        { STR("postgres://ann:5ecret@db.example:5433/mb"),
          STR("postgres://ann@db.example:5433/mb") },
        { STR("postgresql://ann@db/mb?password=5ecret&sslmode=require"),
          STR("postgres://ann@db/mb") },
    };
    struct arena *arena = arena_new(1024);
    struct problem problem;

    (void)state;
    problem_init(&problem, arena);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct db *db = db_open(rows[i].url, DB_OPEN_EXISTING, &problem);

        assert_non_null(db);
        assert_row(str_equal(db_describe(db, arena), rows[i].shown), rows[i].shown.at);
        db_close(db);
    }
    assert_null(db_open(STR("postgres://ann:5ecret@[::1/mb"), DB_OPEN_EXISTING, &problem));
    assert_int_equal(problem.reason, REASON_INVALID);
    assert_null(strstr(str_to_c(arena, problem_detail(&problem)), "5ecret"));
    arena_free(arena);
}

static const struct CMUnitTest tests[] = {
    POSTGRES_TEST(sessions_insist_on_durable_commits),
    POSTGRES_TEST(a_session_that_ended_between_transactions_is_not_missed),
    POSTGRES_TEST(a_session_that_ends_in_a_transaction_takes_it_along),
    POSTGRES_TEST(a_commit_that_nobody_confirmed_is_no_commit),
    POSTGRES_TEST(a_server_that_is_away_fails_fast_and_is_found_again),
    POSTGRES_TEST(nothing_listening_is_unavailable),
    POSTGRES_TEST(a_read_only_server_is_unavailable_until_it_is_not),
    POSTGRES_TEST(statements_that_were_forgotten_are_prepared_again),
    POSTGRES_TEST(one_of_a_deadlock_is_told_to_try_again),
    POSTGRES_TEST(states_have_their_reasons),
    POSTGRES_TEST(a_refused_value_is_not_told),
    cmocka_unit_test(an_address_is_shown_without_its_password),
};

int main(void)
{
    return cmocka_run_group_tests_name("db_postgres", tests, databases_make, databases_drop);
}
