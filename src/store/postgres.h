/* Inside the PostgreSQL driver: the session (postgres_session.c), the pipeline
   (postgres_pipeline.c), values (postgres_values.c), and on top of them transactions and rows
   (postgres.c). */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/driver.h"
#include "store/statements.h"

#include <libpq-fe.h>

enum {
    PARAMETERS_MAX = 64, /* placeholders of one statement */
    COMMANDS_MAX = 256,  /* sent and not yet answered */
};

struct pg_statement {
    const char *sql;
    char name[16]; /* on the server */
    bool is_prepared;
};

/* One thing that the server will answer. COMMANDS_MAX answers, a few bytes each, fit any socket's
   buffer, so that server and client never wait for each other to read. */
struct pg_command {
    enum { COMMAND_PREPARE, COMMAND_RUN, COMMAND_SYNC } type;
    struct pg_statement *statement; /* COMMAND_SYNC: NULL */
};

struct pg_connection {
    struct db_connection base;
    PGconn *link; /* NULL: not connected */
    bool is_lost; /* the link is of no more use: the next begin makes another */
    int64_t retry_at_us, retry_delay_us; /* of reconnecting, on the monotonic clock */
    struct arena *arena;                 /* of the statements: goes with the link */
    struct arena *scratch;               /* for arrays while they are sent */
    struct statements statements;
    struct pg_command commands[COMMANDS_MAX];
    size_t n_commands;
    size_t n_unsettled; /* statements among them that may yet fail */
};

static inline struct pg_connection *pg_connection_of(const struct tx *tx)
{
    return (struct pg_connection *)tx->connection;
}

/* --- session --- */

bool pg_open(struct db *db, struct problem *problem);
void pg_close(struct db *db);
struct str pg_describe(const struct db *db, struct arena *arena);

/* A link to the store, good or not; texts that it takes live in `arena`. */
PGconn *pg_link_open(const struct db *db, struct arena *arena);

/* Connects, sets what every session needs, and enters pipeline mode. */
bool pg_session_open(struct pg_connection *connection, struct problem *problem);
void pg_session_close(struct pg_connection *connection);

/* Makes sure of a live link: a new one when the old was lost, but not while backing off from a
   failed try. */
bool pg_session_ensure(struct pg_connection *connection, struct problem *problem);

/* --- values --- */

struct pg_parameters {
    int count;
    Oid types[PARAMETERS_MAX];
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    uint64_t numbers[PARAMETERS_MAX]; /* where integers stand in network order */
};

/* Values in binary form, after those that are there already. They are borrowed. */
void pg_add_args(struct pg_parameters *parameters, struct db_args args);

/* A column as an array, made in `arena`. */
void pg_add_array(struct pg_parameters *parameters, struct arena *arena,
                  const struct db_column *column, size_t n_rows);

/* Whether all its values are NULL; and instead of an array of them none, which unnest() of several fills up with NULLs
   by itself at a fraction of the cost. */
bool pg_column_is_null(const struct db_column *column, size_t n_rows);
void pg_add_no_array(struct pg_parameters *parameters, const struct db_column *column);

/* A value of a result; bytes are decoded into `arena`. */
struct db_cell pg_cell(const PGresult *result, int row, int column, struct arena *arena);

/* --- pipeline --- */

/* Whether failures are told to the transaction, or are expected and passed over. */
enum pg_report { PG_REPORT, PG_IGNORE };

/* Puts a statement in the pipeline, preparing it when it is new; nothing is waited for. */
bool pg_send(struct tx *tx, const char *sql, const struct pg_parameters *parameters);

/* Sends all, waits for all answers. False when one of them is a failure. `*last` (may be NULL) gets
   the last statement's result, to be cleared by the caller; NULL when there is none. */
bool pg_settle(struct tx *tx, enum pg_report report, PGresult **last);

/* Sends all, waits for nothing: the answers are read by the next pg_settle. */
bool pg_flush(struct tx *tx);

/* Statements at once, outside the pipeline. */
bool pg_execute_script(struct tx *tx, const char *sql);

#endif
