/* One small interface over both stores (architecture.md "Stores"): SQLite and PostgreSQL.

   A struct tx is one connection and, between tx_begin and tx_commit or tx_rollback, its
   transaction. It is used by one thread at a time. SQL is the common subset: $1 placeholders, ON
   CONFLICT, RETURNING, CTEs, bigint, text, bytea; words that only one store knows stand in comments
   that the driver opens:
       SELECT … FROM agencies WHERE id = $1 / *postgres FOR SHARE* /
       CREATE TABLE … ) / *sqlite WITHOUT ROWID* /
   (without the blanks). Statements are prepared once per connection and cached by the text's
   address, so SQL must be a string literal or otherwise live as long as the program.

   Failures are reported to tx->problem: REASON_STORE_UNAVAILABLE (gone, read-only, I/O error),
   REASON_STORE_FULL, REASON_STORE_BUSY (SQLite: another program writes), REASON_STORE_RETRY
   (deadlock, serialization failure: the whole transaction may be run again), REASON_CONFLICT (a
   unique key is taken), REASON_OVERFLOW (a sum does not fit), REASON_INTERNAL (a statement that is
   wrong, any other constraint). The STORE_… ones break the transaction; after any of them nothing
   more runs before the unit, or without one the transaction, is rolled back. The detail, for the
   log only, has the store's message and never a value. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/arena.h"
#include "base/field.h"
#include "base/problem.h"
#include "base/types.h"
#include "store/marks.h"

enum db_kind { DB_SQLITE, DB_POSTGRES };

struct db; /* a store: where it is and how to connect; thread-safe */

struct tx {
    struct problem *problem;          /* where failures go; set by tx_begin or tx_attach */
    struct arena *arena;              /* where texts of results live; likewise */
    instant_t now;                    /* the transaction's time */
    struct db_connection *connection; /* the driver's own */
    const struct db *db;
    void *cache;         /* the engine's, one per connection (engine/accounts.h) */
    void *rosters;       /* the engine's, shared by connections that read (engine/rosters.h) */
    struct marks *marks; /* what this transaction changed (tx_mark); NULL: a reader's */
    bool
        bets; /* the writer's: work may bet on the usual case, as all of it is run again without when it fails */
    bool
        wakes_jobs; /* a job was posted that is due: after the commit somebody looks (store/jobs.h) */
};

/* A value bound to a placeholder. Also a NULL has a type, which PostgreSQL takes the placeholder to
   be: bigint, text or bytea. */
struct db_value {
    enum { DB_INT, DB_TEXT, DB_BYTES } type;
    bool is_null;
    int64_t number;
    const char *at;
    size_t len;
};

struct db_args {
    const struct db_value *at;
    size_t count;
};

struct db_value db_int(int64_t number);
struct db_value db_bool(bool fact);           /* 0 or 1, as bigint/smallint columns hold it */
struct db_value db_text(struct str text);     /* absent: NULL */
struct db_value db_bytes(struct bytes bytes); /* absent: NULL */
struct db_value db_hash(const unsigned char *hash32); /* 32 bytes */
struct db_value db_id(id64_t id);                     /* ID_NONE: NULL */
struct db_value db_instant(instant_t instant);        /* INSTANT_NONE: NULL */
struct db_value db_micros(micros_t amount);           /* MICROS_NONE: NULL */
struct db_value db_limit(int64_t limit);              /* 0, which is none: NULL */

#define ARGS(...)                                                       \
    ((struct db_args){ (const struct db_value[]){ __VA_ARGS__ },        \
                       sizeof((const struct db_value[]){ __VA_ARGS__ }) \
                           / sizeof(struct db_value) })
#define NO_ARGS ((struct db_args){ NULL, 0 })

/* Opens a store from "sqlite:FILE" or "postgres://…" / "postgresql://…". For SQLite creates the
   file when `create` says so, sets WAL, and takes an exclusive lock file so that only one process
   writes (REASON_STORE_BUSY); DB_OPEN_SHARED skips the lock (check, on a store that a server
   holds). Free with db_close. */
