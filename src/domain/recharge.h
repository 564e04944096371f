/* Auto-recharge (domain.md §5): when an account buys minutes by itself, and what a payment that failed does. Pure. */
#ifndef DOMAIN_RECHARGE_H
#define DOMAIN_RECHARGE_H

#include "base/str.h"
#include "base/types.h"
#include "base/zone.h"
#include "domain/tier.h"

enum { RECHARGES_A_DAY = 10 }; /* begun, paid or not; a day is one of the agency's zone */

/* The settings of a sub-account, and how its recharge stands. */
struct recharge {
    id64_t agency_id, subaccount_id;
    bool enabled;
    micros_t threshold, amount; /* MICROS_NONE: never set */
    int tier;                   /* -1: never set */
    id64_t purchase_id;         /* in flight; ID_NONE: none */
    instant_t waits_until;      /* it buys nothing before; INSTANT_NONE: it does not wait */
    int64_t failures;           /* in a row */
    struct str failure; /* the code of the last one; absent: none since it was set or succeeded */
    instant_t turned_off_at; /* because of them; INSTANT_NONE: it was not */
    instant_t updated_at;
};

/* What a decision rests on besides. */
struct recharge_facts {
    micros_t balance;    /* of the wallet, at client prices */
    bool is_active;      /* the account is */
    int64_t begun_today; /* recharges */
    const struct zone *zone;
    instant_t now;
};

enum recharge_verdict {
    RECHARGE_OFF,
    RECHARGE_IN_FLIGHT,
    RECHARGE_INACTIVE, /* suspended: looked at again when that ends */
    RECHARGE_WAITS,    /* after a failure, or for tomorrow: until `*until` */
    RECHARGE_NOT_NEEDED,
    RECHARGE_DUE,
};

/* Whether to buy now. `*until` is set for RECHARGE_WAITS. */
enum recharge_verdict recharge_judge(const struct recharge *recharge,
                                     const struct recharge_facts *facts, instant_t *until);

/* Whether a balance that falls below the threshold has to be looked at at all: the cheap part of it. */
bool recharge_is_armed(const struct recharge *recharge);

/* New settings begin without the failures of the old ones; what is in flight goes on. */
void recharge_set(struct recharge *recharge, bool enabled, instant_t now);

void recharge_begun(struct recharge *recharge, id64_t purchase);
void recharge_succeeded(struct recharge *recharge);

/* Waits 1 h, 6 h, 24 h, then is turned off: true when this failure did so. */
bool recharge_failed(struct recharge *recharge, struct str failure, instant_t now);

#endif
