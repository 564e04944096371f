/* The SQLite driver: statements and rows of one connection. */
#include "store/sqlite.h"

#include "store/statements.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_ARENA_BYTES = 16384 };

struct sqlite_connection {
    struct db_connection base;
    sqlite3 *handle;     /* NULL: to be opened at the next begin */
    bool is_stale;       /* an error says that a fresh handle is wanted */
    struct arena *arena; /* of the statements: goes with the handle */
    struct statements statements;
};

struct sqlite_statement {
    struct db_cursor cursor;
    sqlite3_stmt *handle;
    int n_parameters;
    const int *arguments; /* which argument each parameter takes */
    bool is_open, is_at_end;
    const struct db_bulk_call *given; /* not NULL: the cells are those of its row `given_row` */
    size_t given_row;
};

static struct sqlite_connection *connection_of(const struct tx *tx)
{
    return (struct sqlite_connection *)tx->connection;
}

/* Whether the values outlive the statement's run, so that SQLite need not copy them. */
enum lifetime { VALUES_STAY, VALUES_GO };

static bool sqlite_fail(struct tx *tx, const char *sql)
{
    struct sqlite_connection *connection = connection_of(tx);
    int code = sqlite3_extended_errcode(connection->handle);
    enum reason reason = sqlite_reason(connection->handle, code);

    connection_fail(tx, reason, sql, "%s (SQLite %d)", sqlite3_errmsg(connection->handle), code);
    /* After a sync that failed the kernel may take pages for written that are not. This handle
       writes its part of the log anew; a fresh one would find the old part in the kernel's memory, and build on it. */
    if (reason == REASON_STORE_UNAVAILABLE && code != SQLITE_IOERR_FSYNC)
        connection->is_stale = true;
    /* Some errors end the whole transaction by themselves. */
    if (sqlite3_get_autocommit(connection->handle)) connection->base.broken = true;
    return false;
}

/* SQLite numbers parameters by where they first stand; here "$3" is the third argument wherever it
   stands. */
static bool number_parameters(struct sqlite_connection *connection,
                              struct sqlite_statement *statement)
{
    int *arguments = ARENA_ARRAY(connection->arena, int, statement->n_parameters);

    for (int i = 0; i < statement->n_parameters; i++) {
        const char *name = sqlite3_bind_parameter_name(statement->handle, i + 1);
        int64_t number = 0;

        if (name == NULL || !str_to_int64(str_from_c(name + 1), &number) || number < 1)
            return false;
        arguments[i] = (int)number - 1;
    }
    statement->arguments = arguments;
    return true;
}

/* Fills a new statement; on failure it may hold a handle to be finalized. */
static bool compile(struct tx *tx, const char *sql, struct sqlite_statement *statement)
{
    struct sqlite_connection *connection = connection_of(tx);
    const char *text = sql_for(DB_SQLITE, sql, connection->arena), *rest;

    if (sqlite3_prepare_v3(connection->handle, text, -1, SQLITE_PREPARE_PERSISTENT,
                           &statement->handle, &rest)
        != SQLITE_OK)
        return sqlite_fail(tx, sql);
    if (*rest != '\0') return connection_fail(tx, REASON_INTERNAL, sql, "more than one statement");
    statement->n_parameters = sqlite3_bind_parameter_count(statement->handle);
    statement->cursor.n_columns = sqlite3_column_count(statement->handle);
    return number_parameters(connection, statement)
        || connection_fail(tx, REASON_INTERNAL, sql, "a placeholder is not $1, $2 ...");
}

static struct sqlite_statement *prepare(struct tx *tx, const char *sql)
{
    struct sqlite_connection *connection = connection_of(tx);
    struct sqlite_statement *statement = statements_find(&connection->statements, sql);

    if (statement != NULL) return statement;
    statement = ARENA_NEW(connection->arena, struct sqlite_statement);
    if (!compile(tx, sql, statement)) {
        sqlite3_finalize(statement->handle);
        return NULL;
    }
    statements_add(&connection->statements, sql, statement);
    return statement;
}

