/* Monthly auto-allocation (domain.md §5): minutes that the agency buys for a sub-account at base price, once a month.
   Pure. */
#ifndef DOMAIN_ALLOCATION_H
#define DOMAIN_ALLOCATION_H

#include "base/reason.h"
#include "base/str.h"
#include "base/types.h"
#include "base/zone.h"
#include "domain/tier.h"

/* A calendar month of the agency's zone, counted: year * 12 + month - 1. */
typedef int64_t month_t;
#define MONTH_NONE ((month_t)-1)

month_t month_of(struct date date);
struct date month_day(month_t month,
                      int64_t day); /* clamped to its last day: 31 in February is 28 or 29 */
struct str month_format(struct arena *arena, month_t month); /* "2026-11" */

/* The settings of a sub-account. */
struct allocation {
    id64_t agency_id, subaccount_id;
    bool enabled;
    seconds_t seconds[TIER_COUNT];
    int64_t day;        /* of the month, 1 to 31 */
    month_t next_month; /* of the next run; MONTH_NONE while it is off */
    instant_t updated_at;
};

/* When the run of a month begins: midnight of its day in the zone. */
instant_t allocation_due(const struct zone *zone, month_t month, int64_t day);

/* The month of the first run after settings changed: none that has run (`last`, MONTH_NONE: none did), and none whose day
   has begun, so that nothing is charged by the change itself. */
month_t allocation_first_month(const struct zone *zone, int64_t day, month_t last, instant_t now);

/* What a card pays for both tiers at base price; REASON_OVERFLOW, REASON_TOO_LARGE past what one purchase may be. */
enum reason allocation_cost(const seconds_t seconds[TIER_COUNT], const micros_t base[TIER_COUNT],
                            micros_t *out);

enum allocation_state {
    ALLOCATION_SCHEDULED, /* due, and begun as soon as nothing stands before it */
    ALLOCATION_PROCESSING,
    ALLOCATION_SUCCEEDED,
    ALLOCATION_SKIPPED,
    ALLOCATION_RETRYING,
    ALLOCATION_PAST_DUE,
};
extern const char *const allocation_state_names[];

/* One month of one sub-account, with the figures that were set when it came due. */
struct allocation_run {
    id64_t agency_id, subaccount_id;
    month_t month;
    int state;
    seconds_t seconds[TIER_COUNT];
    instant_t due_at;
    int64_t failures;
    struct str reason;    /* of a skip, or the code of the last failure; absent: none */
    instant_t retry_at;   /* while it is retrying */
    instant_t settled_at; /* when it succeeded, was skipped, or became past due */
};

/* Takes the run of the next month out of the settings when it is due at `now`; after a downtime again and again, month by
   month. False when none is due. */
bool allocation_take_due(struct allocation *allocation, const struct zone *zone, instant_t now,
                         struct allocation_run *out);

/* Whether nothing more will happen to it by itself. */
bool allocation_is_settled(enum allocation_state state);

/* Why a run that could begin or be tried again is skipped. */
enum allocation_skip { SKIP_NOT, SKIP_SUSPENDED, SKIP_REMOVED, SKIP_TURNED_OFF, SKIP_CANCELED };
extern const char *const allocation_skip_names[];

void allocation_skipped(struct allocation_run *run, enum allocation_skip reason, instant_t now);
void allocation_begun(struct allocation_run *run);

/* One that became past due is due again, for one try: a failure makes it past due at once. */
void allocation_taken_up(struct allocation_run *run);
void allocation_succeeded(struct allocation_run *run, instant_t now);

/* Tried again 1, 3 and 5 days after the first failure, each wait counted from the failure before, then past due: true
   when this one made it so. */
bool allocation_failed(struct allocation_run *run, struct str failure, instant_t now);

#endif
