/* The PostgreSQL driver: transactions, statements and rows of one connection.

   What has no answer that anybody needs (BEGIN, SAVEPOINT, RELEASE, statements without rows) is
   only sent, and travels with the next statement that is waited for. A unit is waited for before
   its release succeeds, so that its failures are always its own: when a unit begins, everything
   before it is known to be good. */
#include "store/postgres.h"

#include <assert.h>
#include <string.h>

enum { SCRATCH_ARENA_BYTES = 1 << 16 };

struct pg_cursor {
    struct db_cursor base;
    PGresult *result;
    struct arena *arena; /* where bytes are decoded */
    int row, n_rows;
};

static const struct pg_parameters no_parameters;

static bool connect(struct db_connection *base, struct problem *problem)
{
    struct pg_connection *connection = (struct pg_connection *)base;

    connection->scratch = arena_new(SCRATCH_ARENA_BYTES);
    if (pg_session_open(connection, problem)) return true;
    arena_free(connection->scratch);
    return false;
}

static void disconnect(struct db_connection *base)
{
    struct pg_connection *connection = (struct pg_connection *)base;

    pg_session_close(connection);
    arena_free(connection->scratch);
}

static bool begin(struct tx *tx)
{
    struct pg_connection *connection = pg_connection_of(tx);

    return pg_session_ensure(connection, tx->problem)
        && pg_send(tx,
                   connection->base.access == DB_WRITER
                       ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                       : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                   &no_parameters);
}

/* A reader has nothing at stake in its COMMIT: its answer comes with the next transaction's. */
static bool commit(struct tx *tx)
{
    struct pg_connection *connection = pg_connection_of(tx);
    PGresult *result = NULL;

    if (!pg_send(tx, "COMMIT", &no_parameters)) return false;
    if (connection->base.access == DB_READER) return pg_flush(tx);
    if (!pg_settle(tx, PG_REPORT, &result)) return false;

    /* In a transaction that failed, COMMIT rolls back and calls that success. */
    bool is_committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;

    PQclear(result);
    return is_committed
        || connection_fail(tx, REASON_INTERNAL, NULL,
                           "PostgreSQL rolled back instead of committing");
}

static void rollback(struct tx *tx)
{
    struct pg_connection *connection = pg_connection_of(tx);

    if (connection->is_lost) return;
    if (connection->n_commands > 0) pg_settle(tx, PG_IGNORE, NULL);
    if (connection->is_lost || !pg_send(tx, "ROLLBACK", &no_parameters)
        || !pg_settle(tx, PG_IGNORE, NULL))
        connection->is_lost = true;
}

static bool savepoint(struct tx *tx)
{
    return pg_send(tx, "SAVEPOINT unit", &no_parameters);
}

static bool send_release(struct tx *tx)
{
    return pg_send(tx, "RELEASE SAVEPOINT unit", &no_parameters);
}

static bool release(struct tx *tx)
{
    bool may_fail = pg_connection_of(tx)->n_unsettled > 0;

    return send_release(tx) && (!may_fail || pg_settle(tx, PG_REPORT, NULL));
}

/* The server skips what follows a failure, so statements that may fail are answered before the way
   back is sent. */
static bool undo(struct tx *tx)
{
    struct pg_connection *connection = pg_connection_of(tx);

    if (connection->n_unsettled > 0) pg_settle(tx, PG_IGNORE, NULL);
    if (connection->is_lost)
        return connection_fail(tx, REASON_STORE_UNAVAILABLE, NULL,
                               "the connection to PostgreSQL was lost");
    return pg_send(tx, "ROLLBACK TO SAVEPOINT unit", &no_parameters) && send_release(tx);
}

/* Sends a statement and waits for its result only if somebody wants it. */
static bool run_parameters(struct tx *tx, const char *sql, const struct pg_parameters *parameters,
                           PGresult **result)
{
    if (!pg_send(tx, sql, parameters)) return false;
    if (result != NULL) return pg_settle(tx, PG_REPORT, result);
    pg_connection_of(tx)->n_unsettled++;
    return true;
}

