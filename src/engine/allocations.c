#include "engine/allocations.h"

#include "domain/accounts.h"
#include "domain/prices.h"
#include "engine/allocation_runs.h"
#include "store/agencies.h"
#include "store/allocations.h"
#include "store/jobs.h"
#include "store/subaccounts.h"

#include <string.h>

static bool load_zone(struct tx *tx, id64_t agency_id, const struct zone **out)
{
    struct agency agency;

    if (!agency_load(tx, agency_id, &agency)) return false;
    *out = zone_find(agency.timezone);
    return *out != NULL
        || fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
}

static bool load(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation *out)
{
    struct subaccount account;

    if (!subaccount_load(tx, agency, subaccount, &account)) return false;
    if (account.kind == SUBACCOUNT_PRIMARY)
        return fail_as(tx->problem, REASON_PRIMARY_NOT_ALLOCATED, NULL);
    if (account.status == SUBACCOUNT_REMOVED)
        return fail_as(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL);
    return allocation_load(tx, agency, subaccount, out);
}

/* The primary's own price is base. */
static bool load_base(struct tx *tx, id64_t agency, micros_t base[TIER_COUNT])
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_in_force_find(tx, agency, agency, (enum tier)tier, tx->now, &base[tier]))
            return false;
    }
    return true;
}

static bool allow(struct tx *tx, const struct allocation_settings *settings)
{
    bool is_empty = true;

    if (settings->day == 0) fail_field_as(tx->problem, REASON_REQUIRED, STR("day"));
    for (int tier = 0; tier < TIER_COUNT; tier++)
        is_empty = is_empty && settings->seconds[tier] == 0;
    for (int tier = 0; is_empty && tier < TIER_COUNT; tier++)
        fail_field(tx->problem, REASON_NOTHING_TO_BUY,
                   str_format(tx->arena, "%s_seconds", tier_names[tier]),
                   "Give minutes of at least one kind.");
    return settings->day != 0 && !is_empty;
}

static bool price(struct tx *tx, const seconds_t seconds[TIER_COUNT],
                  const micros_t base[TIER_COUNT], micros_t *cost)
{
    enum reason refused = allocation_cost(seconds, base, cost);

    return refused == REASON_NONE || fail_as(tx->problem, refused, "premium_seconds");
}

/* When the day stays, so does the month that comes next. */
static bool find_next_month(struct tx *tx, const struct zone *zone,
                            const struct allocation *allocation, int64_t day, month_t *out)
{
    month_t last;

    *out = allocation->next_month;
    if (allocation->enabled && allocation->day == day) return true;
    if (!allocation_last_month(tx, allocation->agency_id, allocation->subaccount_id, &last))
        return false;
    *out = allocation_first_month(zone, day, last, tx->now);
    return true;
}

bool allocation_quoted(struct tx *tx, id64_t agency, id64_t subaccount,
                       const struct allocation_settings *settings, struct allocation_quote *out)
{
    struct allocation allocation;
    const struct zone *zone;
    month_t month;

    if (!load(tx, agency, subaccount, &allocation) || !allow(tx, settings)
        || !load_base(tx, agency, out->base) || !price(tx, settings->seconds, out->base, &out->cost)
        || !load_zone(tx, agency, &zone)
        || !find_next_month(tx, zone, &allocation, settings->day, &month))
        return false;
    out->next_run_at = allocation_due(zone, month, settings->day);
    return true;
}

bool allocation_cost_now(struct tx *tx, const struct allocation *allocation,
                         struct allocation_quote *out)
{
    const struct zone *zone;

    if (!load_base(tx, allocation->agency_id, out->base)
        || !price(tx, allocation->seconds, out->base, &out->cost)
        || !load_zone(tx, allocation->agency_id, &zone))
        return false;
    out->next_run_at = allocation->enabled
        ? allocation_due(zone, allocation->next_month, allocation->day)
        : INSTANT_NONE;
    return true;
}

bool allocation_take_all_due(struct tx *tx, const struct zone *zone, struct allocation *allocation)
{
    struct allocation_run run;
    bool any = false;

    while (allocation_take_due(allocation, zone, tx->now, &run)) {
        any = true;
        if (!allocation_run_insert(tx, &run)) return false;
    }
    return !any || allocation_save(tx, allocation);
}

/* The version first: it locks the agency's row, as whatever buys for its accounts does. */
static bool lock(struct tx *tx, id64_t agency, id64_t subaccount, const struct zone **zone,
                 struct allocation *before, struct allocation *after)
{
    int64_t version;

    if (!agency_next_version(tx, agency, &version) || !load(tx, agency, subaccount, before)
        || !load_zone(tx, agency, zone))
        return false;
    *after = *before;
    return allocation_take_all_due(tx, *zone, after);
}

static bool turn_on(struct tx *tx, const struct zone *zone,
                    const struct allocation_settings *settings, struct allocation *after)
{
    micros_t base[TIER_COUNT], cost;
    month_t month;

    if (!allow(tx, settings) || !load_base(tx, after->agency_id, base)
        || !price(tx, settings->seconds, base, &cost)
        || !find_next_month(tx, zone, after, settings->day, &month))
        return false;
    after->enabled = true;
    after->day = settings->day;
    after->next_month = month;
    memcpy(after->seconds, settings->seconds, sizeof(after->seconds));
    return true;
}

static void turn_off(struct allocation *after)
{
    after->enabled = false;
    after->next_month = MONTH_NONE;
}

/* Saved before what waits is skipped: that asks whether it is still on. */
bool allocation_change(struct tx *tx, id64_t agency, id64_t subaccount,
                       const struct allocation_settings *settings, struct allocation *before,
                       struct allocation *after)
{
    const struct zone *zone;

    if (!lock(tx, agency, subaccount, &zone, before, after)) return false;
    if (!settings->enabled)
        turn_off(after);
    else if (!turn_on(tx, zone, settings, after))
        return false;
    if (after->day == 0) return true; /* it never was on */
    after->updated_at = tx->now;
    return allocation_save(tx, after)
        && (after->enabled || allocation_give_up(tx, agency, subaccount, SKIP_TURNED_OFF))
        && allocation_check(tx, agency, subaccount);
}

bool allocation_forget(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation *before)
{
    const struct zone *zone;
    struct allocation after;

    return lock(tx, agency, subaccount, &zone, before, &after)
        && allocation_delete(tx, agency, subaccount)
        && allocation_give_up(tx, agency, subaccount, SKIP_TURNED_OFF)
        && job_cancel(tx, agency, JOB_AUTO_ALLOCATION, subaccount);
}
