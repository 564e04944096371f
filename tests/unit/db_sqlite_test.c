/* What only SQLite has: a file and its lock, a disk that fills up, fails, goes away and comes back.
   */
#include "store_fixture.h"

#include "faulty_vfs.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char *path_in(struct store *store, const char *name)
{
    return str_to_c(store->arena, str_format(store->arena, "%s/%s", store->folder, name));
}

static bool insert(struct store *store, int64_t id)
{
    return db_run(store->tx, "INSERT INTO things (id) VALUES ($1)", ARGS(db_int(id)), NULL);
}

static int64_t count(struct store *store)
{
    int64_t rows = -1;

    begin(store);
    assert_ok(store, db_find_int(store->tx, "SELECT COUNT(*) FROM things", NO_ARGS, -1, &rows));
    commit(store);
    return rows;
}

/* A transaction that adds one row, as the writer's thread would run it. */
static bool add_one(struct store *store, int64_t id)
{
    if (!tx_begin(store->tx, store->arena, &store->problem, SOME_INSTANT)) return false;
    if (insert(store, id) && tx_commit(store->tx)) return true;
    tx_rollback(store->tx);
    return false;
}

static void table(struct store *store)
{
    script(store, "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY);");
}

struct pragma {
    struct str text;
};

static void what_is_committed_is_on_the_disk(void **state)
{
    static const struct {
        const char *pragma;
        int64_t value;
    } settings[] = { { "PRAGMA synchronous", 2 },
                     { "PRAGMA foreign_keys", 1 },
                     { "PRAGMA busy_timeout", 5000 } };
    static const struct field mode[] = { FIELD_TEXT(struct pragma, text), FIELD_END };
    struct store *store = store_of(state);
    struct pragma row;

    begin(store);
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        int64_t value;

        assert_ok(store, db_find_int(store->tx, settings[i].pragma, NO_ARGS, -1, &value));
        assert_row(value == settings[i].value, settings[i].pragma);
    }
    assert_ok(store, db_find(store->tx, "PRAGMA journal_mode", NO_ARGS, mode, &row, NULL));
    assert_true(str_equal_c(row.text, "wal"));
    commit(store);
}

