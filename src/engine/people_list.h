/* The table of an agency's users: filtered, sorted, in pages. */
#ifndef ENGINE_PEOPLE_LIST_H
#define ENGINE_PEOPLE_LIST_H

#include "store/users.h"

enum people_sort { PEOPLE_BY_NAME, PEOPLE_BY_EMAIL, PEOPLE_BY_ROLE, PEOPLE_BY_LAST_SEEN };

struct people_filter {
    int role;          /* -1: all */
    struct str search; /* part of name or email, in any case; absent: all */
    enum people_sort sort;
    bool descending;
    id64_t after;         /* cursor: the last row of the page before; ID_NONE: the first page */
    int64_t after_number; /* its sort keys then */
    struct str after_text;
    size_t limit;
};

struct people_page {
    struct list users; /* of struct user */
    size_t total;      /* that match, on all pages */
    bool has_more;
    int64_t last_number; /* the last row's sort keys, for the cursor */
    struct str last_text;
};

bool people_page(struct tx *tx, id64_t agency, const struct people_filter *filter,
                 struct people_page *out);

#endif
