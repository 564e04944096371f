/* The platform's table of agencies: filtered, sorted, in pages. */
#ifndef ENGINE_PLATFORM_LIST_H
#define ENGINE_PLATFORM_LIST_H

#include "engine/sorted.h"
#include "store/platform_agencies.h"

enum platform_sort {
    AGENCIES_BY_NAME,
    AGENCIES_BY_CREATED,
    AGENCIES_BY_SUBACCOUNTS,
    AGENCIES_BY_CREDIT
};

struct platform_filter {
    int status;        /* -1: all */
    struct str plan;   /* its code; absent: all */
    struct str search; /* part of the name or the owner's email, in any case; absent: all */
    enum platform_sort sort;
    struct sorted_ask page;
};

struct platform_page {
    struct list agencies; /* of struct platform_agency */
    size_t total;         /* that match, on all pages */
    bool has_more;
    struct place last; /* the last row's, for the cursor */
};

/* A fixed number of statements, however many agencies there are. */
bool platform_page(struct tx *tx, const struct platform_filter *filter, struct platform_page *out);

#endif
