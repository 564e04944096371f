/* Minutes given or taken by hand (domain.md §5): an agency's people do it at the agency's cost, the platform's staff for
   nothing. Pure. */
#ifndef DOMAIN_ADJUSTMENTS_H
#define DOMAIN_ADJUSTMENTS_H

#include "base/reason.h"
#include "domain/ledger.h"

enum { ADJUSTMENT_REASON_MAX = 200 };

struct adjustment {
    id64_t agency_id, id, subaccount_id;
    bool by_platform;
    int tier;
    seconds_t seconds; /* below zero: taken */
    micros_t base_price;
    micros_t credit; /* what the agency's credit changes by: base of the seconds, the other way */
    struct str reason;
    id64_t posting_id;
    id64_t created_by; /* a user, or one of the platform's staff */
    instant_t created_at;
};

/* Fills credit from seconds and base price; nothing for the platform's. REASON_NONE or REASON_OVERFLOW. */
enum reason adjustment_price(struct adjustment *adjustment);

/* issued -> wallet, and the agency's credit -> base_revenue. */
enum reason posting_for_adjustment(const struct adjustment *adjustment, instant_t at,
                                   struct posting *out);

#endif