static void the_file_is_its_owners_alone(void **state)
{
    struct store *store = store_of(state);
    struct stat info;

    assert_int_equal(stat(path_in(store, "store.db"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_file_that_is_not_there_is_only_made_on_request(void **state)
{
    struct store *store = store_of(state);
    struct str url = str_format(store->arena, "sqlite:%s/other.db", store->folder);

    assert_refused(store, db_open(url, DB_OPEN_EXISTING, &store->problem) != NULL,
                   REASON_STORE_UNAVAILABLE);
    assert_refused(store, db_open(url, DB_OPEN_SHARED, &store->problem) != NULL,
                   REASON_STORE_UNAVAILABLE);
    assert_int_equal(access(path_in(store, "other.db"), F_OK), -1);
    url = str_format(store->arena, "sqlite:%s/no/folder.db", store->folder);
    assert_refused(store, db_open(url, DB_OPEN_CREATE, &store->problem) != NULL,
                   REASON_STORE_UNAVAILABLE);
}

static void another_kind_of_file_is_refused(void **state)
{
    struct store *store = store_of(state);
    FILE *file = fopen(path_in(store, "letter.txt"), "w");

    for (int i = 0; i < 1000; i++)
        fputs("Dear reader, this is no database.\n", file);
    fclose(file);
    assert_refused(store,
                   db_open(str_format(store->arena, "sqlite:%s/letter.txt", store->folder),
                           DB_OPEN_EXISTING, &store->problem)
                       != NULL,
                   REASON_STORE_UNAVAILABLE);
}

static void one_process_writes(void **state)
{
    struct store *store = store_of(state);

    assert_null(db_open(store->url, DB_OPEN_EXISTING, &store->problem));
    struct str holder = str_format(store->arena, "%ld", (long)getpid());
    struct str told = problem_detail(&store->problem);

    assert_non_null(memmem(told.at, told.len, holder.at, holder.len));
    assert_refused(store, false, REASON_STORE_BUSY);
}

/* The same store by another name has the same lock. */
static void a_link_to_the_store_is_the_store(void **state)
{
    struct store *store = store_of(state);

    assert_int_equal(symlink("store.db", path_in(store, "link.db")), 0);
    assert_refused(store,
                   db_open(str_format(store->arena, "sqlite:%s/link.db", store->folder),
                           DB_OPEN_EXISTING, &store->problem)
                       != NULL,
                   REASON_STORE_BUSY);
}

static void a_killed_process_leaves_no_lock(void **state)
{
    struct store *store = store_of(state);
    int ready[2];
    char byte;

    table(store);
    db_disconnect(store->tx);
    db_close(store->db);
    store->tx = NULL;
    store->db = NULL;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();

    if (child == 0) {
        struct db *db = db_open(store->url, DB_OPEN_EXISTING, &store->problem);
        struct tx *tx = db == NULL ? NULL : db_connect(db, DB_WRITER, &store->problem);
        bool ok = tx != NULL && tx_begin(tx, store->arena, &store->problem, SOME_INSTANT)
            && db_run(tx, "INSERT INTO things (id) VALUES (1)", NO_ARGS, NULL);

        (void)!write(ready[1], ok ? "y" : "n", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_refused(store, db_open(store->url, DB_OPEN_EXISTING, &store->problem) != NULL,
                   REASON_STORE_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    store->db = db_open(store->url, DB_OPEN_EXISTING, &store->problem);
    assert_ok(store, store->db != NULL);
    store->tx = db_connect(store->db, DB_WRITER, &store->problem);
    assert_int_equal(count(store), 0);
}

static void a_store_that_went_away_and_came_back_goes_on(void **state)
{
    struct store *store = store_of(state);
    struct tx *reader = db_connect(store->db, DB_READER, &store->problem);
    const char *away = str_to_c(store->arena, str_format(store->arena, "%s.away", store->folder));
    int64_t rows;

    table(store);
    assert_ok(store, add_one(store, 1));
    assert_int_equal(rename(store->folder, away), 0);
    for (int times = 0; times < 3; times++) {
        assert_refused(store, add_one(store, 2), REASON_STORE_UNAVAILABLE);
        assert_refused(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT),
                       REASON_STORE_UNAVAILABLE);
    }
    assert_int_equal(rename(away, store->folder), 0);
    assert_ok(store, add_one(store, 3));
    assert_int_equal(count(store), 2);
    assert_ok(store, tx_begin(reader, store->arena, &store->problem, SOME_INSTANT));
    assert_ok(store, db_find_int(reader, "SELECT SUM(id) FROM things", NO_ARGS, 0, &rows));
    assert_int_equal(rows, 4);
    db_disconnect(reader);
}

static void a_store_that_came_back_without_its_lock_is_locked_again(void **state)
{
    struct store *store = store_of(state);
    const char *away = path_in(store, "away.db");

    table(store);
    assert_int_equal(rename(path_in(store, "store.db"), away), 0);
    assert_int_equal(unlink(path_in(store, "store.db-lock")), 0);
    assert_refused(store, add_one(store, 1), REASON_STORE_UNAVAILABLE);
    assert_int_equal(rename(away, path_in(store, "store.db")), 0);
    assert_ok(store, add_one(store, 1));
    assert_refused(store, db_open(store->url, DB_OPEN_EXISTING, &store->problem) != NULL,
                   REASON_STORE_BUSY);
}

static void another_program_that_writes_is_waited_for_then_told(void **state)
{
    struct store *store = store_of(state);
    sqlite3 *other;

    table(store);
    assert_int_equal(sqlite3_open(path_in(store, "store.db"), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_refused(store, add_one(store, 1), REASON_STORE_BUSY);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    assert_ok(store, add_one(store, 1));
}

static const struct fault {
    int code;
    enum reason reason;
} faults[] = {
    { SQLITE_FULL, REASON_STORE_FULL },
    { SQLITE_IOERR_WRITE, REASON_STORE_UNAVAILABLE },
    { SQLITE_IOERR_FSYNC, REASON_STORE_UNAVAILABLE },
    { SQLITE_READONLY, REASON_STORE_UNAVAILABLE },
};

static void a_disk_that_fails_costs_what_was_not_committed(void **state)
{
    struct store *store = store_of(state);

    table(store);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        int64_t before = count(store);

        assert_ok(store, add_one(store, (int64_t)i * 10));
        disk_fail(faults[i].code, 0);
        for (int64_t id = 1; id <= 3; id++) {
            assert_refused(store, add_one(store, (int64_t)i * 10 + id), faults[i].reason);
            assert_true(tx_is_broken(store->tx));
        }
        disk_heal();
        assert_int_equal(count(store), before + 1);
        assert_ok(store, add_one(store, (int64_t)i * 10 + 4));
        assert_int_equal(count(store), before + 2);
    }
}

enum { ROWS = 600 };

/* Many rows of which some run into a checkpoint, each unit in its savepoint. */
static bool add_many(struct store *store, int64_t first)
{
    static const char padding[4000] = "x";
    bool ok = tx_begin(store->tx, store->arena, &store->problem, SOME_INSTANT);

    for (int64_t id = first; ok && id < first + ROWS; id++) {
        ok = tx_savepoint(store->tx)
            && db_run(
                 store->tx, "INSERT INTO pages (id, data) VALUES ($1, $2)",
                 ARGS(db_int(id),
                      db_bytes((struct bytes){ (const unsigned char *)padding, sizeof(padding) })),
                 NULL)
            && tx_release(store->tx);
    }
    ok = ok && tx_commit(store->tx);
    tx_rollback(store->tx);
    return ok;
}

static void a_failure_at_any_write_leaves_all_or_nothing(void **state)
{
    struct store *store = store_of(state);
    int64_t first = 0, rows, expected = 0;
    long after = 0;
    bool untouched = false;

    script(store, "CREATE TABLE pages (id BIGINT NOT NULL PRIMARY KEY, data BYTEA);");
    for (; !untouched; after++, first += ROWS) {
        disk_fail(after % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE, after);
        bool ok = add_many(store, first);

        untouched = disk.operations <= after;
        disk_heal();
        assert_true(ok || !untouched);
        problem_clear(&store->problem);
        expected += ok ? ROWS : 0;
        begin(store);
        assert_ok(store, db_find_int(store->tx, "SELECT COUNT(*) FROM pages", NO_ARGS, -1, &rows));
        commit(store);
        assert_int_equal(rows, expected);
    }
    assert_true(after > 15); /* it did fail somewhere: thirty pages are one write */
    begin(store);
    assert_ok(store,
              db_find_int(store->tx,
                          "SELECT COUNT(*) FROM pragma_integrity_check"
                          " WHERE integrity_check <> 'ok'",
                          NO_ARGS, -1, &rows));
    commit(store);
    assert_int_equal(rows, 0);
}

static void a_query_is_open_once(void **state)
{
    static const char sql[] = "SELECT 1";
    struct store *store = store_of(state);
    struct db_rows outer, inner;

    begin(store);
    assert_ok(store, db_query(store->tx, &outer, sql, NO_ARGS));
    assert_refused(store, db_query(store->tx, &inner, sql, NO_ARGS), REASON_INTERNAL);
    tx_rollback(store->tx);
}

static const struct CMUnitTest tests[] = {
    SQLITE_TEST(what_is_committed_is_on_the_disk),
    SQLITE_TEST(the_file_is_its_owners_alone),
    SQLITE_TEST(a_file_that_is_not_there_is_only_made_on_request),
    SQLITE_TEST(another_kind_of_file_is_refused),
    SQLITE_TEST(one_process_writes),
    SQLITE_TEST(a_link_to_the_store_is_the_store),
    SQLITE_TEST(a_killed_process_leaves_no_lock),
    SQLITE_TEST(a_store_that_went_away_and_came_back_goes_on),
    SQLITE_TEST(a_store_that_came_back_without_its_lock_is_locked_again),
    SQLITE_TEST(another_program_that_writes_is_waited_for_then_told),
    SQLITE_TEST(a_disk_that_fails_costs_what_was_not_committed),
    SQLITE_TEST(a_failure_at_any_write_leaves_all_or_nothing),
    SQLITE_TEST(a_query_is_open_once),
};

static int install(void **state)
{
    (void)state;
    faulty_vfs_install();
    return 0;
}

int main(void)
{
    return cmocka_run_group_tests_name("db_sqlite", tests, install, NULL);
}