static int bind(sqlite3_stmt *handle, int parameter, const struct db_value *value,
                enum lifetime lifetime)
{
    sqlite3_destructor_type destructor = lifetime == VALUES_STAY ? SQLITE_STATIC : SQLITE_TRANSIENT;

    if (value->is_null) return sqlite3_bind_null(handle, parameter);
    switch (value->type) {
    case DB_INT: return sqlite3_bind_int64(handle, parameter, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(handle, parameter, value->at, value->len, destructor,
                                   SQLITE_UTF8);
    case DB_BYTES: return sqlite3_bind_blob64(handle, parameter, value->at, value->len, destructor);
    }
    assert(!"a value has a type");
    return SQLITE_MISUSE;
}

/* Binds the arguments from `first` on; those before it are bound otherwise. */
static bool bind_args(struct tx *tx, const char *sql, const struct sqlite_statement *statement,
                      int first, struct db_args args, enum lifetime lifetime)
{
    for (int i = 0; i < statement->n_parameters; i++) {
        int argument = statement->arguments[i] - first;

        if (argument < 0) continue;
        if ((size_t)argument >= args.count)
            return connection_fail(tx, REASON_INTERNAL, sql, "there is no argument for $%d",
                                   argument + first + 1);
        if (bind(statement->handle, i + 1, &args.at[argument], lifetime) != SQLITE_OK)
            return sqlite_fail(tx, sql);
    }
    return true;
}

/* Runs a bound statement to its end and makes it ready for the next time; `call` may be NULL. */
static bool run_to_end(struct tx *tx, const char *sql, struct sqlite_statement *statement,
                       const struct db_bulk_call *call)
{
    const struct db_rows row = { .tx = tx, .cursor = &statement->cursor };
    int code;

    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) {
        if (call != NULL && call->on_row != NULL) call->on_row(call->context, &row);
    }
    if (code != SQLITE_DONE) sqlite_fail(tx, sql);
    sqlite3_reset(statement->handle);
    return code == SQLITE_DONE;
}

static struct sqlite_statement *prepare_unused(struct tx *tx, const char *sql)
{
    struct sqlite_statement *statement = prepare(tx, sql);

    if (statement == NULL || !statement->is_open) return statement;
    connection_fail(tx, REASON_INTERNAL, sql, "its rows are still open");
    return NULL;
}

static bool run(struct tx *tx, const char *sql, struct db_args args, int64_t *changed)
{
    struct sqlite_statement *statement = prepare_unused(tx, sql);

    if (statement == NULL || !bind_args(tx, sql, statement, 0, args, VALUES_STAY)
        || !run_to_end(tx, sql, statement, NULL))
        return false;
    if (changed != NULL)
        *changed = sqlite3_stmt_readonly(statement->handle)
            ? 0
            : sqlite3_changes64(connection_of(tx)->handle);
    return true;
}

static bool run_plain(struct tx *tx, const char *sql)
{
    return run(tx, sql, NO_ARGS, NULL);
}

static struct db_value column_value(const struct db_column *column, size_t row)
{
    if (column->type == DB_COLUMN_TEXT) return db_text(column->texts[row]);

    struct db_value value = db_int(column->numbers[row]);

    value.is_null = column->nulls != NULL && column->nulls[row];
    return value;
}

static bool bind_row(struct tx *tx, const char *sql, const struct sqlite_statement *statement,
                     const struct db_bulk_call *call, size_t row)
{
    for (int i = 0; i < statement->n_parameters; i++) {
        size_t argument = (size_t)statement->arguments[i];

        if (argument >= call->n_columns) continue;

        struct db_value value = column_value(&call->columns[argument], row);

        if (bind(statement->handle, i + 1, &value, VALUES_STAY) != SQLITE_OK)
            return sqlite_fail(tx, sql);
    }
    return true;
}

