/* PostgreSQL's pipeline: statements are sent without waiting, and answered together when somebody
   asks.

   The server runs them in order and skips everything after a failure up to the next sync, which is
   what pg_settle ends with. So the first failure that is read is the cause, and all that follow it
   were not run. */
#include "store/postgres.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    SEND_COMMANDS_MAX = 4
}; /* a statement's prepare and run, and the syncs of a flush and a settle */

/* SQLSTATE and what it means here; the longest prefix counts (PostgreSQL's appendix A). */
static const struct failure {
    const char *state;
    enum reason reason;
    enum { KEEP_LINK, DROP_LINK } link;
} failures[] = {
    { "40001", REASON_STORE_RETRY, KEEP_LINK }, /* serialization failure */
    { "40P01", REASON_STORE_RETRY, KEEP_LINK }, /* deadlock */
    { "55P03", REASON_STORE_RETRY, KEEP_LINK }, /* lock_timeout */
    { "26000", REASON_STORE_RETRY, DROP_LINK }, /* a pooler or DISCARD ALL forgot our statements */
    { "23505", REASON_CONFLICT, KEEP_LINK },    /* unique key */
    { "22003", REASON_OVERFLOW, KEEP_LINK },    /* bigint out of range */
    { "53100", REASON_STORE_FULL, KEEP_LINK },  /* disk full */
    { "53", REASON_STORE_UNAVAILABLE, DROP_LINK }, /* out of memory, connections */
    { "25006", REASON_STORE_UNAVAILABLE,
      DROP_LINK }, /* read-only: a stand-by; another link may find the primary */
    { "25P03", REASON_STORE_UNAVAILABLE, DROP_LINK }, /* idle_in_transaction_session_timeout */
    { "57014", REASON_STORE_UNAVAILABLE, KEEP_LINK }, /* statement_timeout */
    { "57", REASON_STORE_UNAVAILABLE, DROP_LINK },    /* shut down, crashed, starting */
    { "58", REASON_STORE_UNAVAILABLE, DROP_LINK },    /* input/output error */
    { "08P01", REASON_INTERNAL, KEEP_LINK },          /* arguments and placeholders do not match */
    { "08", REASON_STORE_UNAVAILABLE, DROP_LINK },    /* connection */
    { "XX", REASON_STORE_UNAVAILABLE, DROP_LINK },    /* internal error, corrupted data */
};

static const struct failure *failure_of(const char *state)
{
    static const struct failure wrong = { "", REASON_INTERNAL, KEEP_LINK };

    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        if (strncmp(state, failures[i].state, strlen(failures[i].state)) == 0) return &failures[i];
    }
    return &wrong;
}

static bool link_fail(struct tx *tx, enum pg_report report)
{
    struct pg_connection *connection = pg_connection_of(tx);

    connection->is_lost = true;
    if (report == PG_REPORT)
        connection_fail(tx, REASON_STORE_UNAVAILABLE, NULL, "%s", PQerrorMessage(connection->link));
    connection->base.broken = true;
    return false;
}

/* Messages of class 22 (data exceptions) quote the value; the others name tables, constraints and
   words. */
static const char *safe_message(const PGresult *result, const char *state)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    return message == NULL || strncmp(state, "22", 2) == 0 ? "a value was refused" : message;
}

static bool result_fail(struct tx *tx, const PGresult *result, const char *sql,
                        enum pg_report report)
{
    struct pg_connection *connection = pg_connection_of(tx);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (state == NULL || PQstatus(connection->link) != CONNECTION_OK) return link_fail(tx, report);

    const struct failure *failure = failure_of(state);

    if (failure->link == DROP_LINK) connection->is_lost = true;
    if (report == PG_REPORT)
        connection_fail(tx, failure->reason, sql, "%s (SQLSTATE %s)", safe_message(result, state),
                        state);
    return false;
}

static struct pg_statement *statement_for(struct pg_connection *connection, const char *sql)
{
    struct pg_statement *statement = statements_find(&connection->statements, sql);

    if (statement != NULL) return statement;
    statement = ARENA_NEW(connection->arena, struct pg_statement);
    statement->sql = sql;
    snprintf(statement->name, sizeof(statement->name), "s%zu", connection->statements.count + 1);
    statements_add(&connection->statements, sql, statement);
    return statement;
}

