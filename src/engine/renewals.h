/* Renewals (domain.md §§5, 10, 11): at the start of each of an agency's cycles after the first, once for each and in their
   order, also after a long time without any server: a plan that was ordered counts, the plan's fee is posted, what it
   includes each month goes to the primary and from it to the secondary accounts, and what can be paid out is. */
#ifndef ENGINE_RENEWALS_H
#define ENGINE_RENEWALS_H

#include "store/renewals.h"

enum { RENEWAL_BITE_ACCOUNTS = 100 }; /* secondary accounts in one transaction */

/* A new agency: its first cycle has begun, and the next ones are waited for. */
bool renewals_begin(struct tx *tx, id64_t agency, struct date anchor, const struct zone *zone);

/* The agency's zone is another one, so its cycles begin at other instants. */
bool renewals_follow_zone(struct tx *tx, id64_t agency);

/* Goes on with what is due, a bounded piece. `*under_way` is the renewal that is not complete yet, ID_NONE for none: the
   caller keeps it. `*next_at`: when to go on; not after now when there is more to do at once. */
bool renewals_go_on(struct tx *tx, id64_t agency, id64_t *under_way, instant_t *next_at);

/* What is to go to each secondary account: at the renewal that began this cycle, and at the next. */
struct distribution {
    bool counts; /* the plan distributes at all */
    seconds_t now[TIER_COUNT], next[TIER_COUNT];
    instant_t now_since, next_at;
};
bool distribution_load(struct tx *tx, id64_t agency, struct distribution *out);
bool distribution_set(struct tx *tx, id64_t agency, const seconds_t share[TIER_COUNT], id64_t user);

#endif
