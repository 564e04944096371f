/* The same facts on SQLite and PostgreSQL: values, statements, transactions and their units. */
#include "store_fixture.h"

static void table(struct store *store)
{
    script(store,
           "CREATE TABLE things ("
           "id BIGINT NOT NULL PRIMARY KEY,"
           " number BIGINT, small SMALLINT, name TEXT, data BYTEA) /*sqlite WITHOUT ROWID*/;"
           "CREATE UNIQUE INDEX things_name ON things (name);");
}

static bool insert(struct store *store, int64_t id, struct str name)
{
    return db_run(store->tx, "INSERT INTO things (id, name) VALUES ($1, $2)",
                  ARGS(db_int(id), db_text(name)), NULL);
}

static int64_t count(struct store *store)
{
    int64_t rows = -1;

    assert_ok(store, db_find_int(store->tx, "SELECT COUNT(*) FROM things", NO_ARGS, -1, &rows));
    return rows;
}

static int64_t count_committed(struct store *store)
{
    begin(store);
    int64_t rows = count(store);
    commit(store);
    return rows;
}

/* --- values --- */

static void integers_keep_their_ends(void **state)
{
    static const int64_t values[] = { INT64_MIN + 1, INT64_MIN, -1, 0, 1, INT64_MAX };
    struct store *store = store_of(state);

    table(store);
    begin(store);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        int64_t back = 5;

        assert_ok(store,
                  db_run(store->tx, "INSERT INTO things (id, number) VALUES ($1, $2)",
                         ARGS(db_int((int64_t)i), db_int(values[i])), NULL));
        assert_ok(store,
                  db_find_int(store->tx, "SELECT number FROM things WHERE id = $1",
                              ARGS(db_int((int64_t)i)), 5, &back));
        assert_true(back == values[i]);
        assert_ok(
            store,
            db_find_int(store->tx, "SELECT CAST($1 AS BIGINT)", ARGS(db_int(values[i])), 5, &back));
        assert_true(back == values[i]);
    }
    commit(store);
}

struct pair {
    struct str name;
    struct bytes data;
};

static struct pair round_trip(struct store *store, struct str name, struct bytes data)
{
    struct db_rows rows;
    struct pair back;

    assert_ok(store,
              db_run(store->tx, "INSERT INTO things (id, name, data) VALUES (1, $1, $2)",
                     ARGS(db_text(name), db_bytes(data)), NULL));
    assert_ok(store,
              db_query(store->tx, &rows, "SELECT name, data FROM things WHERE name = $1 OR $2 = 1",
                       ARGS(db_text(name), db_int(str_is_absent(name)))));
    assert_true(db_next(&rows));
    back.name = row_text(&rows, 0);
    back.data = row_bytes(&rows, 1);
    assert_int_equal(row_is_null(&rows, 0), str_is_absent(name));
    assert_int_equal(row_is_null(&rows, 1), data.at == NULL);
    assert_false(db_next(&rows));
    assert_false(db_next(&rows));
    assert_ok(store, db_done(&rows));
    assert_ok(store, db_run(store->tx, "DELETE FROM things", NO_ARGS, NULL));
    return back;
}

static const struct str odd_texts[] = {
    STR("plain"),    STR(""),
    STR(" "),        STR("NULL"),
    STR("null"),     STR("{}"),
    STR("a,b"),      STR("\""),
    STR("\\"),       STR("\\\"\\\\"),
    STR("'"),        STR("$1"),
    STR("\n\r\t"),   STR("{\"a\"}"),
    STR("\\x41"),    STR("é"),
    STR("日本"),     STR("👩‍👩‍👧"),
    STR("\x01\x7f"), STR("/*sqlite */"),
};

static void texts_come_back_as_they_went(void **state)
{
    struct store *store = store_of(state);

    table(store);
    begin(store);
    for (size_t i = 0; i < COUNT_OF(odd_texts); i++) {
        struct pair back = round_trip(store, odd_texts[i], (struct bytes){ NULL, 0 });

        assert_row(str_equal(back.name, odd_texts[i]), odd_texts[i].at);
    }
    assert_true(str_is_absent(round_trip(store, STR_NONE, (struct bytes){ NULL, 0 }).name));
    commit(store);
}