static bool run_args(struct tx *tx, const char *sql, struct db_args args, PGresult **result)
{
    struct pg_parameters parameters;

    parameters.count = 0;
    pg_add_args(&parameters, args);
    return run_parameters(tx, sql, &parameters, result);
}

static bool run(struct tx *tx, const char *sql, struct db_args args, int64_t *changed)
{
    PGresult *result = NULL;

    if (!run_args(tx, sql, args, changed == NULL ? NULL : &result)) return false;
    if (changed == NULL) return true;
    if (!str_to_int64(str_from_c(PQcmdTuples(result)), changed)) *changed = 0;
    PQclear(result);
    return true;
}

static void each_row(struct tx *tx, const struct db_bulk_call *call, struct pg_cursor *cursor)
{
    const struct db_rows row = { .tx = tx, .cursor = &cursor->base };

    for (cursor->row = 0; cursor->row < cursor->n_rows; cursor->row++)
        call->on_row(call->context, &row);
}

/* The first column is always whole: it says how many rows there are. */
static void add_columns(struct pg_parameters *parameters, struct arena *arena,
                        const struct db_bulk_call *call)
{
    for (size_t i = 0; i < call->n_columns; i++) {
        if (i > 0 && pg_column_is_null(&call->columns[i], call->n_rows))
            pg_add_no_array(parameters, &call->columns[i]);
        else
            pg_add_array(parameters, arena, &call->columns[i], call->n_rows);
    }
}

static bool bulk(struct tx *tx, const struct db_bulk_call *call)
{
    struct pg_connection *connection = pg_connection_of(tx);
    struct pg_parameters parameters;
    PGresult *result = NULL;

    parameters.count = 0;
    add_columns(&parameters, connection->scratch, call);
    pg_add_args(&parameters, call->shared);

    bool ok =
        run_parameters(tx, call->bulk->set_sql, &parameters, call->on_row == NULL ? NULL : &result);

    arena_reset(connection->scratch);
    if (!ok || call->on_row == NULL) return ok;

    struct pg_cursor cursor = {
        .base = { .n_columns = PQnfields(result) },
        .result = result,
        .arena = tx->arena,
        .n_rows = PQntuples(result),
    };

    each_row(tx, call, &cursor);
    PQclear(result);
    return !cursor.base.unreadable;
}

static bool query(struct tx *tx, const char *sql, struct db_args args, struct db_cursor **cursor)
{
    PGresult *result = NULL;

    if (!run_args(tx, sql, args, &result)) return false;

    struct pg_cursor *made = ARENA_NEW(tx->arena, struct pg_cursor);

    *made = (struct pg_cursor){
        .base = { .n_columns = PQnfields(result) },
        .result = result,
        .arena = tx->arena,
        .row = -1,
        .n_rows = PQntuples(result),
    };
    *cursor = &made->base;
    return true;
}

static bool next(struct tx *tx, struct db_cursor *base, bool *row)
{
    struct pg_cursor *cursor = (struct pg_cursor *)base;

    (void)tx;
    if (cursor->row < cursor->n_rows) cursor->row++;
    *row = cursor->row < cursor->n_rows;
    return true;
}

static void close_cursor(struct db_cursor *base)
{
    PQclear(((struct pg_cursor *)base)->result);
}

static struct db_cell cell(const struct db_cursor *base, int column)
{
    const struct pg_cursor *cursor = (const struct pg_cursor *)base;

    return pg_cell(cursor->result, cursor->row, column, cursor->arena);
}

const struct db_driver postgres_driver = {
    .kind = DB_POSTGRES,
    .open = pg_open,
    .close = pg_close,
    .describe = pg_describe,
    .connection_bytes = sizeof(struct pg_connection),
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
    .script = pg_execute_script,
    .query = query,
    .next = next,
    .close_cursor = close_cursor,
    .cell = cell,
};
