/* The agency's plan, and changing it (domain.md §2). */
#ifndef ENGINE_PLANS_H
#define ENGINE_PLANS_H

#include "domain/ledger.h"
#include "domain/plans.h"
#include "store/db.h"

/* The agency begins on a plan: what the plan includes once goes to the primary, if the agency was never on it. What it
   includes each month comes with a renewal; with `begins` the first comes now, as the subscription does. */
enum plan_begin { PLAN_BEGINS_WITH_AGENCY, PLAN_BEGINS_BY_CHANGE };
bool plan_begin(struct tx *tx, const struct agency *agency, const struct plan *plan,
                enum plan_begin how, struct actor actor);

/* What came of choosing a plan. */
struct plan_choice {
    struct agency before, after;
    enum plan_change
        change; /* PLAN_UNCHANGED: an ordered change was taken back, or there was nothing to do */
};

/* The agency chooses a plan: it counts now, or is ordered for the renewal. REASON_UNKNOWN_PLAN at "plan",
   REASON_PLAN_NOT_OFFERED, REASON_OVER_CAP with how many accounts would have to go. */
bool plan_choose(struct tx *tx, id64_t agency, struct str code, struct actor actor,
                 struct plan_choice *out);

/* At the renewal that begins at `at`: puts the agency on the plan that was ordered, if it was for that one or before. `*changed` tells; out is the agency
   before and after. An agency that has come to use more than the plan has room for keeps what it has. */
bool plan_change_apply(struct tx *tx, id64_t agency, instant_t at, struct plan_choice *out,
                       bool *changed);

/* After the agency's zone became another: the renewal is at another instant, and what is ordered for it too. */
bool plan_order_follow_zone(struct tx *tx, const struct agency *agency);

/* The room for sub-accounts: what is used (not counted, 0, where there is no cap), what may be (below 0: any number), and
   the plan that says so: the agency's own, or the one that it changes to. */
struct plan_room {
    int64_t used, cap;
    struct str plan_name;
    bool is_ordered;
};
bool plan_room_load(struct tx *tx, const struct agency *agency, struct plan_room *out);

#endif