static void texts_may_be_long(void **state)
{
    enum { LONG = 9 << 20 };
    struct store *store = store_of(state);
    struct str text = str_repeat(store->arena, STR("0123456789abcdé\""), LONG / 17);

    script(store, "CREATE TABLE things (id BIGINT, name TEXT, data BYTEA);");
    begin(store);
    assert_true(str_equal(round_trip(store, text, (struct bytes){ NULL, 0 }).name, text));
    commit(store);
}

static void bytes_come_back_as_they_went(void **state)
{
    struct store *store = store_of(state);
    unsigned char all[256];
    const struct bytes tries[] = { { all, sizeof(all) }, { all, 1 }, { all, 0 }, { NULL, 0 } };

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (unsigned char)i;
    table(store);
    begin(store);
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        struct bytes back = round_trip(store, STR("b"), tries[i]).data;

        assert_int_equal(back.len, tries[i].len);
        assert_int_equal(back.at == NULL, tries[i].at == NULL);
        if (back.len > 0) assert_memory_equal(back.at, tries[i].at, back.len);
    }
    commit(store);
}

static void texts_that_are_none_do_no_harm(void **state)
{
    static const struct str bad[] = { STR("\xff\xfe"), STR("a\0b"), STR("\xc3") };
    struct store *store = store_of(state);

    table(store);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const struct db_column column = { .type = DB_COLUMN_TEXT, .texts = &bad[i] };
        const struct db_bulk bulk = {
            .row_sql = "INSERT INTO things (id, name) VALUES (9, $1)",
            .set_sql = "INSERT INTO things (id, name) SELECT 9, unnest($1::text[])",
        };

        begin(store);
        if (!insert(store, 1, bad[i]) || !tx_commit(store->tx)) problem_clear(&store->problem);
        tx_rollback(store->tx);
        begin(store);
        if (!db_bulk_run(store->tx, &bulk, &column, 1, 1, NO_ARGS, NULL, NULL)
            || !tx_commit(store->tx))
            problem_clear(&store->problem);
        tx_rollback(store->tx);
        script(store, "DELETE FROM things;");
    }
}

static void what_stands_for_none_is_null(void **state)
{
    struct store *store = store_of(state);
    struct db_rows rows;

    begin(store);
    assert_ok(store,
              db_query(store->tx, &rows, "SELECT $1, $2, $3, CAST($4 AS SMALLINT), $5, $6",
                       ARGS(db_id(ID_NONE), db_instant(INSTANT_NONE), db_micros(MICROS_NONE),
                            db_bool(true), db_id(7), db_int(0))));
    assert_true(db_next(&rows));
    for (int column = 0; column < 3; column++) {
        assert_true(row_is_null(&rows, column));
        assert_int_equal(row_int(&rows, column), 0);
        assert_false(row_bool(&rows, column));
    }
    assert_int_equal(row_id(&rows, 0), ID_NONE);
    assert_true(row_instant(&rows, 1) == INSTANT_NONE);
    assert_true(row_micros(&rows, 2) == MICROS_NONE);
    assert_true(row_bool(&rows, 3));
    assert_int_equal(row_id(&rows, 4), 7);
    assert_false(row_is_null(&rows, 5));
    assert_ok(store, db_done(&rows));
    commit(store);
}

static void conditions_read_as_booleans(void **state)
{
    struct store *store = store_of(state);
    struct db_rows rows;

    begin(store);
    assert_ok(
        store,
        db_query(store->tx, &rows, "SELECT $1 = 1, $1 = 2, EXISTS (SELECT 1)", ARGS(db_int(1))));
    assert_true(db_next(&rows));
    assert_true(row_bool(&rows, 0));
    assert_int_equal(row_int(&rows, 1), 0);
    assert_true(row_bool(&rows, 2));
    assert_ok(store, db_done(&rows));
    commit(store);
}

