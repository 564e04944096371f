/* The platform's plans, and which of them agencies are on (domain.md §2). */
#ifndef STORE_PLANS_H
#define STORE_PLANS_H

#include "domain/plans.h"
#include "store/db.h"

/* As it is now. plan_lock keeps it and its ordered base prices as they are until the transaction ends; an agency's row is
   locked before a plan's. */
bool plan_find(struct tx *tx, struct str code, struct plan *out, bool *found);
bool plan_lock(struct tx *tx, struct str code, struct plan *out, bool *found);

/* The same of staff who change it: nobody else may hold it. REASON_NOT_FOUND */
bool plan_lock_to_change(struct tx *tx, struct str code, struct plan *out);

/* A list of struct plan, by monthly fee and code. */
bool plan_list(struct tx *tx, struct list *out);

/* REASON_PLAN_EXISTS, without harm to the transaction. */
bool plan_insert(struct tx *tx, const struct plan *plan);
bool plan_update(struct tx *tx, const struct plan *plan); /* all but code, model and base prices */

/* Its base prices over time: a list of struct base_step, never empty. */
bool plan_base_steps(struct tx *tx, const struct plan *plan, struct base_steps *out);

/* How many agencies are on a plan, and how many of them use more slots than `cap` (below 0: none has too many). Reads
   every agency of the plan. */
struct plan_usage {
    int64_t agencies, over;
};
bool plan_usage_count(struct tx *tx, struct str code, int64_t cap, struct plan_usage *out);

/* The agency's plan from now on is agency->plan_code, and the ordered one agency->next_…. */
bool agency_set_plan(struct tx *tx, const struct agency *agency);

/* Notes that the agency is on a plan; `*is_first`: it never was before. */
bool plan_start(struct tx *tx, id64_t agency, struct str code, bool *is_first);
bool plan_was_started(struct tx *tx, id64_t agency, struct str code, bool *was);

/* Secondary accounts by name, of which `count` there are and the first `limit` are named. */
struct account_name {
    id64_t id;
    struct str name;
};
struct account_names {
    int64_t count;
    struct list named; /* of struct account_name */
};

/* Those added last. */
bool subaccounts_added_last(struct tx *tx, id64_t agency, int64_t count, int64_t limit,
                            struct account_names *out);

/* Those with a client price at `at` that is below one of these base prices, in the order of their names. Looks at every
   account of the agency. */
bool subaccounts_below_base(struct tx *tx, id64_t agency, const micros_t base[TIER_COUNT],
                            instant_t at, int64_t limit, struct account_names *out);

#endif
