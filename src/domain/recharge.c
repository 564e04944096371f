#include "domain/recharge.h"

static const instant_t waits[] = { MICROS_PER_HOUR, 6 * MICROS_PER_HOUR, 24 * MICROS_PER_HOUR };

static instant_t tomorrow(const struct recharge_facts *facts)
{
    return zone_midnight(facts->zone, date_add_days(zone_date(facts->zone, facts->now), 1));
}

/* A wait after a failure holds whatever the balance is, so that minutes bought by hand meanwhile do not end it. */
enum recharge_verdict recharge_judge(const struct recharge *recharge,
                                     const struct recharge_facts *facts, instant_t *until)
{
    if (!recharge->enabled) return RECHARGE_OFF;
    if (recharge->purchase_id != ID_NONE) return RECHARGE_IN_FLIGHT;
    if (!facts->is_active) return RECHARGE_INACTIVE;
    if (recharge->waits_until != INSTANT_NONE && recharge->waits_until > facts->now) {
        *until = recharge->waits_until;
        return RECHARGE_WAITS;
    }
    if (facts->balance >= recharge->threshold) return RECHARGE_NOT_NEEDED;
    if (facts->begun_today < RECHARGES_A_DAY) return RECHARGE_DUE;
    *until = tomorrow(facts);
    return RECHARGE_WAITS;
}

bool recharge_is_armed(const struct recharge *recharge)
{
    return recharge->enabled && recharge->purchase_id == ID_NONE
        && recharge->waits_until == INSTANT_NONE;
}

void recharge_set(struct recharge *recharge, bool enabled, instant_t now)
{
    recharge->enabled = enabled;
    recharge->waits_until = INSTANT_NONE;
    recharge->failures = 0;
    recharge->failure = STR_NONE;
    recharge->turned_off_at = INSTANT_NONE;
    recharge->updated_at = now;
}

void recharge_begun(struct recharge *recharge, id64_t purchase)
{
    recharge->purchase_id = purchase;
    recharge->waits_until = INSTANT_NONE;
}

void recharge_succeeded(struct recharge *recharge)
{
    recharge->purchase_id = ID_NONE;
    recharge->waits_until = INSTANT_NONE;
    recharge->failures = 0;
    recharge->failure = STR_NONE;
}

bool recharge_failed(struct recharge *recharge, struct str failure, instant_t now)
{
    recharge->purchase_id = ID_NONE;
    recharge->waits_until = INSTANT_NONE;
    recharge->failure = failure;
    if (!recharge->enabled) return false;
    if (recharge->failures < (int64_t)COUNT_OF(waits)) {
        recharge->waits_until = now + waits[recharge->failures++];
        return false;
    }
    recharge->failures++;
    recharge->enabled = false;
    recharge->turned_off_at = now;
    return true;
}
