/* The schema's numbered migrations (schema/NNN_name.sql), carried inside the program. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "store/db.h"

struct migration {
    int number;
    const char *name;
    const char *sql;
};

extern const struct migration migrations[]; /* ascending, generated at build time */
extern const size_t migrations_count;

/* Brings the store forward to the newest schema, each migration in a transaction of its own under
   the store's lock; `*applied` (may be NULL) gets how many ran. REASON_STORE_TOO_NEW when the store
   is ahead of the program. */
bool store_migrate(struct db *db, struct problem *problem, int *applied);

/* The same with a table of the caller's. */
bool migrations_apply(struct db *db, const struct migration *list, size_t count,
                      struct problem *problem, int *applied);

/* The store's schema number, 0 for an empty store. */
bool store_schema(struct tx *tx, int64_t *number);

#endif
