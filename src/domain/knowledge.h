/* Knowledge credits (domain.md §§3, 8; docs/how-it-works.md): whole credits that plans grant, that an agency buys, and
   that move between its sub-accounts. Pure. */
#ifndef DOMAIN_KNOWLEDGE_H
#define DOMAIN_KNOWLEDGE_H

#include "base/reason.h"
#include "domain/ledger.h"

/* Of one purchase or transfer. */
#define KNOWLEDGE_CREDITS_MAX INT64_C(1000000)

struct knowledge_transfer {
    id64_t agency_id, id, from_id, to_id;
    int64_t credits;
    id64_t posting_id;
    id64_t created_by; /* a user */
    instant_t created_at;
};

/* What a plan of `packs` credits still grants an agency to which plans granted `granted` before: plans are topped up, so
   that going back and forth between them grants nothing twice, and a smaller one takes nothing away. */
int64_t knowledge_to_grant(int64_t packs, int64_t granted);

/* issued -> the primary's credits. Its key is what plans have granted in all with it. */
struct posting posting_for_knowledge_grant(id64_t id, id64_t agency, id64_t primary,
                                           int64_t credits, int64_t granted, instant_t at);

/* issued -> the primary's credits, paid for out of the agency's credit with the platform. */
struct posting posting_for_knowledge_purchase(id64_t id, id64_t agency, id64_t primary,
                                              int64_t credits, micros_t cost, instant_t at);

struct posting posting_for_knowledge_transfer(const struct knowledge_transfer *transfer);

#endif
