/* Many rows at once, and rows read by a table of fields, on SQLite and PostgreSQL. */
#include "store_fixture.h"

#include "property.h"

static void table(struct store *store)
{
    script(store,
           "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY,"
           " number BIGINT, small SMALLINT, tier SMALLINT, name TEXT) /*sqlite WITHOUT ROWID*/;"
           "CREATE INDEX things_number ON things (number);");
}

static const struct db_bulk insert_things = {
    .row_sql = "INSERT INTO things (id, number, name, tier, small)"
               " VALUES ($1, $2, $3, $4, $5)"
               " ON CONFLICT DO NOTHING",
    .set_sql = "INSERT INTO things (id, number, name, tier, small) SELECT u.*, $5"
               " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[]) AS u"
               " ON CONFLICT DO NOTHING"
               " RETURNING id, number, name",
};

struct things {
    int64_t *ids, *numbers, *tiers;
    bool *nulls;
    struct str *names;
    size_t count;
};

static struct things things_new(struct store *store, size_t count)
{
    return (struct things){
        .ids = ARENA_ARRAY(store->arena, int64_t, count),
        .numbers = ARENA_ARRAY(store->arena, int64_t, count),
        .tiers = ARENA_ARRAY(store->arena, int64_t, count),
        .nulls = ARENA_ARRAY(store->arena, bool, count),
        .names = ARENA_ARRAY(store->arena, struct str, count),
        .count = count,
    };
}

static bool insert(struct store *store, const struct things *things, db_row_function on_row,
                   void *context)
{
    const struct db_column columns[] = {
        { .numbers = things->ids },
        { .numbers = things->numbers, .nulls = things->nulls },
        { .type = DB_COLUMN_TEXT, .texts = things->names },
        { .numbers = things->tiers },
    };

    return db_bulk_run(store->tx, &insert_things, columns, COUNT_OF(columns), things->count,
                       ARGS(db_int(5)), on_row, context);
}

/* Random bytes that are text: every character that some format might stumble over. */
static struct str any_text(struct arena *arena, struct rng *rng)
{
    static const char *const parts[] = { "\"", "\\", ",",  "{",  "}", "NULL", "'",
                                         " ",  "é",  "\n", "$1", "x", "😀" };
    struct buffer text = buffer_new(arena, 16);
    int64_t length = rng_between(rng, -1, 12);

    for (int64_t i = 0; i < length; i++)
        buffer_add_c(&text, parts[rng_between(rng, 0, (int64_t)COUNT_OF(parts) - 1)]);
    return length < 0 ? STR_NONE : length == 0 ? STR("") : buffer_str(&text);
}

static struct things any_things(struct store *store, struct rng *rng, size_t count)
{
    struct things things = things_new(store, count);

    for (size_t i = 0; i < count; i++) {
        things.ids[i] = (int64_t)i;
        things.tiers[i] = rng_between(rng, INT16_MIN, INT16_MAX);
        things.numbers[i] = any_int64(rng);
        things.nulls[i] = rng_between(rng, 0, 3) == 0;
        things.names[i] = any_text(store->arena, rng);
    }
    return things;
}

static void assert_is_thing(const struct db_rows *row, const struct things *things, size_t i)
{
    struct str name = row_text(row, 2);

    assert_int_equal(row_int(row, 0), things->ids[i]);
    assert_int_equal(row_is_null(row, 1), things->nulls[i]);
    if (!things->nulls[i]) assert_true(row_int(row, 1) == things->numbers[i]);
    assert_int_equal(str_is_absent(name), str_is_absent(things->names[i]));
    assert_true(str_equal(name, things->names[i]));
}

static void rows_come_back_as_they_went(void **state)
{
    static const size_t counts[] = { 0, 1, 2, 1000, 3000 };
    struct store *store = store_of(state);
    struct rng rng = property_rng("bulk");

    table(store);
    for (size_t c = 0; c < COUNT_OF(counts); c++) {
        struct things things = any_things(store, &rng, counts[c]);
        struct db_rows rows;
        size_t i = 0;

        begin(store);
        assert_ok(store, insert(store, &things, NULL, NULL));
        assert_ok(store,
                  db_query(store->tx, &rows,
                           "SELECT id, number, name, small, tier FROM things ORDER BY id",
                           NO_ARGS));
        for (; db_next(&rows); i++) {
            assert_is_thing(&rows, &things, i);
            assert_int_equal(row_int(&rows, 3), 5);
            assert_int_equal(row_int(&rows, 4), things.tiers[i]);
        }
        assert_ok(store, db_done(&rows));
        assert_int_equal(i, counts[c]);
        tx_rollback(store->tx);
    }
}

