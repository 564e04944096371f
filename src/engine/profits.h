/* Profit over a range (domain.md §§4, 11): by month, by sub-account, by purchase; and where the agency stands. */
#ifndef ENGINE_PROFITS_H
#define ENGINE_PROFITS_H

#include "domain/cycles.h"
#include "engine/sorted.h"
#include "store/profits.h"

enum { PROFIT_MONTHS_MAX = 240 };

struct profit_range {
    id64_t agency;
    id64_t subaccount; /* ID_NONE: all */
    struct period span;
};

/* What was earned within the range, and its place among the agency's changes. */
struct profit_total {
    struct profit_span changes;
    struct profit profit;
};
bool profit_total(struct tx *tx, const struct profit_range *range, struct profit_total *out);

/* The months of the zone within the range, the oldest first, those cut by it as they are cut. A range without a beginning
   (start 0) begins with the month of the first change. At most PROFIT_MONTHS_MAX, else REASON_RANGE_TOO_LONG. */
struct profit_month {
    struct period span;
    struct profit profit;
};
bool profit_months(struct tx *tx, const struct zone *zone, const struct profit_range *range,
                   struct profit_month **out, size_t *n);

/* A page of the sub-accounts whose profit changed. */
struct profit_account {
    id64_t id;
    struct str name;
    int status;
    struct profit profit;
};
struct profit_page {
    struct profit_account *at;
    size_t count;
    bool has_more;
    struct place last; /* the last row's, for the cursor */
};
enum profit_sort { PROFIT_BY_NAME, PROFIT_BY_PROFIT, PROFIT_BY_PAYABLE, PROFIT_BY_COLLECTED };
bool profit_accounts(struct tx *tx, const struct profit_total *total, enum profit_sort sort,
                     const struct sorted_ask *ask, struct profit_page *out);

/* Where the agency stands: what could be paid out, and what stands in the way. */
struct profit_standing {
    micros_t profit;    /* on money that the platform collected, not yet paid out */
    micros_t credit;    /* with the platform; what is below zero is kept back */
    micros_t payable;   /* what could be paid out now */
    micros_t threshold; /* from which a payout is made */
    micros_t paid_out;  /* so far */
    struct profit earned;
    instant_t renewal_at; /* when the next payout is looked at */
};
bool profit_standing(struct tx *tx, id64_t agency, const struct zone *zone,
                     struct profit_standing *out);

#endif
