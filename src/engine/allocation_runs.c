#include "engine/allocation_runs.h"

#include "domain/accounts.h"
#include "engine/allocations.h"
#include "engine/automatic_purchases.h"
#include "engine/by_itself.h"
#include "store/agencies.h"
#include "store/allocations.h"
#include "store/automatic_purchases.h"
#include "store/jobs.h"
#include "store/subaccounts.h"

/* What the trail says of a run. */
struct run_record {
    struct allocation_run run;
    struct str month;
};

/* clang-format off */
static const struct field run_record[] = {
    FIELD_TEXT(struct run_record, month),
    FIELD_AS("state", struct run_record, run.state, FIELD_IS_NAME, .names = allocation_state_names),
    FIELD_AS("basic_seconds", struct run_record, run.seconds[TIER_BASIC], FIELD_IS_INTEGER),
    FIELD_AS("premium_seconds", struct run_record, run.seconds[TIER_PREMIUM], FIELD_IS_INTEGER),
    FIELD_AS("reason", struct run_record, run.reason, FIELD_IS_TEXT),
    FIELD_AS("next_try_at", struct run_record, run.retry_at, FIELD_IS_INSTANT),
    FIELD_END,
};
/* clang-format on */

bool allocation_check(struct tx *tx, id64_t agency, id64_t subaccount)
{
    return job_post(tx, agency, JOB_AUTO_ALLOCATION, subaccount, tx->now);
}

bool allocations_check(struct tx *tx, id64_t agency)
{
    return jobs_pull_forward(tx, agency, JOB_AUTO_ALLOCATION);
}

static const char *const actions[] = {
    [ALLOCATION_SCHEDULED] = NULL,
    [ALLOCATION_PROCESSING] = "auto_allocation.begun",
    [ALLOCATION_SUCCEEDED] = "auto_allocation.succeeded",
    [ALLOCATION_SKIPPED] = "auto_allocation.skipped",
    [ALLOCATION_RETRYING] = "auto_allocation.failed",
    [ALLOCATION_PAST_DUE] = "auto_allocation.past_due",
};

static bool tell_past_due(struct tx *tx, const struct allocation_run *run)
{
    struct str month = month_format(tx->arena, run->month);
    struct str once = str_format(tx->arena, "%lld %.*s at %lld", (long long)run->subaccount_id,
                                 STR_ARG(month), (long long)tx->now);

    return run->state != ALLOCATION_PAST_DUE
        || tell_admins(tx, run->agency_id, MAIL_ALLOCATION_PAST_DUE, run->subaccount_id,
                       run->reason, once);
}

static bool save(struct tx *tx, const struct allocation_run *run)
{
    const struct run_record record = { *run, month_format(tx->arena, run->month) };

    return allocation_run_update(tx, run)
        && record_by_itself(tx, run->agency_id, actions[run->state], ID_SUBACCOUNT,
                            run->subaccount_id, run_record, &record)
        && tell_past_due(tx, run);
}

/* --- buying --- */

/* Whether a try brought the minutes, for now or for ever. */
static bool has_bought(const struct purchase *purchase)
{
    return purchase->id != ID_NONE
        && (purchase->state == PURCHASE_SUCCEEDED || purchase->state == PURCHASE_REFUNDED);
}

static bool buy(struct tx *tx, const struct allocation_run *run, id64_t primary, enum tier tier,
                enum reason *refused)
{
    const struct purchase_order order = {
        .agency = run->agency_id,
        .subaccount = run->subaccount_id,
        .tier = tier,
        .seconds = run->seconds[tier],
        .origin = ORIGIN_AUTO_ALLOCATION,
        .at_base = true,
        .payer = primary,
    };
    struct purchase purchase;

    return purchase_by_itself(tx, &order, &purchase, refused)
        && (*refused != REASON_NONE || allocation_purchase_insert(tx, run, &purchase));
}

/* Tiers that an earlier try paid for are not bought again. */
static bool begin(struct tx *tx, struct allocation_run *run, id64_t primary)
{
    struct purchase tries[TIER_COUNT];
    enum reason refused = REASON_NONE;

    if (!allocation_tries(tx, run, tries)) return false;
    allocation_begun(run);
    for (int tier = 0; tier < TIER_COUNT && refused == REASON_NONE; tier++) {
        if (run->seconds[tier] == 0 || has_bought(&tries[tier])) continue;
        if (!buy(tx, run, primary, (enum tier)tier, &refused)) return false;
    }
    if (refused != REASON_NONE) allocation_failed(run, str_from_c(reason_code(refused)), tx->now);
    return save(tx, run);
}