enum db_open_mode { DB_OPEN_EXISTING, DB_OPEN_CREATE, DB_OPEN_SHARED };
struct db *db_open(struct str url, enum db_open_mode mode, struct problem *problem);
void db_close(struct db *db);
enum db_kind db_kind(const struct db *db);

/* The store's address for people and logs: without any password. */
struct str db_describe(const struct db *db, struct arena *arena);

/* A connection. Writers may change things (SQLite: one at a time; the engine has it); readers see
   one snapshot per transaction and cannot write. NULL and a problem when it cannot be had. A
   connection that was lost reconnects at the next tx_begin. */
enum db_access { DB_READER, DB_WRITER };
struct tx *db_connect(struct db *db, enum db_access access, struct problem *problem);
void db_disconnect(struct tx *tx);

/* Who is told what each commit of this process changed, on the committing thread, which it must not hold up; also of one
   that failed, as it may have happened all the same. Before anything is written; `take` NULL: nobody, from when no writer
   is left. */
typedef void (*marks_taker)(void *context, struct marks *marks);
void db_watch(struct db *db, marks_taker take, void *context);

/* Notes that the transaction changes something (store/marks.h). */
void tx_mark(struct tx *tx, id64_t agency, id64_t subaccount, unsigned kinds);

/* Points results and failures of what follows at another arena and problem (a savepoint's request).
   */
void tx_attach(struct tx *tx, struct arena *arena, struct problem *problem);

bool tx_begin(struct tx *tx, struct arena *arena, struct problem *problem, instant_t now);
bool tx_commit(struct tx *tx);   /* durable when true; when false the transaction is over too */
void tx_rollback(struct tx *tx); /* never fails; also after a lost connection */

/* Nested units within the transaction: one level. A unit ends with tx_release, which fails when one
   of its statements did, or with tx_rollback_to, after which the transaction is as it was before
   tx_savepoint. */
bool tx_savepoint(struct tx *tx);
bool tx_release(struct tx *tx);
bool tx_rollback_to(struct tx *tx);

/* Runs work whose refusal is its own, with its own arena and problem: `*done` tells whether it was done. What was refused
   (a client's mistake, below 500) must have changed nothing. False when the store failed: then the transaction's own
   problem says so, too. */
bool tx_run_apart(struct tx *tx, struct arena *arena, struct problem *problem,
                  bool (*run)(void *context), void *context, bool *done);

/* Whether the transaction can no longer be saved (connection lost, disk full): the writer gives the
   group up. */
bool tx_is_broken(const struct tx *tx);

/* A statement without rows. `*changed` (may be NULL): how many rows it touched. Without it
   PostgreSQL may be asked only later: then a failure shows at the unit's next statement, or at its
   tx_release or tx_commit. */
bool db_run(struct tx *tx, const char *sql, struct db_args args, int64_t *changed);

/* The same, and it must have touched exactly one row, else REASON_NOT_FOUND. */
bool db_change_one(struct tx *tx, const char *sql, struct db_args args);

/* Rows. Open one query at a time per statement text. Always end with db_done, which reports whether
   all went well:
       struct db_rows rows;
       if (!db_query(tx, &rows, sql, args)) return false;
       while (db_next(&rows)) { … row_int(&rows, 0) … }
       return db_done(&rows);
   Columns count from 0; texts and bytes are copied to tx->arena. */
struct db_rows {
    struct tx *tx;
    struct db_cursor *cursor; /* the driver's own */
    bool failed; /* callers may set it, for a row that makes no sense: db_done reports it */
};

bool db_query(struct tx *tx, struct db_rows *rows, const char *sql, struct db_args args);
bool db_next(struct db_rows *rows);
bool db_done(struct db_rows *rows);

