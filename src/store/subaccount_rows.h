/* Reading many sub-accounts at once: what the table of them shows, in a fixed number of statements however many rows.
   Of very many, whose ids ascend, all are read on one walk each (store/many.h). */
#ifndef STORE_SUBACCOUNT_ROWS_H
#define STORE_SUBACCOUNT_ROWS_H

#include "domain/accounts.h"
#include "domain/cycles.h"
#include "domain/prices.h"
#include "store/agencies.h"
#include "store/db.h"

/* What filtering and sorting need to know of every account of an agency. */
struct subaccount_brief {
    id64_t id;
    int kind, status;
    struct str name_key, email_key, reference_key; /* folded; without a reference absent */
    struct date billing_anchor;
    instant_t created_at;
};

/* A list, by id, of those of an agency's, removed ones too, that changed after this version of it (agency_next_version), or
   whose prices did. */
#define SUBACCOUNTS_ALL INT64_C(-1)
bool subaccount_briefs(struct tx *tx, id64_t agency, int64_t since, struct list *out);

/* The client prices of the same, in order of account, tier and time; perhaps of others, too. */
typedef void (*price_point_function)(void *context, id64_t owner, enum tier tier,
                                     struct price_point point);
bool subaccount_price_points(struct tx *tx, id64_t agency, int64_t since, price_point_function take,
                             void *context);

/* Rows by id, in the order of `ids`, which must all exist. */
bool subaccounts_load_many(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                           struct subaccount *out);

/* Prices in force at `at`, in the order of `ids`. */
bool subaccounts_prices(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, instant_t at,
                        struct tier_prices *out);

/* The balance of one ledger account of each. */
bool subaccounts_balances(struct tx *tx, id64_t agency, int account, const id64_t *ids, size_t n,
                          int64_t *out);

/* Usage of one billing period of each, and what was paid for minutes in it. */
struct period_usage {
    seconds_t billed_seconds;
    micros_t spent, purchased;
};
bool subaccounts_period_usage(struct tx *tx, id64_t agency, const id64_t *ids,
                              const struct period *periods, size_t n, struct period_usage *out);
bool subaccounts_period_purchased(struct tx *tx, id64_t agency, const id64_t *ids,
                                  const struct period *periods, size_t n, struct period_usage *out);

#endif
