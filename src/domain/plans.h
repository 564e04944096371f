/* Plans (domain.md §2): which change of plan counts when, what fits under a cap, and base prices over time. Pure. */
#ifndef DOMAIN_PLANS_H
#define DOMAIN_PLANS_H

#include "domain/accounts.h"

enum { PLAN_CODE_MAX_CHARS = 40 };

/* A letter, then letters, digits and underscores, all lower case. */
bool plan_code_is_valid(struct str code);

/* A change is up when the fee is higher or, at the same fee, the cap is larger: it counts now. Any other counts at the
   renewal, so that nobody loses what they have paid for. */
enum plan_change { PLAN_UNCHANGED, PLAN_CHANGES_NOW, PLAN_CHANGES_AT_RENEWAL };
extern const char *const plan_change_names[];
enum plan_change plan_change_between(const struct plan *from, const struct plan *to);

/* How many of `secondaries` a cap has no room for; a cap below 0 is none. */
int64_t plan_excess(int64_t cap, int64_t secondaries);

/* While a change is ordered no more may be used than both plans have room for: the one with less. `next` NULL: none is
   ordered. */
const struct plan *plan_narrower(const struct plan *plan, const struct plan *next);

/* Whether an agency with so many secondary accounts may change: REASON_NONE, REASON_PLAN_NOT_OFFERED,
   REASON_OVER_CAP. Its own plan is always open to it: that takes an ordered change back. */
enum reason may_change_plan(const struct plan *from, const struct plan *to, int64_t secondaries);

/* From `from` on base prices are these. */
struct base_step {
    instant_t from;
    micros_t prices[TIER_COUNT];
};

/* In ascending order of `from`, at least one; the first also counts for everything before it. */
struct base_steps {
    const struct base_step *at;
    size_t count;
};

/* The one in force at an instant. */
const struct base_step *base_step_at(struct base_steps steps, instant_t at);

/* The base prices of an agency from `now` on: its plan's, and from `change_at` on (INSTANT_NONE: never) those of the
   next. The first step is `now`; none repeats the prices before it. `out` has room for 2 + current.count + next.count;
   returns how many there are. */
size_t base_timeline(struct base_steps current, struct base_steps next, instant_t change_at,
                     instant_t now, struct base_step *out);

#endif
