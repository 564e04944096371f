/* The same facts on SQLite and PostgreSQL: what stays, what goes, and who sees it. */
#include "store_fixture.h"

static void table(struct store *store)
{
    script(store, "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, name TEXT UNIQUE);");
}

/* Does not ask how many rows it touched, so that PostgreSQL answers late. */
static bool insert(struct tx *tx, int64_t id)
{
    return db_run(tx, "INSERT INTO things (id) VALUES ($1)", ARGS(db_int(id)), NULL);
}

/* Asks at once. */
static bool insert_now(struct tx *tx, int64_t id)
{
    return db_change_one(tx, "INSERT INTO things (id) VALUES ($1)", ARGS(db_int(id)));
}

/* Ids as digits, smallest first: 1, 2 and 5 are 125. */
static int64_t ids_in(struct store *store, struct tx *tx)
{
    struct db_rows rows;
    int64_t digits = 0;

    assert_ok(store, db_query(tx, &rows, "SELECT id FROM things ORDER BY id", NO_ARGS));
    while (db_next(&rows))
        digits = digits * 10 + row_int(&rows, 0);
    assert_ok(store, db_done(&rows));
    return digits;
}

static int64_t ids(struct store *store)
{
    begin(store);
    int64_t digits = ids_in(store, store->tx);
    commit(store);
    return digits;
}

static void what_is_committed_stays_and_the_rest_goes(void **state)
{
    struct store *store = store_of(state);

    table(store);
    begin(store);
    assert_int_equal(store->tx->now, SOME_INSTANT);
    assert_ok(store, insert(store->tx, 1));
    commit(store);
    begin(store);
    assert_ok(store, insert(store->tx, 2));
    tx_rollback(store->tx);
    tx_rollback(store->tx); /* again does nothing */
    assert_int_equal(ids(store), 1);

    struct tx *other = db_connect(store->db, DB_READER, &store->problem);

    assert_ok(store, other != NULL && tx_begin(other, store->arena, &store->problem, SOME_INSTANT));
    assert_int_equal(ids_in(store, other), 1);
    db_disconnect(other); /* in the midst of a transaction */
}

static void an_undone_unit_takes_nothing_else_along(void **state)
{
    struct store *store = store_of(state);

    table(store);
    begin(store);
    assert_ok(store, insert(store->tx, 1));
    for (int64_t id = 2; id <= 7; id++) {
        assert_ok(store, tx_savepoint(store->tx));
        assert_ok(store, id % 2 == 0 ? insert(store->tx, id) : insert_now(store->tx, id));
        if (id % 3 == 0)
            assert_ok(store, tx_rollback_to(store->tx));
        else
            assert_ok(store, tx_release(store->tx));
    }
    assert_ok(store, tx_savepoint(store->tx));
    assert_ok(store, tx_rollback_to(store->tx)); /* of nothing */
    assert_int_equal(ids_in(store, store->tx), 12457);
    commit(store);
    assert_int_equal(ids(store), 12457);
}

static void a_failure_spoils_its_unit_alone(void **state)
{
    struct store *store = store_of(state);

    table(store);
    begin(store);
    assert_ok(store, tx_savepoint(store->tx));
    assert_ok(store, insert(store->tx, 1));
    assert_ok(store, tx_release(store->tx));

    assert_ok(store, tx_savepoint(store->tx));
    assert_ok(store, insert(store->tx, 2));
    assert_refused(store, insert_now(store->tx, 1), REASON_CONFLICT);
    assert_false(tx_is_broken(store->tx));
    assert_refused(store, insert_now(store->tx, 3), REASON_CONFLICT); /* not run */
    assert_refused(store, tx_release(store->tx), REASON_CONFLICT);
    assert_ok(store, tx_rollback_to(store->tx));

    assert_ok(store, tx_savepoint(store->tx));
    assert_ok(store, insert(store->tx, 4));
    assert_ok(store, tx_release(store->tx));
    commit(store);
    assert_int_equal(ids(store), 14);
}