/* PostgreSQL is sent no array of a column that holds nothing. */
static void columns_without_any_value_are_null(void **state)
{
    struct store *store = store_of(state);
    struct rng rng = property_rng("bulk");
    struct things things = any_things(store, &rng, 40);
    int64_t n = 0;

    table(store);
    for (size_t i = 0; i < things.count; i++) {
        things.nulls[i] = true;
        things.names[i] = STR_NONE;
    }
    begin(store);
    assert_ok(store, insert(store, &things, NULL, NULL));
    assert_ok(store,
              db_find_int(store->tx,
                          "SELECT COUNT(*) FROM things WHERE number IS NULL AND name IS NULL"
                          " AND tier IS NOT NULL AND small = 5",
                          NO_ARGS, 0, &n));
    assert_int_equal(n, things.count);
    commit(store);
}

struct told {
    const struct things *things;
    bool *seen;
    size_t count;
};

static void take_told(void *context, const struct db_rows *row)
{
    struct told *told = context;
    size_t i = (size_t)row_int(row, 0);

    assert_true(i < told->things->count && !told->seen[i]);
    assert_is_thing(row, told->things, i);
    told->seen[i] = true;
    told->count++;
}

static void only_new_rows_are_told(void **state)
{
    enum { COUNT = 500 };
    struct store *store = store_of(state);
    struct rng rng = property_rng("bulk returning");
    struct things things = any_things(store, &rng, COUNT);
    bool seen[COUNT] = { false };
    struct told told = { &things, seen, 0 };

    table(store);
    script(store, "INSERT INTO things (id) VALUES (3), (77), (499);");
    begin(store);
    things.ids[10] = 9; /* the same twice in one batch: the first counts */
    assert_ok(store, insert(store, &things, take_told, &told));
    commit(store);
    assert_int_equal(told.count, COUNT - 4);
    assert_false(seen[3] || seen[77] || seen[499] || seen[10]);
}

static void take_sum(void *context, const struct db_rows *row)
{
    *(int64_t *)context += row_int(row, 0) * row_int(row, 1);
}

static void a_bulk_query_finds_by_many_keys(void **state)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, id FROM things WHERE number = $3 AND id = $1",
        .set_sql =
            "SELECT u.position, t.id FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
            " JOIN things t ON t.number = $3 AND t.id = u.id",
    };
    const int64_t ids[] = { 4, 1, 9, 2 }, positions[] = { 1, 10, 100, 1000 };
    const struct db_column columns[] = { { .numbers = ids }, { .numbers = positions } };
    struct store *store = store_of(state);
    int64_t sum = 0;

    table(store);
    script(store, "INSERT INTO things (id, number) VALUES (1, 7), (2, 7), (3, 7), (4, 8);");
    begin(store);
    assert_ok(store, db_bulk_run(store->tx, &find, columns, 2, 4, ARGS(db_int(7)), take_sum, &sum));
    assert_int_equal(sum, 1 * 10 + 2 * 1000);
    commit(store);
}

static const struct db_bulk add_or_fail = {
    .row_sql = "INSERT INTO things (id) VALUES ($1)",
    .set_sql = "INSERT INTO things (id) SELECT unnest($1::bigint[])",
};

static void a_bulk_that_fails_changes_nothing(void **state)
{
    const int64_t ids[] = { 2, 3, 1 };
    const struct db_column column = { .numbers = ids };
    struct store *store = store_of(state);
    int64_t rows;

    table(store);
    script(store, "INSERT INTO things (id) VALUES (1);");
    begin(store);
    assert_ok(store, tx_savepoint(store->tx));
    bool ok = db_bulk_run(store->tx, &add_or_fail, &column, 1, 3, NO_ARGS, NULL, NULL)
        && tx_release(store->tx);

    assert_refused(store, ok, REASON_CONFLICT);
    assert_ok(store, tx_rollback_to(store->tx));
    assert_ok(store, db_bulk_run(store->tx, &add_or_fail, &column, 1, 2, NO_ARGS, NULL, NULL));
    assert_ok(store, db_find_int(store->tx, "SELECT COUNT(*) FROM things", NO_ARGS, 0, &rows));
    assert_int_equal(rows, 3);
    commit(store);
}