static bool read_first(struct store *store, const char *sql, enum field_type as)
{
    struct db_rows rows;

    assert_ok(store, db_query(store->tx, &rows, sql, NO_ARGS));
    assert_true(db_next(&rows));
    if (as == FIELD_IS_INTEGER) row_int(&rows, 0);
    if (as == FIELD_IS_TEXT) row_text(&rows, 0);
    if (as == FIELD_IS_JSON) row_bytes(&rows, 0);
    assert_int_equal(db_next(&rows), false);
    return db_done(&rows);
}

static void a_value_of_another_type_fails_its_rows(void **state)
{
    struct store *store = store_of(state);

    begin(store);
    assert_refused(store, read_first(store, "SELECT 'x'", FIELD_IS_INTEGER), REASON_INTERNAL);
    assert_refused(store, read_first(store, "SELECT '12'", FIELD_IS_INTEGER), REASON_INTERNAL);
    assert_refused(store, read_first(store, "SELECT 1.5", FIELD_IS_INTEGER), REASON_INTERNAL);
    assert_refused(store, read_first(store, "SELECT 7", FIELD_IS_TEXT), REASON_INTERNAL);
    assert_refused(store, read_first(store, "SELECT 'x'", FIELD_IS_JSON), REASON_INTERNAL);
    assert_ok(store, read_first(store, "SELECT 7", FIELD_IS_INTEGER));
    commit(store);
}

static void sums_past_64_bits_are_reported(void **state)
{
    struct store *store = store_of(state);
    int64_t sum;

    table(store);
    script(store, "INSERT INTO things (id, number) VALUES (1, 9223372036854775807), (2, 1);");
    begin(store);
    assert_refused(store,
                   db_find_int(store->tx, "SELECT SUM(number) FROM things", NO_ARGS, 0, &sum),
                   REASON_OVERFLOW);
    tx_rollback(store->tx);
    begin(store);
    assert_ok(
        store,
        db_find_int(store->tx, "SELECT SUM(number) FROM things WHERE id = 1", NO_ARGS, 0, &sum));
    assert_true(sum == INT64_MAX);
    commit(store);
}

/* PostgreSQL refuses; SQLite makes it a fraction, which no reader takes for a number. */
static void sums_that_wrap_are_never_read_as_numbers(void **state)
{
    struct store *store = store_of(state);
    int64_t number = 0;

    table(store);
    script(store, "INSERT INTO things (id, number) VALUES (1, 9223372036854775807);");
    begin(store);
    bool ok = db_run(store->tx, "UPDATE things SET number = number + $1", ARGS(db_int(1)), &number)
        && db_find_int(store->tx, "SELECT number FROM things", NO_ARGS, 0, &number);

    assert_refused(store, ok, store->kind == DB_SQLITE ? REASON_INTERNAL : REASON_OVERFLOW);
    tx_rollback(store->tx);
}

/* --- statements --- */

static void placeholders_may_stand_in_any_order(void **state)
{
    struct store *store = store_of(state);
    int64_t back;

    begin(store);
    assert_ok(store,
              db_find_int(store->tx, "SELECT $3 * 100 + $1 * 10 + $2 + $3",
                          ARGS(db_int(1), db_int(2), db_int(3)), 0, &back));
    assert_int_equal(back, 300 + 10 + 2 + 3);
    commit(store);
}

static void only_a_stores_own_words_are_opened(void **state)
{
    struct store *store = store_of(state);
    int64_t back;

    begin(store);
    assert_ok(store,
              db_find_int(store->tx,
                          "SELECT 1 /*sqlite + 10*/ /*postgres + 20*/ /* + 40 */"
                          " /*sqlite + 100*/ /*postgres + 200*/",
                          NO_ARGS, 0, &back));
    assert_int_equal(back, store->kind == DB_SQLITE ? 111 : 221);
    commit(store);
}