/* On PostgreSQL nobody has waited for the second insert when the unit is released. */
static void a_failure_that_nobody_waited_for_is_still_its_units(void **state)
{
    struct store *store = store_of(state);

    table(store);
    begin(store);
    assert_ok(store, tx_savepoint(store->tx));
    assert_ok(store, insert(store->tx, 1));
    assert_ok(store, tx_release(store->tx));

    assert_ok(store, tx_savepoint(store->tx));
    bool ok = insert(store->tx, 2) && insert(store->tx, 1) && insert(store->tx, 3)
        && tx_release(store->tx);

    assert_refused(store, ok, REASON_CONFLICT);
    assert_ok(store, tx_rollback_to(store->tx));

    assert_ok(store, tx_savepoint(store->tx));
    ok = insert(store->tx, 1) && insert(store->tx, 2);
    assert_ok(store, tx_rollback_to(store->tx)); /* given up before anybody knew */
    problem_clear(&store->problem);
    assert_int_equal(ids_in(store, store->tx), 1);
    commit(store);
    assert_int_equal(ids(store), 1);
}

static void a_failure_outside_units_spoils_the_transaction(void **state)
{
    struct store *store = store_of(state);

    table(store);
    for (int late = 0; late < 2; late++) {
        begin(store);
        assert_ok(store, insert(store->tx, 1));
        bool ok = (late ? insert(store->tx, 1) : insert_now(store->tx, 1)) && tx_commit(store->tx);

        assert_refused(store, ok, REASON_CONFLICT);
        if (!late) {
            assert_refused(store, tx_savepoint(store->tx), REASON_CONFLICT);
            assert_false(tx_rollback_to(store->tx));
            assert_refused(store, tx_commit(store->tx), REASON_CONFLICT);
        }
        tx_rollback(store->tx);
        assert_int_equal(ids(store), 0);
    }
}

static void only_taken_keys_are_conflicts(void **state)
{
    static const char *const others[] = {
        "INSERT INTO rules (id, parent, small) VALUES (2, 1, 7)",    /* CHECK */
        "INSERT INTO rules (id, parent, small) VALUES (2, 1, NULL)", /* NOT NULL */
        "INSERT INTO rules (id, parent, small) VALUES (2, 9, 1)",    /* FOREIGN KEY */
    };
    struct store *store = store_of(state);

    script(
        store,
        "CREATE TABLE rules (id BIGINT NOT NULL PRIMARY KEY, parent BIGINT REFERENCES rules (id),"
        " small SMALLINT NOT NULL CHECK (small IN (0, 1)));"
        "INSERT INTO rules VALUES (1, NULL, 0);");
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        begin(store);
        assert_refused(store, db_run(store->tx, others[i], NO_ARGS, NULL) && tx_commit(store->tx),
                       REASON_INTERNAL);
        tx_rollback(store->tx);
    }
}

static void a_problem_says_no_value(void **state)
{
    struct store *store = store_of(state);
    struct db_args secret = ARGS(db_int(1), db_text(STR("5ecret")));

    table(store);
    for (int i = 0; i < 2; i++) {
        begin(store);
        bool ok = db_run(store->tx, "INSERT INTO things (id, name) VALUES ($1, $2)", secret, NULL)
            && db_run(store->tx, "INSERT INTO things (id, name) VALUES ($1 + 1, $2)", secret, NULL)
            && tx_commit(store->tx);

        assert_false(ok);
        struct str told = problem_detail(&store->problem);

        assert_true(memmem(told.at, told.len, "5ecret", strlen("5ecret")) == NULL);
        assert_true(memmem(told.at, told.len, "INSERT", strlen("INSERT"))
                    == NULL); /* 409 is shown to clients */
        assert_refused(store, ok, REASON_CONFLICT);
        tx_rollback(store->tx);
    }
}

static void results_go_where_the_transaction_is_attached(void **state)
{
    struct store *store = store_of(state);
    struct arena *arena = arena_new(1024);
    struct problem problem;

    problem_init(&problem, arena);
    table(store);
    begin(store);
    assert_ok(store, insert_now(store->tx, 1));
    assert_ok(store, tx_savepoint(store->tx));
    tx_attach(store->tx, arena, &problem);
    assert_false(insert_now(store->tx, 1));
    assert_int_equal(problem.reason, REASON_CONFLICT);
    assert_false(problem_is_set(&store->problem));
    tx_attach(store->tx, store->arena, &store->problem);
    assert_ok(store, tx_rollback_to(store->tx));
    commit(store);
    arena_free(arena);
}