bool row_is_null(const struct db_rows *rows, int column);
/* A value of another type than asked for fails the rows: db_next ends and db_done says so. */
int64_t row_int(const struct db_rows *rows, int column); /* NULL: 0 */
bool row_bool(const struct db_rows *rows, int column);
id64_t row_id(const struct db_rows *rows, int column);          /* NULL: ID_NONE */
instant_t row_instant(const struct db_rows *rows, int column);  /* NULL: INSTANT_NONE */
micros_t row_micros(const struct db_rows *rows, int column);    /* NULL: MICROS_NONE */
struct str row_text(const struct db_rows *rows, int column);    /* NULL: absent */
struct bytes row_bytes(const struct db_rows *rows, int column); /* NULL: absent */
/* An enum, stored as its number or its name; NULL: -1. */
int row_name(const struct db_rows *rows, int column, names_t names);

/* Reads columns into the struct in the table's order: column i into fields[i], the second from column `first` on. Enums may be stored
   as their number or name; FIELD_IS_NAMES as a bit set. */
void row_read(const struct db_rows *rows, const struct field *fields, void *out);
void row_read_from(const struct db_rows *rows, int first, const struct field *fields, void *out);

/* One row at most: `*found` tells (NULL: no row is REASON_NOT_FOUND); read by `fields` into `out`.
   */
bool db_find(struct tx *tx, const char *sql, struct db_args args, const struct field *fields,
             void *out, bool *found);

/* One integer: the first column of the first row; `fallback` when there is no row or it is NULL. */
bool db_find_int(struct tx *tx, const char *sql, struct db_args args, int64_t fallback,
                 int64_t *out);

/* All rows as a list of structs of `size` bytes in tx->arena, at most `limit`. */
bool db_list(struct tx *tx, const char *sql, struct db_args args, const struct field *fields,
             size_t size, size_t limit, struct list *out);

/* Many rows at once, columns side by side. On SQLite `row_sql` runs once per row with $1 … $n its
   values and then the shared arguments $n+1 …; on PostgreSQL `set_sql` runs once with $1 … $n
   arrays (bigint[], text[], as the columns are) and the shared ones after them, as in
       row_sql: INSERT INTO t (a, b, c) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
       set_sql: INSERT INTO t (a, b, c) SELECT u.*, $3
                FROM unnest($1::bigint[], $2::text[]) AS u
                ON CONFLICT DO NOTHING RETURNING a
   The arrays must meet in one unnest, or one list of them: of columns that hold nothing but NULL, the first one apart,
   none is sent.
   `on_row` (may be NULL) is called for every row that the statement returns. RETURNING costs SQLite
   two thirds of an insert, so there a row_sql has none: what it changed gives the row's own $1 … $n
   back, or, with `row_read_sql`, which runs for each row after all are written, what that finds. */
struct db_column {
    enum { DB_COLUMN_INT, DB_COLUMN_TEXT } type;
    const int64_t *numbers;
    const struct str *texts; /* absent: NULL */
    const bool *nulls;       /* DB_COLUMN_INT: may be NULL; where true the value is NULL */
};

struct db_bulk {
    const char *row_sql;
    const char *row_read_sql; /* may be NULL */
    const char *set_sql;
};

typedef void (*db_row_function)(void *context, const struct db_rows *row);

bool db_bulk_run(struct tx *tx, const struct db_bulk *bulk, const struct db_column *columns,
                 size_t n_columns, size_t n_rows, struct db_args shared, db_row_function on_row,
                 void *context);

/* The same of structs, whose fields in the table's order are the columns $1 … $n: what row_read reads, written. */
bool db_bulk_write(struct tx *tx, const struct db_bulk *bulk, const struct field *fields,
                   const void *const *structs, size_t n, struct db_args shared);

/* SQL is taken as it is, several statements at once: migrations only. */
bool db_script(struct tx *tx, const char *sql);

#endif
