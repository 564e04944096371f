/* Pages of lists: those that are ordered by id, the newest first, and what all lists share; and ranges of time. */
#ifndef API_PAGES_H
#define API_PAGES_H

#include "http/cursors.h"
#include "http/request.h"

enum { PAGE_LIMIT_DEFAULT = 50, PAGE_LIMIT_MAX = 500, PAGE_CURSOR_MAX = 512 };

/* What a query says about the page; embedded as `page` in the route's query struct. */
struct page {
    int64_t limit;     /* 0: not said */
    struct str cursor; /* absent: the first page */
};

#define PAGE_FIELDS(query)                                                                   \
    FIELD_AS("limit", query, page.limit, FIELD_IS_INTEGER, .min = 1, .max = PAGE_LIMIT_MAX), \
        FIELD_AS("cursor", query, page.cursor, FIELD_IS_TEXT, .min = 1, .max = PAGE_CURSOR_MAX)

/* How many rows are shown at most. */
int64_t page_limit(const struct page *page);

/* How many rows to read: one more than are shown tells whether there are more. */
int64_t page_rows(const struct page *page);

/* What a cursor holds; all zero when none was given. REASON_BAD_CURSOR when it is not of `list`. */
bool page_cursor(struct request *r, struct str text, const char *list, struct cursor *out);

/* Refuses a cursor that holds what no row of its list can. */
bool page_cursor_refuse(struct request *r);

/* Rows before which the page begins, ID_NONE for the first one. False when the cursor is not of
   `list`. */
bool page_before(struct request *r, const struct page *page, const char *list, id64_t *before);

/* How many of the rows that were read are shown. */
size_t page_shown(const struct page *page, const struct list *rows);

/* The cursor of the next page after the last row shown; absent when there were no more rows. */
struct str page_next(struct request *r, const struct page *page, const char *list,
                     const struct list *rows, id64_t last_shown);

/* Refuses a range that does not end after it starts; INSTANT_NONE is open. */
bool range_allow(struct request *r, instant_t from, instant_t to);

#endif
