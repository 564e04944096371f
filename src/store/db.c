/* What both stores share: addresses, connections, and the order of things in a transaction. */
#include "store/driver.h"

#include "base/log.h"
#include "store/feed.h"

#include <assert.h>
#include <string.h>

enum {
    DB_ARENA_BYTES = 4096,
    CONNECTION_ARENA_BYTES = 16384,
    SQL_TOLD_MAX = 160, /* bytes of a failed statement that the log gets */
    HTTP_SERVER_ERROR = 500,
    TX_MARKS_MAX = 16384, /* accounts that one transaction tells of */
};

/* Which driver opens an address. */
static const struct scheme {
    struct str prefix;
    const struct db_driver *driver;
} schemes[] = {
    { STR("sqlite:"), &sqlite_driver },
    { STR("postgres://"), &postgres_driver },
    { STR("postgresql://"), &postgres_driver },
};

static const struct db_driver *driver_for(struct str url)
{
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (str_starts_with(url, schemes[i].prefix)) return schemes[i].driver;
    }
    return NULL;
}

struct db *db_open(struct str url, enum db_open_mode mode, struct problem *problem)
{
    const struct db_driver *driver = driver_for(url);

    if (driver == NULL) {
        fail(problem, REASON_INVALID, NULL,
             "A store's address is sqlite:FILE or postgres://USER@HOST/DATABASE.");
        return NULL;
    }

    struct arena *arena = arena_new(DB_ARENA_BYTES);
    struct db *db = ARENA_NEW(arena, struct db);

    *db = (struct db){
        .driver = driver, .arena = arena, .address = str_copy(arena, url), .mode = mode
    };
    if (!driver->open(db, problem)) {
        arena_free(arena);
        return NULL;
    }
    return db;
}

void db_close(struct db *db)
{
    db->driver->close(db);
    arena_free(db->arena);
}

enum db_kind db_kind(const struct db *db)
{
    return db->driver->kind;
}

struct str db_describe(const struct db *db, struct arena *arena)
{
    return db->driver->describe(db, arena);
}

struct tx *db_connect(struct db *db, enum db_access access, struct problem *problem)
{
    if (access == DB_WRITER && db->mode == DB_OPEN_SHARED) {
        fail(problem, REASON_STORE_BUSY, NULL, "The store was opened for reading only.");
        return NULL;
    }

    struct arena *arena = arena_new(CONNECTION_ARENA_BYTES);
    struct db_connection *connection = arena_alloc(arena, db->driver->connection_bytes);

    connection->arena = arena;
    connection->access = access;
    connection->tx.connection = connection;
    connection->tx.db = db;
    if (!db->driver->connect(connection, problem)) {
        arena_free(arena);
        return NULL;
    }
    if (access == DB_WRITER) connection->tx.marks = marks_new(TX_MARKS_MAX);
    return &connection->tx;
}

void db_disconnect(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    tx_rollback(tx);
    tx->db->driver->disconnect(connection);
    marks_free(tx->marks);
    arena_free(connection->arena);
}

void db_watch(struct db *db, marks_taker take, void *context)
{
    db->take_marks = take;
    db->marks_context = context;
}

void tx_mark(struct tx *tx, id64_t agency, id64_t subaccount, unsigned kinds)
{
    if (tx->marks != NULL) marks_add(tx->marks, agency, subaccount, kinds);
}

void tx_attach(struct tx *tx, struct arena *arena, struct problem *problem)
{
    tx->arena = arena;
    tx->problem = problem;
}

bool tx_begin(struct tx *tx, struct arena *arena, struct problem *problem, instant_t now)
{
    struct db_connection *connection = tx->connection;

    assert(!connection->in_transaction);
    tx_attach(tx, arena, problem);
    tx->now = now;
    tx->wakes_jobs = false;
    if (tx->marks != NULL) marks_clear(tx->marks);
    connection->in_unit = false;
    connection->broken = false;
    connection->failure = REASON_NONE;
    connection->in_transaction = tx->db->driver->begin(tx);
    return connection->in_transaction;
}

