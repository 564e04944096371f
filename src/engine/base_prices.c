#include "engine/base_prices.h"

#include "domain/plans.h"
#include "store/agencies.h"
#include "store/plans.h"
#include "store/recharges.h"

/* Locks the plan: what is ordered for it meanwhile finds this agency on it. */
static bool load_steps(struct tx *tx, struct str code, struct base_steps *out)
{
    struct plan plan;

    *out = (struct base_steps){ NULL, 0 };
    return str_is_absent(code)
        || (plan_lock(tx, code, &plan, NULL) && plan_base_steps(tx, &plan, out));
}

static bool insert_step(struct tx *tx, id64_t agency, const struct base_step *step)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_point_insert(tx, agency, agency, (enum tier)tier, step->from,
                                step->prices[tier]))
            return false;
    }
    return true;
}

static bool has_prices(struct tx *tx, id64_t agency, const struct base_step *step, bool *same)
{
    *same = true;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t price;

        if (!price_in_force_find(tx, agency, agency, (enum tier)tier, step->from, &price))
            return false;
        if (price != step->prices[tier]) *same = false;
    }
    return true;
}

struct steps {
    struct base_step *at;
    size_t count;
};

static bool make_timeline(struct tx *tx, const struct agency *agency, struct steps *out)
{
    struct base_steps current, next;

    if (!load_steps(tx, agency->plan_code, &current)
        || !load_steps(tx, agency->next_plan_code, &next))
        return false;
    out->at = ARENA_ARRAY(tx->arena, struct base_step, 2 + current.count + next.count);
    out->count = base_timeline(current, next, agency->next_plan_at, tx->now, out->at);
    return true;
}

static bool insert_steps(struct tx *tx, id64_t agency, const struct steps *steps, size_t from)
{
    for (size_t i = from; i < steps->count; i++) {
        if (!insert_step(tx, agency, &steps->at[i])) return false;
    }
    return true;
}

bool base_prices_begin(struct tx *tx, const struct agency *agency)
{
    struct steps steps;

    if (!make_timeline(tx, agency, &steps)) return false;
    steps.at[0].from = 0;
    return insert_steps(tx, agency->id, &steps, 0);
}

bool base_prices_schedule(struct tx *tx, const struct agency *agency)
{
    struct steps steps;
    bool is_in_force;

    return make_timeline(tx, agency, &steps)
        && price_points_delete_after(tx, agency->id, agency->id, tx->now)
        && has_prices(tx, agency->id, &steps.at[0], &is_in_force)
        && insert_steps(tx, agency->id, &steps, is_in_force ? 1 : 0)
        && recharge_order_looks_of_all(tx, agency->id);
}
