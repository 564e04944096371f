/* Lists that are sorted by any column, over engine/sorted: which page is asked for, and the cursor of the next. */
#ifndef API_TABLES_H
#define API_TABLES_H

#include "api/pages.h"
#include "engine/sorted.h"

/* `sorts` has every column twice, rising and then falling, ends with NULL, and begins with what is sorted by when a
   query does not say. */
struct table {
    const char *name;
    const char *const *sorts;
};

struct table_ask {
    const char
        *list;  /* whose cursors: each sort has its own, as one of another order would skip rows */
    int column; /* the column's place among those of `sorts` */
    struct sorted_ask page;
};

/* `sort`: an index of the table's sorts, or -1. False and REASON_BAD_CURSOR when the cursor is not one of this sort. */
bool table_ask(struct request *r, const struct table *table, int sort, const struct page *page,
               struct table_ask *out);

/* The cursor of the page that comes after the row at `last`. */
struct str table_next(struct request *r, const struct table_ask *ask, const struct place *last);

#endif