/* Whoever returned early left rows open. */
static void close_cursors(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    while (connection->cursors != NULL) {
        struct db_cursor *cursor = connection->cursors;

        connection->cursors = cursor->next;
        tx->db->driver->close_cursor(cursor);
    }
}

/* Whether the unit is still sound; says again why when it is not. */
static bool is_sound(struct tx *tx)
{
    const struct db_connection *connection = tx->connection;

    assert(connection->in_transaction);
    if (connection->failure == REASON_NONE) return true;
    return fail(tx->problem, connection->failure, NULL,
                "not run: a statement before it in the same unit failed");
}

static void tell_marks(struct tx *tx)
{
    const struct db *db = tx->db;

    if (tx->marks != NULL && db->take_marks != NULL && !marks_are_empty(tx->marks))
        db->take_marks(db->marks_context, tx->marks);
}

bool tx_commit(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    assert(!connection->in_unit || connection->failure != REASON_NONE);
    close_cursors(tx);
    if (!is_sound(tx) || !feed_notify_access(tx)) {
        tx_rollback(tx);
        return false;
    }
    bool is_committed = tx->db->driver->commit(tx);

    if (is_committed)
        connection->in_transaction = false;
    else
        tx_rollback(tx);
    /* A commit whose answer was lost may have happened: whoever looks on had better look again. */
    tell_marks(tx);
    return is_committed;
}

void tx_rollback(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    if (!connection->in_transaction) return;
    close_cursors(tx);
    tx->db->driver->rollback(tx);
    connection->in_transaction = false;
    connection->in_unit = false;
}

bool tx_savepoint(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    assert(!connection->in_unit);
    if (!is_sound(tx)) return false;
    connection->in_unit = tx->db->driver->savepoint(tx);
    return connection->in_unit;
}

bool tx_release(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    assert(connection->in_unit);
    if (!is_sound(tx) || !tx->db->driver->release(tx)) return false;
    connection->in_unit = false;
    return true;
}

bool tx_rollback_to(struct tx *tx)
{
    struct db_connection *connection = tx->connection;

    if (connection->broken || !connection->in_unit) return false;
    close_cursors(tx);
    if (!tx->db->driver->undo(tx)) return false;
    connection->in_unit = false;
    connection->failure = REASON_NONE;
    return true;
}

bool tx_run_apart(struct tx *tx, struct arena *arena, struct problem *problem,
                  bool (*run)(void *context), void *context, bool *done)
{
    struct arena *own_arena = tx->arena;
    struct problem *own = tx->problem;

    tx_attach(tx, arena, problem);
    *done = run(context);
    tx_attach(tx, own_arena, own);
    if (*done || (!tx_is_broken(tx) && reason_status(problem->reason) < HTTP_SERVER_ERROR))
        return true;
    return fail(own, problem->reason, NULL, "%.*s", STR_ARG(problem_detail(problem)));
}

bool tx_is_broken(const struct tx *tx)
{
    return tx->connection->broken;
}

bool db_run(struct tx *tx, const char *sql, struct db_args args, int64_t *changed)
{
    return is_sound(tx) && tx->db->driver->run(tx, sql, args, changed);
}

bool db_change_one(struct tx *tx, const char *sql, struct db_args args)
{
    int64_t changed = 0;

    if (!db_run(tx, sql, args, &changed)) return false;
    return changed == 1 || fail_as(tx->problem, REASON_NOT_FOUND, NULL);
}

bool db_script(struct tx *tx, const char *sql)
{
    return is_sound(tx) && tx->db->driver->script(tx, sql);
}

