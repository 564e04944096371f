/* Payouts (domain.md §11): profit on its way to an agency. Pure. */
#ifndef DOMAIN_PAYOUTS_H
#define DOMAIN_PAYOUTS_H

#include "base/str.h"
#include "domain/ledger.h"
#include "domain/renewals.h"

enum { PAYOUT_FAILURE_MAX_CHARS = 500 };

enum payout_state { PAYOUT_IS_SCHEDULED, PAYOUT_IN_TRANSIT, PAYOUT_PAID, PAYOUT_FAILED };
extern const char *const payout_state_names[];

struct payout {
    id64_t agency_id, id;
    micros_t amount;
    int state; /* enum payout_state */
    id64_t renewal_id, posting_id, return_posting_id;
    struct str failure; /* absent: it has not failed */
    instant_t created_at, settled_at;
    id64_t settled_by;
};

/* What the rule says of what could be paid out (profit_to_pay_out). */
enum payout_outcome payout_rule(micros_t payable, micros_t threshold, bool is_connected);

/* Whether it may be noted that a payout arrived, or did not: REASON_NONE or REASON_PAYOUT_SETTLED. */
enum reason may_settle_payout(const struct payout *payout);

/* profit -> payouts, and back. `subject` is the agency's primary. */
struct posting posting_for_payout(const struct payout *payout, id64_t id, id64_t subject,
                                  instant_t at);
struct posting posting_for_payout_return(const struct payout *payout, id64_t id, id64_t subject,
                                         instant_t at);

#endif
