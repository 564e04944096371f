/* Rows of many accounts of an agency: each found by its id, or, when it is asked for many, all of the agency's rows
   walked over once beside the ids, which costs a fraction of it. */
#ifndef STORE_MANY_H
#define STORE_MANY_H

#include "store/db.h"

enum { MANY_WALK_FROM = 1000 }; /* ids: more than a page of any list has */

struct many_sql {
    struct db_bulk each; /* as many_find_each takes it */
    /* $1 … the shared arguments; the first column is the owner, in ascending order, once or in several runs. */
    const char *all;
};

/* What to do with a row of ids[position]. */
typedef void (*many_function)(void *context, size_t position, const struct db_rows *row);

/* Calls `take` for every row of every id. `each`: $1 an id, $2 its position, then the shared arguments; the first column
   is the position. */
bool many_find_each(struct tx *tx, const struct db_bulk *each, const id64_t *ids, size_t n,
                    struct db_args shared, many_function take, void *context);

/* Whether all rows had better be walked over: ids are many, and ascend. */
bool many_are_walked(const id64_t *ids, size_t n);

/* The walk itself: `all` is as in struct many_sql. */
bool many_walk(struct tx *tx, const char *all, const id64_t *ids, size_t n, struct db_args args,
               many_function take, void *context);

/* Finds each, or walks over all with the same shared arguments. */
bool many_find(struct tx *tx, const struct many_sql *sql, const id64_t *ids, size_t n,
               struct db_args shared, many_function take, void *context);

#endif
