/* The table of sub-accounts (console.md "Account Manager › Subaccounts"): filtered, sorted by any column, in pages; and
   everything that one row shows. */
#ifndef ENGINE_DIRECTORY_H
#define ENGINE_DIRECTORY_H

#include "domain/roles.h"
#include "engine/sorted.h"
#include "store/ledger.h"
#include "store/subaccount_rows.h"

enum directory_sort {
    SORT_NAME,
    SORT_EMAIL,
    SORT_STATUS,
    SORT_CREATED_AT,
    SORT_BASIC_SECONDS,
    SORT_PREMIUM_SECONDS,
    SORT_BALANCE,
    SORT_MINUTES_USED,
    SORT_SPENT,
    SORT_BILLING_DATE,
    SORT_KNOWLEDGE,
};

struct directory_filter {
    int kind, status;          /* -1: all; removed accounts only when asked for */
    struct str search;         /* part of name, email or reference, in any case; absent: all */
    const struct reach *reach; /* who asks; members and client roles see the granted ones only */
    bool shows_primary;        /* whether the primary is within reach */
    enum directory_sort sort;
    struct sorted_ask page;
};

struct directory_page {
    id64_t *ids;
    size_t n;
    size_t total; /* rows that match on all pages */
    bool has_more;
    struct place last; /* the last row's, for the cursor */
};

/* The primary, when the filters let it through, is the first row of the first page. */
bool directory_page(struct tx *tx, id64_t agency, const struct zone *zone,
                    const struct directory_filter *filter, struct directory_page *out);

/* One row with all its figures. */
struct directory_row {
    struct subaccount account;
    struct tier_prices prices;
    struct wallet wallet;
    int64_t knowledge;
    struct period period;
    struct period_usage usage;
};

/* In the order of `ids`: a fixed number of statements, however many. */
bool directory_rows(struct tx *tx, id64_t agency, const struct zone *zone, const id64_t *ids,
                    size_t n, struct directory_row *out);

#endif
