/* Knowledge credits: granted by the plan, bought, moved between sub-accounts, and returned by one that is removed. */
#ifndef ENGINE_KNOWLEDGE_H
#define ENGINE_KNOWLEDGE_H

#include "domain/accounts.h"
#include "domain/knowledge.h"
#include "store/db.h"

/* To the primary, what the plan includes beyond what plans granted before; nothing when that is all. For whoever holds the
   agency's row: setting up, and each change of plan. */
bool knowledge_grant_plan(struct tx *tx, id64_t agency, id64_t primary, const struct plan *plan);

struct knowledge_purchase {
    id64_t posting_id;
    int64_t credits;
    micros_t price, cost;
    int64_t balance; /* the primary's credits after it */
    micros_t credit; /* the agency's credit after it */
};

/* At the plan's price now, if that still comes to `cost`, to the primary, out of the agency's credit with the platform:
   REASON_KNOWLEDGE_NOT_SOLD, REASON_QUOTE_CHANGED, REASON_INSUFFICIENT_CREDIT. */
bool knowledge_bought(struct tx *tx, id64_t agency, int64_t credits, micros_t cost,
                      struct actor actor, struct knowledge_purchase *out);

/* From one sub-account to another; of `transfer` agency_id, from_id, to_id and credits are given, the rest is filled.
   REASON_UNKNOWN_SUBACCOUNT and REASON_SAME_SUBACCOUNT at their fields, REASON_SUBACCOUNT_REMOVED,
   REASON_INSUFFICIENT_KNOWLEDGE. */
bool knowledge_moved(struct tx *tx, struct knowledge_transfer *transfer, struct actor actor);

/* All that an account has goes back to the primary, for whoever removes it and holds the agency's row. Fills credits, 0
   when it had none. */
bool knowledge_returned(struct tx *tx, struct knowledge_transfer *transfer, struct actor actor);

#endif