bool db_bulk_run(struct tx *tx, const struct db_bulk *bulk, const struct db_column *columns,
                 size_t n_columns, size_t n_rows, struct db_args shared, db_row_function on_row,
                 void *context)
{
    const struct db_bulk_call call = {
        .bulk = bulk,
        .columns = columns,
        .n_columns = n_columns,
        .n_rows = n_rows,
        .shared = shared,
        .on_row = on_row,
        .context = context,
    };

    return is_sound(tx) && (n_rows == 0 || tx->db->driver->bulk(tx, &call));
}

bool db_query(struct tx *tx, struct db_rows *rows, const char *sql, struct db_args args)
{
    struct db_connection *connection = tx->connection;

    *rows = (struct db_rows){ .tx = tx };
    if (!is_sound(tx) || !tx->db->driver->query(tx, sql, args, &rows->cursor)) return false;
    rows->cursor->unreadable = false;
    rows->cursor->next = connection->cursors;
    connection->cursors = rows->cursor;
    return true;
}

bool db_next(struct db_rows *rows)
{
    bool row = false;

    if (rows->failed || rows->cursor->unreadable) return false;
    if (!rows->tx->db->driver->next(rows->tx, rows->cursor, &row)) rows->failed = true;
    return row && !rows->failed;
}

bool db_done(struct db_rows *rows)
{
    struct db_cursor **link = &rows->tx->connection->cursors;

    while (*link != rows->cursor) {
        assert(*link != NULL); /* done twice, or after the transaction's end */
        link = &(*link)->next;
    }
    *link = rows->cursor->next;
    rows->failed = rows->failed || rows->cursor->unreadable;
    rows->tx->db->driver->close_cursor(rows->cursor);
    rows->cursor = NULL;
    return !rows->failed
        || fail(rows->tx->problem, REASON_INTERNAL, NULL, "a row of the store makes no sense");
}

bool reason_is_of_store(enum reason reason)
{
    return reason == REASON_STORE_UNAVAILABLE || reason == REASON_STORE_FULL
        || reason == REASON_STORE_RETRY || reason == REASON_STORE_BUSY;
}

bool connection_fail(struct tx *tx, enum reason reason, const char *sql, const char *format, ...)
{
    struct db_connection *connection = tx->connection;
    va_list args;

    va_start(args, format);
    struct str detail = str_format_v(tx->arena, format, args);
    va_end(args);
    connection->failure = reason;
    connection->broken = connection->broken || reason_is_of_store(reason);
    if (sql != NULL)
        detail = str_format(tx->arena, "%.*s; in %.*s", STR_ARG(detail), SQL_TOLD_MAX, sql);
    if (reason_status(reason) >= HTTP_SERVER_ERROR)
        return fail(tx->problem, reason, NULL, "%.*s", STR_ARG(detail));
    /* Clients see this one's sentence: the store's own words are for the log. */
    if (!tx->bets)
        log_event(LOG_WARN, "statement_refused",
                  LOG_TEXT("reason", str_from_c(reason_code(reason))), LOG_TEXT("detail", detail));
    return fail_as(tx->problem, reason, NULL);
}

static const char *const marks[] = { [DB_SQLITE] = "/*sqlite ", [DB_POSTGRES] = "/*postgres " };

const char *sql_for(enum db_kind kind, const char *sql, struct arena *arena)
{
    const char *mark = strstr(sql, marks[kind]);

    if (mark == NULL) return sql;

    struct buffer out = buffer_new(arena, strlen(sql) + 1);

    for (; mark != NULL; mark = strstr(sql, marks[kind])) {
        const char *words = mark + strlen(marks[kind]);
        const char *end = strstr(words, "*/");

        assert(end != NULL);
        buffer_add(&out, (struct str){ sql, (size_t)(mark - sql) });
        buffer_add(&out, (struct str){ words, (size_t)(end - words) });
        sql = end + strlen("*/");
    }
    buffer_add_c(&out, sql);
    return str_to_c(arena, buffer_str(&out));
}