static void more_statements_than_a_pipeline_holds(void **state)
{
    enum { MANY = 1000 };
    struct store *store = store_of(state);
    int64_t rows;

    table(store);
    begin(store);
    assert_ok(store, tx_savepoint(store->tx));
    for (int64_t id = 1; id <= MANY; id++)
        assert_ok(store, insert(store->tx, id));
    assert_ok(store, tx_release(store->tx));
    for (int64_t i = 1; i <= MANY; i++)
        assert_ok(store, tx_savepoint(store->tx) && tx_release(store->tx));
    assert_ok(store, db_find_int(store->tx, "SELECT COUNT(*) FROM things", NO_ARGS, 0, &rows));
    assert_int_equal(rows, MANY);
    commit(store);
}

static void a_reader_sees_one_moment(void **state)
{
    struct store *store = store_of(state);
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);

    assert_ok(store, reader != NULL);
    table(store);
    for (int64_t id = 1; id <= 3; id++) {
        assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
        int64_t before = ids_in(store, reader);

        begin(store);
        assert_ok(store, insert(store->tx, id));
        commit(store);
        assert_int_equal(ids_in(store, reader), before);
        assert_ok(store, tx_commit(reader));
        assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
        assert_int_equal(ids_in(store, reader), before * 10 + id);
        tx_rollback(reader);
    }
    db_disconnect(reader);
}

static void a_reader_cannot_write(void **state)
{
    struct store *store = store_of(state);
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);

    table(store);
    for (int again = 0; again < 2; again++) {
        assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
        assert_refused(store, insert_now(reader, 1), REASON_STORE_UNAVAILABLE);
        assert_true(tx_is_broken(reader));
        tx_rollback(reader);
    }
    assert_int_equal(ids(store), 0);
    db_disconnect(reader);
}

static void a_shared_store_has_no_writers(void **state)
{
    struct store *store = store_of(state);
    struct db *shared = db_open(store->url, DB_OPEN_SHARED, &store->problem);

    table(store);
    assert_ok(store, shared != NULL);
    assert_refused(store, db_connect(shared, DB_WRITER, &store->problem) != NULL,
                   REASON_STORE_BUSY);

    struct tx *reader = db_connect(shared, DB_READER, &store->problem);

    begin(store);
    assert_ok(store, insert(store->tx, 1));
    commit(store);
    assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
    assert_int_equal(ids_in(store, reader), 1);
    assert_ok(store, tx_commit(reader));
    db_disconnect(reader);
    db_close(shared);
}

static void addresses_are_understood(void **state)
{
    static const char *const bad[] = {
        "", "sqlite", "sqlite:", "mysql://h/d", "/tmp/store.db", "postgres:h"
    };
    struct arena *arena = arena_new(1024);
    struct problem problem;

    problem_init(&problem, arena);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_row(db_open(str_from_c(bad[i]), DB_OPEN_CREATE, &problem) == NULL, bad[i]);
        assert_row(problem.reason == REASON_INVALID, bad[i]);
        problem_clear(&problem);
    }
    arena_free(arena);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(what_is_committed_stays_and_the_rest_goes),
    STORE_TEST(an_undone_unit_takes_nothing_else_along),
    STORE_TEST(a_failure_spoils_its_unit_alone),
    STORE_TEST(a_failure_that_nobody_waited_for_is_still_its_units),
    STORE_TEST(a_failure_outside_units_spoils_the_transaction),
    STORE_TEST(only_taken_keys_are_conflicts),
    STORE_TEST(a_problem_says_no_value),
    STORE_TEST(results_go_where_the_transaction_is_attached),
    STORE_TEST(more_statements_than_a_pipeline_holds),
    STORE_TEST(a_reader_sees_one_moment),
    STORE_TEST(a_reader_cannot_write),
    STORE_TEST(a_shared_store_has_no_writers),
    cmocka_unit_test(addresses_are_understood),
};

int main(void)
{
    return cmocka_run_group_tests_name("db_transactions", tests, databases_make, databases_drop);
}
