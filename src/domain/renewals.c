#include "domain/renewals.h"

const char *const payout_outcome_names[] = { "open",          "nothing",   "below_threshold",
                                             "not_connected", "scheduled", NULL };

bool renewal_distributes(const struct renewal *renewal)
{
    return renewal->each[TIER_BASIC] > 0 || renewal->each[TIER_PREMIUM] > 0;
}

int64_t renewal_shares(seconds_t left, seconds_t each, int64_t accounts)
{
    if (each == 0) return accounts;
    int64_t covered = left > 0 ? left / each : 0;

    return covered < accounts ? covered : accounts;
}

static struct posting begin(const struct renewal *renewal, enum posting_kind kind, id64_t id,
                            id64_t subject, instant_t at)
{
    struct posting posting = posting_begin(kind, id, renewal->agency_id, subject, at);

    posting.reference = renewal->id;
    return posting;
}

struct posting posting_for_plan_fee(const struct renewal *renewal, id64_t id, id64_t primary,
                                    instant_t at)
{
    struct posting posting = begin(renewal, POSTING_PLAN_FEE, id, primary, at);

    posting.key = renewal->id;
    posting_transfer(&posting, LEDGER_CREDIT, renewal->agency_id, LEDGER_BASE_REVENUE, ID_NONE,
                     renewal->fee);
    return posting;
}

struct posting posting_for_monthly_grant(const struct renewal *renewal, id64_t id, id64_t primary,
                                         instant_t at)
{
    struct posting posting = begin(renewal, POSTING_PLAN_GRANT, id, primary, at);

    posting.key = renewal->id;
    for (int tier = 0; tier < TIER_COUNT; tier++)
        posting_transfer(&posting, ledger_issued((enum tier)tier), ID_NONE,
                         ledger_wallet((enum tier)tier), primary, renewal->granted[tier]);
    return posting;
}

struct posting posting_for_share(const struct renewal *renewal, id64_t id, id64_t primary,
                                 id64_t account, const seconds_t share[TIER_COUNT], instant_t at)
{
    struct posting posting = begin(renewal, POSTING_DISTRIBUTION, id, account, at);

    for (int tier = 0; tier < TIER_COUNT; tier++)
        posting_transfer(&posting, ledger_wallet((enum tier)tier), primary,
                         ledger_wallet((enum tier)tier), account, share[tier]);
    return posting;
}
