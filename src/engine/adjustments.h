/* Minutes given or taken by hand (domain.md §5), for the API. */
#ifndef ENGINE_ADJUSTMENTS_H
#define ENGINE_ADJUSTMENTS_H

#include "domain/adjustments.h"
#include "store/db.h"

struct adjustment_order {
    id64_t agency, subaccount;
    bool by_platform;
    enum tier tier;
    seconds_t seconds; /* below zero: taken */
    struct str reason;
    struct actor actor;
};

/* Gives or takes them. An agency's cost it base, and give it back: REASON_INSUFFICIENT_CREDIT.
   REASON_UNKNOWN_SUBACCOUNT at "subaccount", REASON_SUBACCOUNT_REMOVED, REASON_INSUFFICIENT_MINUTES when more is taken than is there, REASON_OVERFLOW. */
bool adjustment_made(struct tx *tx, const struct adjustment_order *order, struct adjustment *out);

#endif
