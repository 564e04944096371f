/* Bringing a store's schema forward. */
#include "store/migrations.h"

#include "base/time.h"

#include <inttypes.h>

enum { ARENA_BYTES = 16384 };

/* One migrator at a time: SQLite's writer has the store to itself, PostgreSQL's takes a lock that
   is ours by its number and waits for it as long as the other needs. */
static const char prepare_sql[] = "/*postgres SET LOCAL lock_timeout = 0;"
                                  " SELECT pg_advisory_xact_lock(7813587016230400); */"
                                  "CREATE TABLE IF NOT EXISTS schema_migrations ("
                                  "number BIGINT NOT NULL PRIMARY KEY,"
                                  " name TEXT NOT NULL,"
                                  " applied_at BIGINT NOT NULL);";

bool store_schema(struct tx *tx, int64_t *number)
{
    int64_t is_there;

    *number = 0;
    if (!db_find_int(tx,
                     "SELECT /*sqlite COUNT(*) FROM sqlite_master"
                     " WHERE type = 'table' AND name = 'schema_migrations'*/"
                     "/*postgres (to_regclass('schema_migrations') IS NOT NULL)::int*/",
                     NO_ARGS, 0, &is_there))
        return false;
    return is_there == 0
        || db_find_int(tx, "SELECT MAX(number) FROM schema_migrations", NO_ARGS, 0, number);
}

static bool apply(struct tx *tx, const struct migration *migration)
{
    return db_script(tx, migration->sql)
        && db_run(tx,
                  "INSERT INTO schema_migrations (number, name, applied_at) VALUES ($1, $2, $3)",
                  ARGS(db_int(migration->number), db_text(str_from_c(migration->name)),
                       db_instant(tx->now)),
                  NULL);
}

/* The first migration that the store has not seen; `*ran` tells whether there was one. */
static bool apply_next(struct tx *tx, const struct migration *list, size_t count, bool *ran)
{
    int64_t schema, newest = count == 0 ? 0 : list[count - 1].number;

    *ran = false;
    if (!db_script(tx, prepare_sql) || !store_schema(tx, &schema)) return false;
    if (schema > newest)
        return fail(tx->problem, REASON_STORE_TOO_NEW, NULL,
                    "The store's schema is number %" PRId64 ", this program's newest is %" PRId64
                    ".",
                    schema, newest);
    for (size_t i = 0; i < count; i++) {
        if (list[i].number <= schema) continue;
        *ran = true;
        return apply(tx, &list[i]);
    }
    return true;
}

bool migrations_apply(struct db *db, const struct migration *list, size_t count,
                      struct problem *problem, int *applied)
{
    struct tx *tx = db_connect(db, DB_WRITER, problem);

    if (applied != NULL) *applied = 0;
    if (tx == NULL) return false;

    struct arena *arena = arena_new(ARENA_BYTES);
    bool ok, ran;

    do {
        ok = tx_begin(tx, arena, problem, clock_now()) && apply_next(tx, list, count, &ran)
            && tx_commit(tx);
        tx_rollback(tx);
        if (ok && ran && applied != NULL) ++*applied;
    } while (ok && ran);
    arena_free(arena);
    db_disconnect(tx);
    return ok;
}

bool store_migrate(struct db *db, struct problem *problem, int *applied)
{
    return migrations_apply(db, migrations, migrations_count, problem, applied);
}
