#include "engine/renewals.h"

#include "base/id.h"
#include "domain/cycles.h"
#include "engine/payouts.h"
#include "engine/plans.h"
#include "store/jobs.h"
#include "store/ledger.h"
#include "store/subaccounts.h"

/* What one run works on. */
struct work {
    struct renewing_agency agency;
    const struct zone *zone;
    struct renewal renewal;
};

/* --- when --- */

static instant_t start_of(const struct work *work, int64_t cycle)
{
    return cycle_start(work->agency.anchor, work->zone, (int32_t)cycle);
}

static bool load(struct tx *tx, id64_t agency, struct work *work)
{
    if (!renewing_agency_load(tx, agency, &work->agency)) return false;
    work->zone = zone_find(work->agency.timezone);
    return work->zone != NULL
        || fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
}

bool renewals_begin(struct tx *tx, id64_t agency, struct date anchor, const struct zone *zone)
{
    return agency_set_renewed_cycle(tx, agency, 0)
        && job_set(tx, agency, JOB_RENEWAL, agency, cycle_start(anchor, zone, 1));
}

bool renewals_follow_zone(struct tx *tx, id64_t agency)
{
    return job_post(tx, agency, JOB_RENEWAL, agency, tx->now);
}

/* An agency of before there were renewals: what has passed is not made up for. */
static bool settle_cycle(struct tx *tx, struct work *work)
{
    if (work->agency.renewed_cycle >= 0) return true;
    int64_t cycle = cycle_index(work->agency.anchor, work->zone, tx->now);

    work->agency.renewed_cycle = cycle > 0 ? cycle : 0;
    return agency_set_renewed_cycle(tx, work->agency.id, work->agency.renewed_cycle);
}

/* --- what is to go to each --- */

/* As it counts at a renewal at `at`. */
static bool share_at(struct tx *tx, const struct renewing_agency *agency, instant_t at,
                     seconds_t share[TIER_COUNT])
{
    struct distribution_change change;
    bool found;

    if (!distribution_change_find(tx, agency->id, at, &change, &found)) return false;
    for (int tier = 0; tier < TIER_COUNT; tier++)
        share[tier] = found ? change.share[tier] : agency->plan_share[tier];
    return true;
}

bool distribution_load(struct tx *tx, id64_t agency, struct distribution *out)
{
    struct work work;

    if (!load(tx, agency, &work)) return false;
    int64_t cycle = work.agency.renewed_cycle >= 0
        ? work.agency.renewed_cycle
        : cycle_index(work.agency.anchor, work.zone, tx->now);

    *out = (struct distribution){
        .counts = work.agency.plan_model == PLAN_PARTNER_LEGACY,
        .now_since = start_of(&work, cycle),
        .next_at = start_of(&work, cycle + 1),
    };
    return share_at(tx, &work.agency, out->now_since, out->now)
        && share_at(tx, &work.agency, out->next_at, out->next);
}

bool distribution_set(struct tx *tx, id64_t agency, const seconds_t share[TIER_COUNT], id64_t user)
{
    return distribution_change_insert(
        tx,
        &(struct distribution_change){ .agency_id = agency,
                                       .changed_at = tx->now,
                                       .share = { share[TIER_BASIC], share[TIER_PREMIUM] },
                                       .changed_by = user });
}

/* --- a renewal --- */

/* What was ordered for this renewal, or for one before it. */
static bool change_plan(struct tx *tx, struct work *work, instant_t start_at)
{
    struct plan_choice choice;
    id64_t id = work->agency.id;
    int64_t cycle = work->agency.renewed_cycle;
    bool changed;

    if (work->agency.next_plan_at == INSTANT_NONE || work->agency.next_plan_at > start_at)
        return true;
    if (!plan_change_apply(tx, id, start_at, &choice, &changed)
        || !renewing_agency_load(tx, id, &work->agency))
        return false;
    work->agency.renewed_cycle = cycle;
    return true;
}

static bool begin_renewal(struct tx *tx, struct work *work, int64_t cycle)
{
    const struct renewing_agency *agency = &work->agency;
    struct renewal *renewal = &work->renewal;

    *renewal = (struct renewal){
        .agency_id = agency->id,
        .id = id_new(tx->now),
        .cycle = cycle,
        .start_at = start_of(work, cycle),
        .end_at = start_of(work, cycle + 1),
        .plan_code = agency->plan_code,
        .fee = agency->monthly_fee,
        .payout = PAYOUT_OPEN,
        .started_at = tx->now,
        .completed_at = INSTANT_NONE,
    };
    for (int tier = 0; agency->included_monthly && tier < TIER_COUNT; tier++)
        renewal->granted[tier] = agency->included[tier];
    return (agency->plan_model != PLAN_PARTNER_LEGACY
            || share_at(tx, agency, renewal->start_at, renewal->each))
        && agency_set_renewed_cycle(tx, agency->id, cycle);
}