static void wrong_statements_are_internal_failures(void **state)
{
    static const char *const wrong[] = { "SELEC 1", "SELECT * FROM nothing", "SELECT $2",
                                         "SELECT 1; SELECT" };
    struct store *store = store_of(state);

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        int64_t back;

        begin(store);
        bool ok = db_find_int(store->tx, wrong[i], ARGS(db_int(1)), 0, &back);

        assert_refused(store, ok, REASON_INTERNAL);
        assert_false(tx_is_broken(store->tx));
        tx_rollback(store->tx);
    }
}

static void a_finder_tells_none_from_one(void **state)
{
    static const struct field fields[] = { FIELD_INTEGER(struct db_value, number), FIELD_END };
    struct store *store = store_of(state);
    struct db_value row = { .number = 0 };
    bool found = true;
    int64_t number;

    table(store);
    begin(store);
    assert_ok(store, insert(store, 41, STR("a")));
    assert_ok(store,
              db_find(store->tx, "SELECT id FROM things WHERE id = $1", ARGS(db_int(41)), fields,
                      &row, &found));
    assert_true(found);
    assert_int_equal(row.number, 41);
    assert_ok(store,
              db_find(store->tx, "SELECT id FROM things WHERE id > $1", ARGS(db_int(41)), fields,
                      &row, &found));
    assert_false(found);
    assert_refused(store,
                   db_find(store->tx, "SELECT id FROM things WHERE id < $1", ARGS(db_int(41)),
                           fields, &row, NULL),
                   REASON_NOT_FOUND);
    assert_ok(store, db_find_int(store->tx, "SELECT number FROM things", NO_ARGS, -3, &number));
    assert_int_equal(number, -3); /* NULL */
    assert_ok(store,
              db_find_int(store->tx, "SELECT id FROM things WHERE id = 1", NO_ARGS, -4, &number));
    assert_int_equal(number, -4); /* no row */
    commit(store);
}

static void changes_are_counted(void **state)
{
    struct store *store = store_of(state);
    int64_t changed = -1;

    table(store);
    begin(store);
    for (int64_t id = 1; id <= 3; id++)
        assert_ok(store, insert(store, id, STR_NONE));
    assert_ok(
        store,
        db_run(store->tx, "UPDATE things SET number = 1 WHERE id < $1", ARGS(db_int(3)), &changed));
    assert_int_equal(changed, 2);
    assert_ok(store,
              db_run(store->tx, "DELETE FROM things WHERE id > $1", ARGS(db_int(3)), &changed));
    assert_int_equal(changed, 0);
    assert_ok(
        store,
        db_change_one(store->tx, "UPDATE things SET number = 2 WHERE id = $1", ARGS(db_int(3))));
    assert_refused(store,
                   db_change_one(store->tx, "DELETE FROM things WHERE id = $1", ARGS(db_int(4))),
                   REASON_NOT_FOUND);
    assert_ok(store, insert(store, 4, STR_NONE)); /* a row that is not there spoils nothing */
    commit(store);
    assert_int_equal(count_committed(store), 4);
}

static void a_list_ends_at_its_limit(void **state)
{
    static const struct field fields[] = { FIELD_INTEGER(struct db_value, number), FIELD_END };
    struct store *store = store_of(state);
    struct list list;

    table(store);
    begin(store);
    for (int64_t id = 1; id <= 50; id++)
        assert_ok(store, insert(store, id, STR_NONE));
    for (size_t limit = 0; limit <= 60; limit += 20) {
        assert_ok(store,
                  db_list(store->tx, "SELECT id FROM things ORDER BY id", NO_ARGS, fields,
                          sizeof(struct db_value), limit, &list));
        assert_int_equal(list.count, limit < 50 ? limit : 50);
        for (size_t i = 0; i < list.count; i++)
            assert_int_equal(((const struct db_value *)list.at)[i].number, i + 1);
    }
    commit(store);
}