static void command_add(struct pg_connection *connection, int type, struct pg_statement *statement)
{
    assert(connection->n_commands < COMMANDS_MAX);
    connection->commands[connection->n_commands++] =
        (struct pg_command){ (unsigned)type, statement };
}

static bool send_prepare(struct pg_connection *connection, struct pg_statement *statement,
                         const struct pg_parameters *parameters)
{
    const char *sql = sql_for(DB_POSTGRES, statement->sql, connection->arena);

    if (PQsendPrepare(connection->link, statement->name, sql, parameters->count, parameters->types)
        != 1)
        return false;
    statement->is_prepared = true; /* until its answer says otherwise */
    command_add(connection, COMMAND_PREPARE, statement);
    return true;
}

bool pg_send(struct tx *tx, const char *sql, const struct pg_parameters *parameters)
{
    struct pg_connection *connection = pg_connection_of(tx);

    if (connection->n_commands + SEND_COMMANDS_MAX > COMMANDS_MAX
        && !pg_settle(tx, PG_REPORT, NULL))
        return false;

    struct pg_statement *statement = statement_for(connection, sql);

    if (!statement->is_prepared && !send_prepare(connection, statement, parameters))
        return link_fail(tx, PG_REPORT);
    if (PQsendQueryPrepared(connection->link, statement->name, parameters->count,
                            parameters->values, parameters->lengths, parameters->formats, 0)
        != 1)
        return link_fail(tx, PG_REPORT);
    command_add(connection, COMMAND_RUN, statement);
    return true;
}

/* Takes one command's answer; a good result goes to `*last`. */
static bool take_answer(struct tx *tx, const struct pg_command *command, enum pg_report report,
                        PGresult **last)
{
    PGconn *link = pg_connection_of(tx)->link;
    PGresult *result = PQgetResult(link);
    ExecStatusType status = PQresultStatus(result); /* of NULL: PGRES_FATAL_ERROR */
    bool ok =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;

    if (command->type == COMMAND_PREPARE) command->statement->is_prepared = ok;
    /* PGRES_PIPELINE_ABORTED: not run, for a failure that was told already. */
    if (!ok && status != PGRES_PIPELINE_ABORTED)
        result_fail(tx, result, command->statement == NULL ? NULL : command->statement->sql,
                    report);
    if (ok && command->type == COMMAND_RUN) {
        PQclear(*last);
        *last = result;
    } else {
        PQclear(result);
    }
    if (command->type != COMMAND_SYNC) {
        while ((result = PQgetResult(link)) != NULL)
            PQclear(result);
    }
    return ok;
}

static bool send_all(struct tx *tx, enum pg_report report)
{
    struct pg_connection *connection = pg_connection_of(tx);

    command_add(connection, COMMAND_SYNC, NULL);
    return PQpipelineSync(connection->link) == 1 || link_fail(tx, report);
}

bool pg_flush(struct tx *tx)
{
    return send_all(tx, PG_REPORT);
}

static bool collect(struct tx *tx, enum pg_report report, PGresult **last)
{
    struct pg_connection *connection = pg_connection_of(tx);
    PGresult *result = NULL;
    size_t answered = 0;
    bool ok = true;

    while (answered < connection->n_commands && PQstatus(connection->link) == CONNECTION_OK)
        ok = take_answer(tx, &connection->commands[answered++], report, &result) && ok;
    if (answered < connection->n_commands) ok = link_fail(tx, report);
    connection->n_commands = 0;
    connection->n_unsettled = 0;
    if (ok && last != NULL) {
        *last = result;
    } else {
        PQclear(result);
    }
    return ok;
}

bool pg_settle(struct tx *tx, enum pg_report report, PGresult **last)
{
    return send_all(tx, report) && collect(tx, report, last);
}

bool pg_execute_script(struct tx *tx, const char *sql)
{
    struct pg_connection *connection = pg_connection_of(tx);

    if (!pg_settle(tx, PG_REPORT, NULL)) return false;
    if (PQexitPipelineMode(connection->link) != 1) return link_fail(tx, PG_REPORT);

    PGresult *result = PQexec(connection->link, sql_for(DB_POSTGRES, sql, tx->arena));
    ExecStatusType status = PQresultStatus(result);
    bool ok =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;

    if (!ok) result_fail(tx, result, sql, PG_REPORT);
    PQclear(result);
    return (PQenterPipelineMode(connection->link) == 1 || link_fail(tx, PG_REPORT)) && ok;
}