/* A statement without rows gives back what it was given, when it changed something. */
static void tell_given(struct tx *tx, struct sqlite_statement *statement,
                       const struct db_bulk_call *call, size_t row)
{
    const struct db_rows given = { .tx = tx, .cursor = &statement->cursor };

    if (call->on_row == NULL || sqlite3_changes64(connection_of(tx)->handle) == 0) return;
    statement->given_row = row;
    call->on_row(call->context, &given);
}

static bool run_rows(struct tx *tx, const char *sql, struct sqlite_statement *statement,
                     const struct db_bulk_call *call)
{
    for (size_t row = 0; row < call->n_rows; row++) {
        if (!bind_row(tx, sql, statement, call, row) || !run_to_end(tx, sql, statement, call))
            return false;
        if (statement->given != NULL) tell_given(tx, statement, call, row);
    }
    return !statement->cursor.unreadable;
}

static bool run_for_each(struct tx *tx, const char *sql, const struct db_bulk_call *call)
{
    struct sqlite_statement *statement = prepare_unused(tx, sql);

    if (statement == NULL
        || !bind_args(tx, sql, statement, (int)call->n_columns, call->shared, VALUES_STAY))
        return false;

    int n_columns = statement->cursor.n_columns;

    if (n_columns == 0) {
        statement->given = call;
        statement->cursor.n_columns = (int)call->n_columns;
    }
    statement->is_open = true; /* on_row must not run it again */
    statement->cursor.unreadable = false;

    bool ok = run_rows(tx, sql, statement, call);

    statement->is_open = false;
    statement->given = NULL;
    statement->cursor.n_columns = n_columns;
    return ok;
}

static bool bulk(struct tx *tx, const struct db_bulk_call *call)
{
    const struct db_bulk *sql = call->bulk;

    if (sql->row_read_sql == NULL || call->on_row == NULL)
        return run_for_each(tx, sql->row_sql, call);

    struct db_bulk_call writing = *call;

    writing.on_row = NULL;
    return run_for_each(tx, sql->row_sql, &writing) && run_for_each(tx, sql->row_read_sql, call);
}

static bool script(struct tx *tx, const char *sql)
{
    struct sqlite_connection *connection = connection_of(tx);
    const char *text = sql_for(DB_SQLITE, sql, tx->arena);

    return sqlite3_exec(connection->handle, text, NULL, NULL, NULL) == SQLITE_OK
        || sqlite_fail(tx, sql);
}

static bool query(struct tx *tx, const char *sql, struct db_args args, struct db_cursor **cursor)
{
    struct sqlite_statement *statement = prepare_unused(tx, sql);

    if (statement == NULL || !bind_args(tx, sql, statement, 0, args, VALUES_GO)) return false;
    statement->is_open = true;
    statement->is_at_end = false;
    *cursor = &statement->cursor;
    return true;
}

static bool next(struct tx *tx, struct db_cursor *cursor, bool *row)
{
    struct sqlite_statement *statement = (struct sqlite_statement *)cursor;

    if (statement->is_at_end) return true; /* another step would start again */

    int code = sqlite3_step(statement->handle);

    *row = code == SQLITE_ROW;
    statement->is_at_end = !*row;
    return *row || code == SQLITE_DONE || sqlite_fail(tx, sqlite3_sql(statement->handle));
}

static void close_cursor(struct db_cursor *cursor)
{
    struct sqlite_statement *statement = (struct sqlite_statement *)cursor;

    sqlite3_reset(statement->handle);
    statement->is_open = false;
}

static struct db_cell bytes_cell(sqlite3_value *value, int type)
{
    const void *at =
        type == SQLITE_TEXT ? (const void *)sqlite3_value_text(value) : sqlite3_value_blob(value);

    return (struct db_cell){
        .type = type == SQLITE_TEXT ? CELL_TEXT : CELL_BYTES,
        .at = at == NULL ? "" : at, /* so SQLite gives a blob of no bytes */
        .len = (size_t)sqlite3_value_bytes(value),
    };
}

static struct db_cell given_cell(const struct db_column *column, size_t row)
{
    struct db_value value = column_value(column, row);