/* --- looking --- */

struct look {
    struct allocation allocation;
    struct agency agency;
    struct subaccount account;
    const struct zone *zone;
};

static bool load(struct tx *tx, id64_t agency, id64_t subaccount, struct look *out)
{
    if (!agency_load(tx, agency, &out->agency)
        || !subaccount_load(tx, agency, subaccount, &out->account)
        || !allocation_load(tx, agency, subaccount, &out->allocation))
        return false;
    out->zone = zone_find(out->agency.timezone);
    return out->zone != NULL
        || fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
}

static enum allocation_skip skip_of(const struct subaccount *account)
{
    switch ((enum subaccount_status)account->status) {
    case SUBACCOUNT_SUSPENDED: return SKIP_SUSPENDED;
    case SUBACCOUNT_REMOVED: return SKIP_REMOVED;
    case SUBACCOUNT_ACTIVE: break;
    }
    return SKIP_NOT;
}

/* Whether the run can go on now; else it waits for its payment, or until `*again_at`. */
static bool is_ready(const struct allocation_run *run, instant_t now, instant_t *again_at)
{
    if (run->state == ALLOCATION_PROCESSING) return false;
    if (run->state != ALLOCATION_RETRYING || run->retry_at <= now) return true;
    *again_at = run->retry_at;
    return false;
}

/* A later month waits until those before it are settled, so that no two are paid for at once. */
static bool go_on(struct tx *tx, const struct look *look, instant_t *again_at)
{
    const id64_t agency = look->agency.id, subaccount = look->account.id;
    enum allocation_skip skip = skip_of(&look->account);
    struct allocation_run run;
    bool found;

    for (;;) {
        if (!allocation_run_open(tx, agency, subaccount, &run, &found)) return false;
        if (!found || !is_ready(&run, tx->now, again_at)) return true;
        if (skip == SKIP_NOT) break;
        allocation_skipped(&run, skip, tx->now);
        if (!save(tx, &run)) return false;
    }
    if (!begin(tx, &run, look->agency.primary_id)) return false;
    if (run.state == ALLOCATION_RETRYING) *again_at = run.retry_at;
    return true;
}

static instant_t earlier(instant_t a, instant_t b)
{
    if (a == INSTANT_NONE) return b;
    return b == INSTANT_NONE || a < b ? a : b;
}

bool allocation_look(struct tx *tx, id64_t agency, id64_t subaccount, instant_t *again_at)
{
    struct look look;
    instant_t next_try = INSTANT_NONE;

    if (!load(tx, agency, subaccount, &look)
        || !allocation_take_all_due(tx, look.zone, &look.allocation)
        || !go_on(tx, &look, &next_try))
        return false;
    *again_at = look.allocation.enabled
        ? earlier(next_try,
                  allocation_due(look.zone, look.allocation.next_month, look.allocation.day))
        : next_try;
    return true;
}

/* --- by hand --- */

static bool find_past_due(struct tx *tx, const struct subaccount *account,
                          struct allocation_run *out, bool *found)
{
    struct allocation allocation;
    struct allocation_run open;

    if (!allocation_load(tx, account->agency_id, account->id, &allocation)
        || !allocation_run_open(tx, account->agency_id, account->id, &open, found))
        return false;
    if (*found || !allocation.enabled) {
        *found = false;
        return true;
    }
    return allocation_run_past_due(tx, account->agency_id, account->id, out, found);
}

/* The agency's row first, as whatever buys for its accounts takes it. */
bool allocation_retry(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation_run *out)
{
    struct subaccount account;
    micros_t limit;
    bool found;

    if (!agency_credit_lock(tx, agency, &limit)
        || !subaccount_load(tx, agency, subaccount, &account))
        return false;
    if (account.kind == SUBACCOUNT_PRIMARY)
        return fail_as(tx->problem, REASON_PRIMARY_NOT_ALLOCATED, NULL);
    if (account.status != SUBACCOUNT_ACTIVE)
        return fail_as(tx->problem,
                       account.status == SUBACCOUNT_SUSPENDED ? REASON_SUBACCOUNT_SUSPENDED
                                                              : REASON_SUBACCOUNT_REMOVED,
                       NULL);
    if (!find_past_due(tx, &account, out, &found)) return false;
    if (!found) return fail_as(tx->problem, REASON_NOTHING_PAST_DUE, NULL);
    allocation_taken_up(out);
    return allocation_run_update(tx, out) && allocation_check(tx, agency, subaccount);
}

