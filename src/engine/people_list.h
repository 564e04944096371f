/* The table of an agency's users: filtered, sorted, in pages. */
#ifndef ENGINE_PEOPLE_LIST_H
#define ENGINE_PEOPLE_LIST_H

#include "engine/sorted.h"
#include "store/users.h"

/* Whether a code is asked for when they sign in. */
enum people_factor { PEOPLE_WITH_FACTOR, PEOPLE_WITHOUT_FACTOR };

enum people_sort { PEOPLE_BY_NAME, PEOPLE_BY_EMAIL, PEOPLE_BY_ROLE, PEOPLE_BY_LAST_SEEN };

struct people_filter {
    int role;          /* -1: all */
    int two_factor;    /* enum people_factor; -1: all */
    struct str search; /* part of name or email, in any case; absent: all */
    enum people_sort sort;
    struct sorted_ask page;
};

struct people_page {
    struct list users; /* of struct user */
    size_t total;      /* that match, on all pages */
    bool has_more;
    struct place last; /* the last row's, for the cursor */
};

bool people_page(struct tx *tx, id64_t agency, const struct people_filter *filter,
                 struct people_page *out);

#endif
