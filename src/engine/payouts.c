#include "engine/payouts.h"

#include "base/id.h"
#include "domain/profits.h"
#include "engine/by_itself.h"
#include "store/agencies.h"
#include "store/ledger.h"

static bool schedule(struct tx *tx, const struct renewing_agency *agency,
                     const struct renewal *renewal)
{
    struct payout payout = {
        .agency_id = agency->id,
        .id = id_new(tx->now),
        .amount = renewal->payable,
        .state = PAYOUT_IS_SCHEDULED,
        .renewal_id = renewal->id,
        .posting_id = id_new(tx->now),
        .created_at = tx->now,
    };
    struct posting posting =
        posting_for_payout(&payout, payout.posting_id, agency->primary_id, tx->now);

    return ledger_post_one(tx, &posting) && payout_insert(tx, &payout);
}

/* Once of each renewal and of each payout, however often the work is done again. */
static bool tell_of(struct tx *tx, id64_t agency, enum mail_template template, id64_t about)
{
    return tell_admins(tx, agency, template, about, STR_NONE,
                       str_format(tx->arena, "%lld", (long long)about));
}

bool payout_at_renewal(struct tx *tx, const struct renewing_agency *agency, struct renewal *renewal)
{
    micros_t profit, credit;

    if (!ledger_balance(tx, agency->id, LEDGER_PROFIT, agency->id, &profit)
        || !ledger_balance(tx, agency->id, LEDGER_CREDIT, agency->id, &credit))
        return false;
    renewal->payable = profit_to_pay_out(profit, credit);
    renewal->payout =
        payout_rule(renewal->payable, agency->payout_threshold, agency->payout_connected);
    switch (renewal->payout) {
    case PAYOUT_SCHEDULED: return schedule(tx, agency, renewal);
    case PAYOUT_NOT_CONNECTED: return tell_of(tx, agency->id, MAIL_PAYOUT_KEPT, renewal->id);
    default: return true;
    }
}

/* The agency's row comes before every other lock. */
static bool load(struct tx *tx, id64_t id, struct payout_change *out)
{
    micros_t limit;
    bool found;

    if (!payout_find(tx, id, &out->before, &found)) return false;
    if (!found) return fail_as(tx->problem, REASON_NOT_FOUND, NULL);
    if (!agency_credit_lock(tx, out->before.agency_id, &limit)
        || !payout_find(tx, id, &out->before, &found))
        return false;
    enum reason refused = may_settle_payout(&out->before);

    out->after = out->before;
    out->after.settled_at = tx->now;
    return refused == REASON_NONE || fail_as(tx->problem, refused, NULL);
}

bool payout_paid(struct tx *tx, id64_t payout, id64_t staff, struct payout_change *out)
{
    if (!load(tx, payout, out)) return false;
    out->after.state = PAYOUT_PAID;
    out->after.settled_by = staff;
    return payout_settle(tx, &out->after);
}

bool payout_failed(struct tx *tx, id64_t payout, struct str why, id64_t staff,
                   struct payout_change *out)
{
    struct agency agency;

    if (!load(tx, payout, out) || !agency_load(tx, out->before.agency_id, &agency)) return false;
    out->after.state = PAYOUT_FAILED;
    out->after.failure = why;
    out->after.settled_by = staff;
    out->after.return_posting_id = id_new(tx->now);

    struct posting posting = posting_for_payout_return(&out->after, out->after.return_posting_id,
                                                       agency.primary_id, tx->now);

    posting.actor.user = staff;
    return ledger_post_one(tx, &posting) && payout_settle(tx, &out->after)
        && tell_of(tx, agency.id, MAIL_PAYOUT_FAILED, payout);
}
