/* What a store's driver gives to db.c, which is the same for every store: sqlite.c and postgres.c.

   db.c sees to it that drivers are called in order: begin before statements, no statement after one
   that failed until its unit is undone, cursors closed before the transaction ends. Drivers report
   failures with connection_fail and nothing else. */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/db.h"

struct db {
    const struct db_driver *driver;
    struct arena *arena; /* owns this struct and what the driver keeps */
    struct str address;  /* as db_open got it; may hold a password */
    enum db_open_mode mode;
    void *state;            /* the driver's own */
    marks_taker take_marks; /* NULL: nobody looks on */
    void *marks_context;
};

/* A query's rows; drivers put it first in a struct of their own. */
struct db_cursor {
    struct db_cursor *next; /* db.c's list of what is open */
    int n_columns;
    bool unreadable; /* a value did not fit the type it was read as: db_done fails */
};

/* Drivers put it first in a struct of their own. Owned by `arena`, which holds it. */
struct db_connection {
    struct tx tx;
    struct arena *arena;
    enum db_access access;
    bool in_transaction;
    bool in_unit;        /* between tx_savepoint and its end */
    enum reason failure; /* of the statement that spoiled the unit; REASON_NONE: all is well */
    bool broken;         /* the whole transaction is spoiled */
    struct db_cursor *cursors; /* open ones */
};

/* One value of a row, as the driver has it; `at` lives until the next row. */
struct db_cell {
    enum { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BYTES, CELL_OTHER, CELL_TOO_LARGE } type;
    int64_t number;
    const char *at;
    size_t len;
};

/* Many rows at once, as db_bulk_run got them. */
struct db_bulk_call {
    const struct db_bulk *bulk;
    const struct db_column *columns;
    size_t n_columns, n_rows;
    struct db_args shared;
    db_row_function on_row; /* may be NULL */
    void *context;
};

struct db_driver {
    enum db_kind kind;

    /* The store itself. `open` fills db->state; `close` frees what the arena does not own. */
    bool (*open)(struct db *db, struct problem *problem);
    void (*close)(struct db *db);
    struct str (*describe)(const struct db *db, struct arena *arena);

    /* Fills the driver's part of a connection. After a failure `disconnect` is not called. */
    size_t connection_bytes;
    bool (*connect)(struct db_connection *connection, struct problem *problem);
    void (*disconnect)(struct db_connection *connection);

    /* `begin` reconnects when that is needed; `rollback` cleans up whatever there is. `undo` ends
       the unit too. */
    bool (*begin)(struct tx *tx);
    bool (*commit)(struct tx *tx);
    void (*rollback)(struct tx *tx);
    bool (*savepoint)(struct tx *tx);
    bool (*release)(struct tx *tx);
    bool (*undo)(struct tx *tx);

    bool (*run)(struct tx *tx, const char *sql, struct db_args args, int64_t *changed);
    bool (*bulk)(struct tx *tx, const struct db_bulk_call *call);
    bool (*script)(struct tx *tx, const char *sql);

    /* `query` gives a cursor before its first row; `next` tells in `*row` whether there is one. */
    bool (*query)(struct tx *tx, const char *sql, struct db_args args, struct db_cursor **cursor);
    bool (*next)(struct tx *tx, struct db_cursor *cursor, bool *row);
    void (*close_cursor)(struct db_cursor *cursor);
    struct db_cell (*cell)(const struct db_cursor *cursor, int column);
};

extern const struct db_driver sqlite_driver, postgres_driver;

/* Reports a failure of the transaction's current statement and spoils its unit, or with one of the
   STORE_… reasons the whole transaction. Always false. `sql` may be NULL; only its beginning is
   told, and never a value. */
bool connection_fail(struct tx *tx, enum reason reason, const char *sql, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether `reason` says that the store, not the statement, is in trouble. */
bool reason_is_of_store(enum reason reason);

/* The statement as this store reads it: its own marked comments opened (db.h). `sql` itself when it
   has none. */
const char *sql_for(enum db_kind kind, const char *sql, struct arena *arena);

#endif
