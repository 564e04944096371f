/* Tables that are sorted by any column: rows that lie in memory, put in order, and the page that comes after a row. */
#ifndef ENGINE_SORTED_H
#define ENGINE_SORTED_H

#include "base/str.h"
#include "base/types.h"

/* Where a row stands: by its number, then its text by bytes, ties by id. A table fills what it is sorted by. */
struct place {
    int64_t number;
    struct str text; /* absent counts as empty */
    id64_t id;       /* ID_NONE: before all rows */
};

struct sorted_row {
    const void *of; /* the row itself, borrowed */
    struct place place;
};

/* Which page; embedded as `page` in a table's filter. */
struct sorted_ask {
    bool descending;    /* turns ties around, too */
    struct place after; /* the last row of the page before, as it stood then */
    size_t limit;
};

struct sorted_page {
    const struct sorted_row *rows; /* those of the page, in order */
    size_t count;
    bool has_more;
    struct place last; /* of the page; unset when it has no rows */
};

/* The page out of `rows`, which lose their order: only the page's own are put into theirs. */
struct sorted_page sorted_page(struct sorted_row *rows, size_t n, const struct sorted_ask *ask);

#endif