/* --- what came of it --- */

/* The worst of both tiers' last tries. */
struct outcome {
    bool is_open;
    struct str failure; /* absent: all that was tried was paid */
    bool is_canceled;
};

static struct outcome outcome_of(const struct purchase tries[TIER_COUNT])
{
    struct outcome outcome = { .failure = STR_NONE };

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (tries[tier].id == ID_NONE || has_bought(&tries[tier])) continue;
        if (tries[tier].state == PURCHASE_FAILED)
            outcome.failure = purchase_failure(&tries[tier]);
        else if (tries[tier].state == PURCHASE_CANCELED)
            outcome.is_canceled = true;
        else
            outcome.is_open = true;
    }
    return outcome;
}

/* A month that nobody wants any more is not tried again. */
static bool find_skip(struct tx *tx, const struct allocation_run *run,
                      const struct outcome *outcome, enum allocation_skip *out)
{
    struct subaccount account;
    struct allocation allocation;

    *out = SKIP_NOT;
    if (str_is_absent(outcome->failure) && !outcome->is_canceled) return true;
    if (!subaccount_load(tx, run->agency_id, run->subaccount_id, &account)
        || !allocation_load(tx, run->agency_id, run->subaccount_id, &allocation))
        return false;
    if (account.status == SUBACCOUNT_REMOVED)
        *out = SKIP_REMOVED;
    else if (!allocation.enabled)
        *out = SKIP_TURNED_OFF;
    else if (outcome->is_canceled)
        *out = SKIP_CANCELED;
    return true;
}

bool allocation_settled(struct tx *tx, const struct purchase *purchase)
{
    struct purchase tries[TIER_COUNT];
    struct allocation_run run;
    enum allocation_skip skip;
    bool found;

    if (!allocation_run_of(tx, purchase->agency_id, purchase->id, &run, &found)) return false;
    if (!found || run.state != ALLOCATION_PROCESSING) return true;
    if (!allocation_tries(tx, &run, tries)) return false;
    struct outcome outcome = outcome_of(tries);

    if (outcome.is_open) return true;
    if (!find_skip(tx, &run, &outcome, &skip)) return false;
    if (skip != SKIP_NOT)
        allocation_skipped(&run, skip, tx->now);
    else if (str_is_absent(outcome.failure))
        allocation_succeeded(&run, tx->now);
    else
        allocation_failed(&run, outcome.failure, tx->now);
    return save(tx, &run) && allocation_check(tx, run.agency_id, run.subaccount_id);
}

/* --- what ends it --- */

static bool call_off(struct tx *tx, const struct allocation_run *run)
{
    struct purchase tries[TIER_COUNT];

    if (!allocation_tries(tx, run, tries)) return false;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!purchase_call_off(tx, run->agency_id, tries[tier].id)) return false;
    }
    return true;
}

/* What a card is being charged for ends as its payment does; what is called off ends its run by itself. */
bool allocation_give_up(struct tx *tx, id64_t agency, id64_t subaccount,
                        enum allocation_skip reason)
{
    struct list open;

    if (!allocation_runs_open(tx, agency, subaccount, &open)) return false;
    for (size_t i = 0; i < open.count; i++) {
        struct allocation_run *run = &((struct allocation_run *)open.at)[i];

        if (run->state == ALLOCATION_PROCESSING) {
            if (!call_off(tx, run)) return false;
            continue;
        }
        allocation_skipped(run, reason, tx->now);
        if (!save(tx, run)) return false;
    }
    return true;
}

bool allocation_end(struct tx *tx, id64_t agency, id64_t subaccount)
{
    struct allocation allocation;

    if (!allocation_load(tx, agency, subaccount, &allocation)) return false;
    if (allocation.enabled) {
        allocation.enabled = false;
        allocation.next_month = MONTH_NONE;
        allocation.updated_at = tx->now;
        if (!allocation_save(tx, &allocation)) return false;
    }
    return allocation_give_up(tx, agency, subaccount, SKIP_REMOVED)
        && job_cancel(tx, agency, JOB_AUTO_ALLOCATION, subaccount);
}
