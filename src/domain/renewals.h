/* Renewals (domain.md §§5, 10): what happens to an agency at the start of each cycle after its first. Pure. */
#ifndef DOMAIN_RENEWALS_H
#define DOMAIN_RENEWALS_H

#include "base/zone.h"
#include "domain/ledger.h"

/* What became of the payout rule at a renewal (domain.md §11). */
enum payout_outcome {
    PAYOUT_OPEN, /* the renewal is still under way */
    PAYOUT_NOTHING,
    PAYOUT_BELOW_THRESHOLD,
    PAYOUT_NOT_CONNECTED,
    PAYOUT_SCHEDULED,
};
extern const char *const payout_outcome_names[];

struct renewal {
    id64_t agency_id, id;
    int64_t cycle;              /* its number, counted from the anchor's own, 0 */
    instant_t start_at, end_at; /* of the cycle that begins */
    struct str plan_code;
    micros_t fee;
    seconds_t granted[TIER_COUNT];     /* to the primary */
    seconds_t each[TIER_COUNT];        /* to each secondary account */
    int64_t accounts;                  /* how many of those there were */
    seconds_t distributed[TIER_COUNT]; /* what they got in all */
    int64_t short_accounts;            /* that did not get it */
    int payout;                        /* enum payout_outcome */
    micros_t payable;
    instant_t started_at, completed_at; /* INSTANT_NONE: not yet */
};

/* Whether anything goes to secondary accounts. */
bool renewal_distributes(const struct renewal *renewal);

/* How many of `accounts` get their whole share of a tier out of `left`: the others get none of it. */
int64_t renewal_shares(seconds_t left, seconds_t each, int64_t accounts);

/* The plan's fee: credit -> base_revenue, whatever the credit limit says: it is the platform's own claim. */
struct posting posting_for_plan_fee(const struct renewal *renewal, id64_t id, id64_t primary,
                                    instant_t at);

/* What the plan includes each month, to the primary. */
struct posting posting_for_monthly_grant(const struct renewal *renewal, id64_t id, id64_t primary,
                                         instant_t at);

/* A secondary account's share: primary -> account, one to one. */
struct posting posting_for_share(const struct renewal *renewal, id64_t id, id64_t primary,
                                 id64_t account, const seconds_t share[TIER_COUNT], instant_t at);

#endif