static void several_queries_are_read_side_by_side(void **state)
{
    struct store *store = store_of(state);
    struct db_rows up, down;
    int64_t changed;

    table(store);
    script(store, "CREATE TABLE sums (total BIGINT NOT NULL); INSERT INTO sums VALUES (0);");
    begin(store);
    for (int64_t id = 1; id <= 9; id++)
        assert_ok(store, insert(store, id, STR_NONE));
    assert_ok(store, db_query(store->tx, &up, "SELECT id FROM things ORDER BY id", NO_ARGS));
    assert_ok(store, db_query(store->tx, &down, "SELECT id FROM things ORDER BY id DESC", NO_ARGS));
    for (int64_t id = 1; id <= 9; id++) {
        assert_true(db_next(&up) && db_next(&down));
        assert_int_equal(row_int(&up, 0), id);
        assert_int_equal(row_int(&down, 0), 10 - id);
        assert_ok(
            store,
            db_run(store->tx, "UPDATE sums SET total = total + $1", ARGS(db_int(id)), &changed));
        assert_int_equal(changed, 1);
    }
    assert_ok(store, db_done(&up) && db_done(&down));
    assert_ok(store, db_find_int(store->tx, "SELECT total FROM sums", NO_ARGS, 0, &changed));
    assert_int_equal(changed, 45);
    commit(store);
}

static void rows_left_open_end_with_the_transaction(void **state)
{
    struct store *store = store_of(state);

    table(store);
    for (int round = 0; round < 2; round++) {
        struct db_rows rows;

        begin(store);
        assert_ok(store, insert(store, round * 2 + 1, STR_NONE));
        assert_ok(store, insert(store, round * 2 + 2, STR_NONE));
        assert_ok(store, db_query(store->tx, &rows, "SELECT id FROM things", NO_ARGS));
        assert_true(db_next(&rows));
        if (round == 0)
            tx_rollback(store->tx);
        else
            commit(store);
    }
    assert_int_equal(count_committed(store), 2);
}

static void a_row_can_be_called_senseless(void **state)
{
    struct store *store = store_of(state);
    struct db_rows rows;

    begin(store);
    assert_ok(store, db_query(store->tx, &rows, "SELECT 1", NO_ARGS));
    assert_true(db_next(&rows));
    rows.failed = true;
    assert_false(db_next(&rows));
    assert_refused(store, db_done(&rows), REASON_INTERNAL);
    tx_rollback(store->tx);
}

static void statements_run_again_after_many_others(void **state)
{
    enum { STATEMENTS = 700 };
    struct store *store = store_of(state);
    const char *texts[STATEMENTS];

    for (int i = 0; i < STATEMENTS; i++)
        texts[i] = str_to_c(store->arena, str_format(store->arena, "SELECT %d + $1", i));
    begin(store);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < STATEMENTS; i++) {
            int64_t back;

            assert_ok(store, db_find_int(store->tx, texts[i], ARGS(db_int(round)), -1, &back));
            assert_int_equal(back, i + round);
        }
    }
    commit(store);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(integers_keep_their_ends),
    STORE_TEST(texts_come_back_as_they_went),
    STORE_TEST(texts_may_be_long),
    STORE_TEST(bytes_come_back_as_they_went),
    STORE_TEST(texts_that_are_none_do_no_harm),
    STORE_TEST(what_stands_for_none_is_null),
    STORE_TEST(conditions_read_as_booleans),
    STORE_TEST(a_value_of_another_type_fails_its_rows),
    STORE_TEST(sums_past_64_bits_are_reported),
    STORE_TEST(sums_that_wrap_are_never_read_as_numbers),
    STORE_TEST(placeholders_may_stand_in_any_order),
    STORE_TEST(only_a_stores_own_words_are_opened),
    STORE_TEST(wrong_statements_are_internal_failures),
    STORE_TEST(a_finder_tells_none_from_one),
    STORE_TEST(changes_are_counted),
    STORE_TEST(a_list_ends_at_its_limit),
    STORE_TEST(several_queries_are_read_side_by_side),
    STORE_TEST(rows_left_open_end_with_the_transaction),
    STORE_TEST(a_row_can_be_called_senseless),
    STORE_TEST(statements_run_again_after_many_others),
};

int main(void)
{
    return cmocka_run_group_tests_name("db", tests, databases_make, databases_drop);
}