    return (struct db_cell){
        .type = value.is_null      ? CELL_NULL
            : value.type == DB_INT ? CELL_INT
                                   : CELL_TEXT,
        .number = value.number,
        .at = value.at,
        .len = value.len,
    };
}

static struct db_cell cell(const struct db_cursor *cursor, int column)
{
    const struct sqlite_statement *statement = (const struct sqlite_statement *)cursor;

    if (statement->given != NULL)
        return given_cell(&statement->given->columns[column], statement->given_row);

    /* Each sqlite3_column_… call finds the column anew: once is enough. One thread at a time has the connection, so its
       values need no protection. */
    sqlite3_value *value = sqlite3_column_value(statement->handle, column);
    int type = sqlite3_value_type(value);

    switch (type) {
    case SQLITE_NULL: return (struct db_cell){ .type = CELL_NULL };
    case SQLITE_INTEGER:
        return (struct db_cell){ .type = CELL_INT, .number = sqlite3_value_int64(value) };
    case SQLITE_TEXT:
    case SQLITE_BLOB: return bytes_cell(value, type);
    default: return (struct db_cell){ .type = CELL_OTHER };
    }
}

static void handle_close(struct sqlite_connection *connection)
{
    struct sqlite_statement *statement;
    size_t position = 0;

    while ((statement = statements_next(&connection->statements, &position)) != NULL)
        sqlite3_finalize(statement->handle);
    sqlite3_close(connection->handle);
    arena_reset(connection->arena);
    connection->statements = (struct statements){ .arena = connection->arena };
    connection->handle = NULL;
}

static bool connect(struct db_connection *base, struct problem *problem)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;

    connection->handle = sqlite_handle_open(base->tx.db, base->access, problem);
    if (connection->handle == NULL) return false;
    connection->arena = arena_new(STATEMENTS_ARENA_BYTES);
    connection->statements.arena = connection->arena;
    return true;
}

static void disconnect(struct db_connection *base)
{
    struct sqlite_connection *connection = (struct sqlite_connection *)base;

    handle_close(connection);
    arena_free(connection->arena);
}

/* SQLite goes on writing into a file that was moved or deleted: what is acknowledged then is lost.
   */
static bool has_moved(const struct sqlite_connection *connection)
{
    int moved = 0;

    return sqlite3_file_control(connection->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        == SQLITE_OK
        && moved != 0;
}

static bool begin(struct tx *tx)
{
    struct sqlite_connection *connection = connection_of(tx);

    if (connection->handle != NULL && (connection->is_stale || has_moved(connection)))
        handle_close(connection);
    if (connection->handle == NULL) {
        connection->handle = sqlite_handle_open(tx->db, connection->base.access, tx->problem);
        if (connection->handle == NULL) return false;
        connection->is_stale = false;
    }
    return run_plain(tx, connection->base.access == DB_WRITER ? "BEGIN IMMEDIATE" : "BEGIN");
}

static bool commit(struct tx *tx)
{
    return run_plain(tx, "COMMIT");
}

static void rollback(struct tx *tx)
{
    struct sqlite_connection *connection = connection_of(tx);

    if (sqlite3_get_autocommit(connection->handle)) return;
    if (sqlite3_exec(connection->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
        connection->is_stale = true;
}

static bool savepoint(struct tx *tx)
{
    return run_plain(tx, "SAVEPOINT unit");
}

static bool release(struct tx *tx)
{
    return run_plain(tx, "RELEASE unit");
}

static bool undo(struct tx *tx)
{
    return run_plain(tx, "ROLLBACK TO unit") && release(tx);
}

const struct db_driver sqlite_driver = {
    .kind = DB_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .describe = sqlite_describe,
    .connection_bytes = sizeof(struct sqlite_connection),
    .connect = connect,
    .disconnect = disconnect,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .savepoint = savepoint,
    .release = release,
    .undo = undo,
    .run = run,
    .bulk = bulk,
    .script = script,
    .query = query,
    .next = next,
    .close_cursor = close_cursor,
    .cell = cell,
};