static void misread(void *context, const struct db_rows *row)
{
    (void)context;
    row_text(row, 1);
}

static void a_bulk_row_that_is_misread_fails_it(void **state)
{
    struct store *store = store_of(state);
    struct things things = things_new(store, 1);

    table(store);
    begin(store);
    assert_refused(store, insert(store, &things, misread, NULL), REASON_INTERNAL);
    tx_rollback(store->tx);
}

enum colour { RED, GREEN, BLUE };
static const char *const colours[] = { "red", "green", "blue", NULL };

struct painted {
    id64_t id, none_id;
    int64_t number;
    micros_t price, no_price;
    instant_t at, no_at;
    struct str name, no_name, json;
    bool yes, no;
    int by_number, by_name, by_nothing;
    uint64_t set;
};

static const struct field painted_fields[] = {
    FIELD_ID(struct painted, id, ID_CALL),
    FIELD_ID(struct painted, none_id, ID_CALL),
    FIELD_INTEGER(struct painted, number),
    FIELD_MONEY(struct painted, price),
    FIELD_MONEY(struct painted, no_price),
    FIELD_INSTANT(struct painted, at),
    FIELD_INSTANT(struct painted, no_at),
    FIELD_TEXT(struct painted, name),
    FIELD_TEXT(struct painted, no_name),
    FIELD_JSON(struct painted, json),
    FIELD_BOOLEAN(struct painted, yes),
    FIELD_BOOLEAN(struct painted, no),
    FIELD_NAME(struct painted, by_number, colours),
    FIELD_NAME(struct painted, by_name, colours),
    FIELD_NAME(struct painted, by_nothing, colours),
    FIELD_NAMES(struct painted, set, colours),
    FIELD_END,
};

static void a_table_of_fields_reads_a_row(void **state)
{
    struct store *store = store_of(state);
    struct painted row;
    bool found = false;

    begin(store);
    assert_ok(store,
              db_find(store->tx,
                      "SELECT 11, $1, 12, 13, $2, 14, $3, 'name', $4, '{}', 1, 0, 1, 'blue', $5, 5",
                      ARGS(db_id(ID_NONE), db_micros(MICROS_NONE), db_instant(INSTANT_NONE),
                           db_text(STR_NONE), db_text(STR_NONE)),
                      painted_fields, &row, &found));
    commit(store);
    assert_true(found && row.id == 11 && row.none_id == ID_NONE && row.number == 12
                && row.price == 13);
    assert_true(row.no_price == MICROS_NONE && row.at == 14 && row.no_at == INSTANT_NONE);
    assert_true(str_equal_c(row.name, "name") && str_is_absent(row.no_name)
                && str_equal_c(row.json, "{}"));
    assert_true(row.yes && !row.no && row.set == 5);
    assert_int_equal(row.by_number, GREEN);
    assert_int_equal(row.by_name, BLUE);
    assert_int_equal(row.by_nothing, -1);
}

static void a_name_that_nobody_knows_fails_the_row(void **state)
{
    static const struct field fields[] = { FIELD_NAME(struct painted, by_name, colours),
                                           FIELD_END };
    static const char *const unknown[] = { "SELECT 'pink'", "SELECT 3", "SELECT -1", "SELECT ''" };
    struct store *store = store_of(state);
    struct painted row;

    begin(store);
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        assert_refused(store, db_find(store->tx, unknown[i], NO_ARGS, fields, &row, NULL),
                       REASON_INTERNAL);
    }
    commit(store);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(rows_come_back_as_they_went),
    STORE_TEST(columns_without_any_value_are_null),
    STORE_TEST(only_new_rows_are_told),
    STORE_TEST(a_bulk_query_finds_by_many_keys),
    STORE_TEST(a_bulk_that_fails_changes_nothing),
    STORE_TEST(a_bulk_row_that_is_misread_fails_it),
    STORE_TEST(a_table_of_fields_reads_a_row),
    STORE_TEST(a_name_that_nobody_knows_fails_the_row),
};

int main(void)
{
    return cmocka_run_group_tests_name("db_bulk", tests, databases_make, databases_drop);
}
