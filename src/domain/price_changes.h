/* Base prices that the platform orders for a plan, from an instant on (domain.md §4). Pure. */
#ifndef DOMAIN_PRICE_CHANGES_H
#define DOMAIN_PRICE_CHANGES_H

#include "base/reason.h"
#include "base/str.h"
#include "base/types.h"
#include "domain/tier.h"

/* How far ahead prices may be ordered, and how long before they count they can still be canceled: every agency has to
   hear of it first. */
#define PRICE_CHANGE_AHEAD_MAX (400 * MICROS_PER_DAY)
#define PRICE_CHANGE_NOTICE    (60 * MICROS_PER_SECOND)

struct price_change {
    id64_t id;
    struct str plan_code;
    instant_t effective_at;
    micros_t prices[TIER_COUNT];
    id64_t created_by; /* a platform user */
    instant_t created_at;
    id64_t canceled_by;
    instant_t canceled_at; /* INSTANT_NONE: it was not */
};

enum price_change_state {
    PRICE_CHANGE_ORDERED,  /* counts later */
    PRICE_CHANGE_IN_FORCE, /* the newest that counts */
    PRICE_CHANGE_PAST,
    PRICE_CHANGE_CANCELED,
};
extern const char *const price_change_state_names[];

/* `newest_at`: the instant of the newest change of its plan that counts at `now`. */
enum price_change_state price_change_state(const struct price_change *change, instant_t newest_at,
                                           instant_t now);

/* Whether it may count from `at` on: REASON_NONE, REASON_TOO_OLD or REASON_IN_FUTURE. */
enum reason may_order_prices(instant_t at, instant_t now);

/* Whether it may be canceled: REASON_NONE, REASON_PRICES_CANCELED or REASON_PRICES_COUNT. */
enum reason may_cancel_prices(const struct price_change *change, instant_t now);

#endif
