#include "engine/agencies.h"

#include "base/zone.h"
#include "domain/prices.h"
#include "engine/allocation_runs.h"
#include "engine/plans.h"
#include "engine/renewals.h"
#include "engine/usage.h"
#include "store/agencies.h"

static bool allow_prices(struct tx *tx, const struct agency *after)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t base;

        if (after->default_prices[tier] == MICROS_NONE) continue;
        if (!price_in_force_find(tx, after->id, after->id, (enum tier)tier, tx->now, &base))
            return false;
        enum reason reason = may_set_price(after->default_prices[tier], base);
        if (reason != REASON_NONE)
            return fail_field_as(tx->problem, reason,
                                 str_format(tx->arena, "default_prices.%s", tier_names[tier]));
    }
    return true;
}

static bool change_increment(struct tx *tx, const struct agency *before, const struct agency *after)
{
    const struct increment was = before->increment, is = after->increment;

    if (is.first_seconds == was.first_seconds && is.step_seconds == was.step_seconds) return true;
    return increment_point_insert(tx, after->id, tx->now, is);
}

bool agency_change(struct tx *tx, const struct agency *before, const struct agency *after)
{
    const struct zone *zone = zone_find(after->timezone);

    if (zone == NULL) return fail_field_as(tx->problem, REASON_BAD_TIMEZONE, STR("timezone"));
    if (!str_is_absent(after->branding_colour) && !colour_is_valid(after->branding_colour))
        return fail_field_as(tx->problem, REASON_BAD_COLOUR, STR("branding.colour"));
    return allow_prices(tx, after) && agency_update(tx, after)
        && change_increment(tx, before, after)
        && (str_equal(before->timezone, after->timezone)
            || (usage_periods_rebuild(tx, after->id, zone) && plan_order_follow_zone(tx, after)
                && renewals_follow_zone(tx, after->id) && allocations_check(tx, after->id)));
}
