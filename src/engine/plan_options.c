#include "engine/plan_options.h"

#include "domain/cycles.h"
#include "domain/knowledge.h"
#include "store/agencies.h"
#include "store/knowledge.h"
#include "store/subaccounts.h"

#include <string.h>

enum { NAMES_SHOWN = 20 };

static bool price(struct tx *tx, const struct plan *plan, instant_t at, struct priced_plan *out)
{
    struct base_steps steps;

    if (!plan_base_steps(tx, plan, &steps)) return false;
    out->plan = *plan;
    memcpy(out->base_prices, base_step_at(steps, at)->prices, sizeof(out->base_prices));
    return true;
}

static bool load_priced(struct tx *tx, struct str code, instant_t at, struct priced_plan *out)
{
    struct plan plan;

    return plan_find(tx, code, &plan, NULL) && price(tx, &plan, at, out);
}

static bool find_grants(struct tx *tx, const struct agency *agency, struct plan_option *option)
{
    const struct plan *plan = &option->of.plan;
    bool was_started;
    int64_t granted;

    if (!plan_was_started(tx, agency->id, plan->code, &was_started)
        || !knowledge_granted(tx, agency->id, &granted))
        return false;
    option->knowledge_credits = knowledge_to_grant(plan->knowledge_packs, granted);
    for (int tier = 0; tier < TIER_COUNT; tier++)
        option->grants[tier] = was_started || plan->included_monthly ? 0 : plan->included[tier];
    return true;
}

static bool is_dearer(const micros_t *base, const micros_t *than)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (base[tier] > than[tier]) return true;
    }
    return false;
}

/* Accounts are looked at only where base would rise: else nothing new happens to them. */
static bool find_below(struct tx *tx, const struct agency *agency, const struct plan_state *state,
                       struct plan_option *option)
{
    return !is_dearer(option->of.base_prices, state->of.base_prices)
        || subaccounts_below_base(tx, agency->id, option->of.base_prices, option->counts_at,
                                  NAMES_SHOWN, &option->below);
}

static bool find_excess(struct tx *tx, const struct agency *agency, int64_t used,
                        struct plan_option *option)
{
    int64_t excess = plan_excess(option->of.plan.subaccount_cap, used);

    return excess == 0
        || subaccounts_added_last(tx, agency->id, excess, NAMES_SHOWN, &option->excess);
}

static bool fill_option(struct tx *tx, const struct agency *agency, const struct plan_state *state,
                        const struct plan *plan, struct plan_option *out)
{
    *out = (struct plan_option){ .change = plan_change_between(&state->of.plan, plan) };
    out->counts_at = out->change == PLAN_CHANGES_NOW ? tx->now : state->renewal_at;
    return price(tx, plan, out->counts_at, &out->of) && find_grants(tx, agency, out)
        && find_excess(tx, agency, state->used, out) && find_below(tx, agency, state, out);
}

static bool list_options(struct tx *tx, const struct agency *agency, struct plan_state *state)
{
    struct list rows;

    if (!plan_list(tx, &rows)) return false;
    const struct plan *plans = rows.at;
    struct plan_option *options = ARENA_ARRAY(tx->arena, struct plan_option, rows.count + 1);
    size_t n = 0;

    for (size_t i = 0; i < rows.count; i++) {
        if (!plans[i].offered || str_equal(plans[i].code, agency->plan_code)) continue;
        if (!fill_option(tx, agency, state, &plans[i], &options[n++])) return false;
    }
    state->options = (struct list){ options, n };
    return true;
}

/* The agency's own base prices after now: those of its plan, and of the one that it changes to. */
static bool list_upcoming(struct tx *tx, const struct agency *agency, struct plan_state *state)
{
    static const struct tier_histories none;
    struct tier_histories base;

    if (!price_histories_load(tx, agency->id, agency->id, &base)) return false;
    size_t max = price_moments_max(&base, &none);
    struct price_moment *moments = ARENA_ARRAY(tx->arena, struct price_moment, max);
    struct upcoming_prices *upcoming = ARENA_ARRAY(tx->arena, struct upcoming_prices, max);
    size_t n = price_moments(&base, &none, tx->now, moments);

    for (size_t i = 1; i < n; i++) {
        struct upcoming_prices *next = &upcoming[i - 1];

        *next = (struct upcoming_prices){ .at = moments[i].from };
        memcpy(next->base_prices, moments[i].base, sizeof(next->base_prices));
        if (is_dearer(moments[i].base, moments[i - 1].base)
            && !subaccounts_below_base(tx, agency->id, next->base_prices, next->at, NAMES_SHOWN,
                                       &next->below))
            return false;
    }
    state->upcoming = (struct list){ upcoming, n - 1 };
    return true;
}

bool plan_state_load(struct tx *tx, const struct agency *agency, struct plan_state *out)
{
    const struct zone *zone = zone_find(agency->timezone);
    int64_t suspended;

    if (zone == NULL)
        return fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
    *out = (struct plan_state){ .is_ordered = !str_is_absent(agency->next_plan_code) };
    out->renewal_at = cycle_at(agency->subscription_start, zone, tx->now).end;
    return load_priced(tx, agency->plan_code, tx->now, &out->of)
        && (!out->is_ordered
            || load_priced(tx, agency->next_plan_code, agency->next_plan_at, &out->ordered))
        && subaccounts_count_secondaries(tx, agency->id, &out->used, &suspended)
        && list_upcoming(tx, agency, out) && list_options(tx, agency, out);
}
