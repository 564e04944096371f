#include "domain/payouts.h"

const char *const payout_state_names[] = { "scheduled", "in_transit", "paid", "failed", NULL };

enum payout_outcome payout_rule(micros_t payable, micros_t threshold, bool is_connected)
{
    if (payable == 0) return PAYOUT_NOTHING;
    if (payable < threshold) return PAYOUT_BELOW_THRESHOLD;
    return is_connected ? PAYOUT_SCHEDULED : PAYOUT_NOT_CONNECTED;
}

enum reason may_settle_payout(const struct payout *payout)
{
    bool is_under_way = payout->state == PAYOUT_IS_SCHEDULED || payout->state == PAYOUT_IN_TRANSIT;

    return is_under_way ? REASON_NONE : REASON_PAYOUT_SETTLED;
}

struct posting posting_for_payout(const struct payout *payout, id64_t id, id64_t subject,
                                  instant_t at)
{
    struct posting posting = posting_begin(POSTING_PAYOUT, id, payout->agency_id, subject, at);

    posting.reference = payout->id;
    posting.key = payout->id;
    posting_transfer(&posting, LEDGER_PROFIT, payout->agency_id, LEDGER_PAYOUTS, payout->agency_id,
                     payout->amount);
    return posting;
}

struct posting posting_for_payout_return(const struct payout *payout, id64_t id, id64_t subject,
                                         instant_t at)
{
    struct posting posting =
        posting_begin(POSTING_PAYOUT_RETURN, id, payout->agency_id, subject, at);

    posting.reference = payout->id;
    posting.key = payout->id;
    posting_transfer(&posting, LEDGER_PAYOUTS, payout->agency_id, LEDGER_PROFIT, payout->agency_id,
                     payout->amount);
    return posting;
}
