#include "engine/price_orders.h"

#include "base/id.h"
#include "engine/base_prices.h"
#include "store/agencies.h"
#include "store/jobs.h"
#include "store/plans.h"
#include "store/price_changes.h"

enum { AGENCIES_AT_ONCE = 50 };

/* Whoever puts an agency on the plan holds the plan too: either they see the change, or the job sees the agency. */
static bool lock_plan(struct tx *tx, struct str code)
{
    struct plan plan;
    bool found;

    if (!plan_find(tx, code, &plan, &found)) return false;
    if (!found) return fail_field_as(tx->problem, REASON_UNKNOWN_PLAN, STR("plan"));
    return plan_lock_to_change(tx, code, &plan);
}

static bool spread(struct tx *tx, id64_t change)
{
    return job_post(tx, ID_NONE, JOB_BASE_PRICES, change, tx->now);
}

bool price_order(struct tx *tx, struct price_change *change)
{
    change->id = id_new(tx->now);
    change->created_at = tx->now;
    change->canceled_by = ID_NONE;
    change->canceled_at = INSTANT_NONE;
    if (change->effective_at == INSTANT_NONE) change->effective_at = tx->now;
    enum reason refused = may_order_prices(change->effective_at, tx->now);

    if (refused != REASON_NONE) return fail_field_as(tx->problem, refused, STR("effective_at"));
    return lock_plan(tx, change->plan_code) && price_change_insert(tx, change)
        && spread(tx, change->id);
}

bool price_order_cancel(struct tx *tx, id64_t id, id64_t user, struct price_change *out)
{
    if (!price_change_load(tx, id, out) || !lock_plan(tx, out->plan_code)
        || !price_change_load(tx, id, out))
        return false;
    enum reason refused = may_cancel_prices(out, tx->now);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    out->canceled_by = user;
    out->canceled_at = tx->now;
    return price_change_cancel(tx, out) && spread(tx, id);
}

static bool reach(struct tx *tx, id64_t id)
{
    struct agency agency;
    int64_t version;

    return agency_next_version(tx, id, &version) && agency_load(tx, id, &agency)
        && base_prices_schedule(tx, &agency);
}

bool price_order_spread(struct tx *tx, struct str plan, id64_t *cursor, bool *more)
{
    struct list rows;

    if (!plan_agencies_after(tx, plan, *cursor, AGENCIES_AT_ONCE, &rows)) return false;
    const struct agency_id *agencies = rows.at;

    for (size_t i = 0; i < rows.count; i++) {
        if (!reach(tx, agencies[i].id)) return false;
        *cursor = agencies[i].id;
    }
    *more = rows.count == AGENCIES_AT_ONCE;
    return true;
}