/* Those that come to nothing post nothing. */
static bool post_all(struct tx *tx, struct posting *postings, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        enum reason reason = posting_check(&postings[i]);

        if (reason != REASON_NONE)
            return fail(tx->problem, reason, NULL, "posting of kind %s",
                        posting_kind_names[postings[i].kind]);
        if (postings[i].n_entries > 0) postings[kept++] = postings[i];
    }
    return ledger_post(tx, postings, kept);
}

static bool post_fee_and_grant(struct tx *tx, const struct work *work)
{
    const struct renewal *renewal = &work->renewal;
    id64_t primary = work->agency.primary_id;
    struct posting fee = posting_for_plan_fee(renewal, id_new(tx->now), primary, tx->now);
    struct posting grant = posting_for_monthly_grant(renewal, id_new(tx->now), primary, tx->now);

    return ledger_post_one(tx, &fee) && ledger_post_one(tx, &grant);
}

/* The next accounts' shares, of what the primary has left now. */
static void fill_shares(struct tx *tx, struct work *work, const struct wallet *left,
                        const id64_t *accounts, size_t n, struct renewal_share *shares)
{
    struct renewal *renewal = &work->renewal;

    for (size_t i = 0; i < n; i++)
        shares[i] = (struct renewal_share){ .subaccount_id = accounts[i] };
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        int64_t covered = renewal_shares(left->seconds[tier], renewal->each[tier], (int64_t)n);

        for (size_t i = 0; i < n; i++) {
            if ((int64_t)i < covered)
                shares[i].share[tier] = renewal->each[tier];
            else
                shares[i].is_short = true;
        }
        renewal->distributed[tier] += covered * renewal->each[tier];
    }
    for (size_t i = 0; i < n; i++) {
        renewal->short_accounts += shares[i].is_short;
        if (shares[i].share[TIER_BASIC] > 0 || shares[i].share[TIER_PREMIUM] > 0)
            shares[i].posting_id = id_new(tx->now);
    }
    renewal->accounts += (int64_t)n;
}

static bool post_shares(struct tx *tx, const struct work *work, const struct renewal_share *shares,
                        size_t n)
{
    struct posting *postings = ARENA_ARRAY(tx->arena, struct posting, n + 1);

    for (size_t i = 0; i < n; i++)
        postings[i] =
            posting_for_share(&work->renewal, shares[i].posting_id, work->agency.primary_id,
                              shares[i].subaccount_id, shares[i].share, tx->now);
    return post_all(tx, postings, n);
}

/* `*is_over`: nobody is left. */
static bool distribute_some(struct tx *tx, struct work *work, bool *is_over)
{
    struct wallet left;
    struct list rows;

    *is_over = true;
    if (!renewal_distributes(&work->renewal)) return true;
    if (!renewal_recipients(tx, &work->renewal, RENEWAL_BITE_ACCOUNTS, &rows)
        || !ledger_wallets(tx, work->agency.id, &work->agency.primary_id, 1, &left))
        return false;
    struct renewal_share *shares = ARENA_ARRAY(tx->arena, struct renewal_share, rows.count + 1);

    *is_over = rows.count < RENEWAL_BITE_ACCOUNTS;
    fill_shares(tx, work, &left, rows.at, rows.count, shares);
    return post_shares(tx, work, shares, rows.count)
        && renewal_shares_insert(tx, &work->renewal, shares, rows.count);
}

static bool go_on(struct tx *tx, struct work *work, bool *is_over)
{
    if (!distribute_some(tx, work, is_over)) return false;
    if (*is_over) {
        if (!payout_at_renewal(tx, &work->agency, &work->renewal)) return false;
        work->renewal.completed_at = tx->now;
    }
    return renewal_save(tx, &work->renewal);
}

/* The one under way, or the next that is due; else `*found` is false. */
static bool take_up(struct tx *tx, struct work *work, id64_t under_way, bool *found)
{
    int64_t next = work->agency.renewed_cycle + 1;

    if (under_way != ID_NONE)
        return renewal_find(tx, work->agency.id, under_way, &work->renewal, found);
    *found = start_of(work, next) <= tx->now;
    if (!*found) return true;
    work->agency.renewed_cycle = next;
    return change_plan(tx, work, start_of(work, next)) && begin_renewal(tx, work, next)
        && post_fee_and_grant(tx, work);
}

bool renewals_go_on(struct tx *tx, id64_t agency, id64_t *under_way, instant_t *next_at)
{
    struct work work;
    bool found, is_over = true;

    if (!load(tx, agency, &work) || !settle_cycle(tx, &work)
        || !take_up(tx, &work, *under_way, &found))
        return false;
    if (found && !go_on(tx, &work, &is_over)) return false;
    *under_way = is_over ? ID_NONE : work.renewal.id;
    *next_at = is_over ? start_of(&work, work.agency.renewed_cycle + 1) : tx->now;
    return true;
}
