/* Sessions with PostgreSQL: addresses, connecting, the settings that durability asks for,
   connecting again. */
#include "store/postgres.h"

#include "base/time.h"

#include <string.h>

enum {
    STATEMENTS_ARENA_BYTES = 16384,
    RETRY_FIRST_US = 100 * 1000,
    RETRY_MAX_US = 5 * 1000 * 1000,
};

/* What every session starts with, whatever the server's or the role's defaults are. */
#define SESSION_SETTINGS                    \
    "SET synchronous_commit = on;"          \
    "SET standard_conforming_strings = on;" \
    "SET bytea_output = 'hex';"             \
    "SET client_min_messages = warning;"

/* A writer waits for another node's row locks, but not for ever; a node that hangs in a transaction
   loses its locks. A reader's one statement may take 30 seconds, except a command's that looks at
   the whole store (DB_OPEN_SHARED). */
static const char writer_settings[] =
    SESSION_SETTINGS "SET lock_timeout = '10s';"
                     "SET idle_in_transaction_session_timeout = '60s';";
static const char reader_settings[] = SESSION_SETTINGS "SET statement_timeout = '30s';";
static const char shared_settings[] = SESSION_SETTINGS;

/* Defaults that the address may override come before it, what it may not comes after. A server that
   vanishes without a word is noticed within a minute. */
static const struct link_parameter {
    const char *keyword, *value;
} link_parameters[] = {
    { "connect_timeout", "5" },
    { "tcp_user_timeout", "30000" },
    { "keepalives_idle", "30" },
    { "keepalives_interval", "10" },
    { "keepalives_count", "3" },
    { "fallback_application_name", "minutebank" },
    { "dbname", NULL }, /* where libpq takes a whole address */
    { "client_encoding", "UTF8" },
};

bool pg_open(struct db *db, struct problem *problem)
{
    PQconninfoOption *options = PQconninfoParse(str_to_c(db->arena, db->address), NULL);

    /* libpq's message would repeat parts of the address, and the password may be one. */
    if (options == NULL)
        return fail(problem, REASON_INVALID, NULL, "The store's address is not a PostgreSQL URL.");
    PQconninfoFree(options);
    return true;
}

void pg_close(struct db *db)
{
    (void)db;
}

/* The address without what it may hold in secrets: only what is named here is shown. */
static const struct shown {
    const char *keyword, *before;
} shown[] = { { "user", "" }, { "host", "@" }, { "port", ":" }, { "dbname", "/" } };

struct str pg_describe(const struct db *db, struct arena *arena)
{
    PQconninfoOption *options = PQconninfoParse(str_to_c(arena, db->address), NULL);
    struct buffer out = buffer_new(arena, 64);

    buffer_add_c(&out, "postgres://");
    for (size_t i = 0; options != NULL && i < COUNT_OF(shown); i++) {
        for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
            if (strcmp(option->keyword, shown[i].keyword) != 0 || option->val == NULL) continue;
            buffer_add_c(&out, shown[i].before);
            buffer_add_c(&out, option->val);
        }
    }
    PQconninfoFree(options);
    return buffer_str(&out);
}

PGconn *pg_link_open(const struct db *db, struct arena *arena)
{
    const char *keywords[COUNT_OF(link_parameters) + 1] = { NULL };
    const char *values[COUNT_OF(link_parameters) + 1] = { NULL };

    for (size_t i = 0; i < COUNT_OF(link_parameters); i++) {
        const struct link_parameter *parameter = &link_parameters[i];

        keywords[i] = parameter->keyword;
        values[i] = parameter->value == NULL ? str_to_c(arena, db->address) : parameter->value;
    }
    return PQconnectdbParams(keywords, values, 1);
}

static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context;
    (void)notice;
}

static const char *settings_for(const struct db_connection *connection)
{
    if (connection->access == DB_WRITER) return writer_settings;
    return connection->tx.db->mode == DB_OPEN_SHARED ? shared_settings : reader_settings;
}

static bool link_configure(PGconn *link, const char *settings)
{
    PQsetNoticeReceiver(link, ignore_notice, NULL);

    PGresult *result = PQexec(link, settings);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

    PQclear(result);
    return ok && PQenterPipelineMode(link) == 1;
}

/* Texts are UTF-8 and any code point: other encodings cannot hold them. */
static bool link_is_utf8(PGconn *link)
{
    const char *encoding = PQparameterStatus(link, "server_encoding");

    return encoding != NULL && strcmp(encoding, "UTF8") == 0;
}

bool pg_session_open(struct pg_connection *connection, struct problem *problem)
{
    PGconn *link = pg_link_open(connection->base.tx.db, connection->scratch);

    arena_reset(connection->scratch);
    if (PQstatus(link) != CONNECTION_OK || !link_configure(link, settings_for(&connection->base))) {
        fail(problem, REASON_STORE_UNAVAILABLE, NULL, "%s", PQerrorMessage(link));
        PQfinish(link);
        return false;
    }
    if (!link_is_utf8(link)) {
        fail(problem, REASON_STORE_UNAVAILABLE, NULL, "the database's encoding is not UTF8");
        PQfinish(link);
        return false;
    }
    connection->link = link;
    connection->is_lost = false;
    connection->arena = arena_new(STATEMENTS_ARENA_BYTES);
    connection->statements = (struct statements){ .arena = connection->arena };
    connection->n_commands = 0;
    connection->n_unsettled = 0;
    return true;
}

void pg_session_close(struct pg_connection *connection)
{
    if (connection->link == NULL) return;
    PQfinish(connection->link);
    arena_free(connection->arena);
    connection->link = NULL;
}

/* Whether the server has hung up since the last transaction: a read without waiting meets the end.
   The first may meet its farewell, which has to be taken in before the second. */
static bool link_is_alive(PGconn *link)
{
    if (PQconsumeInput(link) != 1) return false;
    (void)PQisBusy(link);
    return PQconsumeInput(link) == 1 && PQstatus(link) == CONNECTION_OK;
}

bool pg_session_ensure(struct pg_connection *connection, struct problem *problem)
{
    if (connection->link != NULL && !connection->is_lost && link_is_alive(connection->link))
        return true;
    pg_session_close(connection);
    if (clock_monotonic_us() < connection->retry_at_us)
        return fail(problem, REASON_STORE_UNAVAILABLE, NULL,
                    "the connection to PostgreSQL is down");
    if (pg_session_open(connection, problem)) {
        connection->retry_delay_us = 0;
        return true;
    }

    int64_t doubled = connection->retry_delay_us * 2;

    connection->retry_delay_us = doubled < RETRY_FIRST_US ? RETRY_FIRST_US
        : doubled > RETRY_MAX_US                          ? RETRY_MAX_US
                                                          : doubled;
    connection->retry_at_us = clock_monotonic_us() + connection->retry_delay_us;
    return false;
}
