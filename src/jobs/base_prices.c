/* Base prices that were ordered for a plan, or taken back, reach its agencies: a few at a time (engine/price_orders.h). */
#include "jobs/kinds.h"

#include "engine/price_orders.h"
#include "store/price_changes.h"

static bool run(struct tx *tx, struct job_run *run)
{
    struct price_change change;
    bool more;

    if (!price_change_load(tx, run->job.subject_id, &change)
        || !price_order_spread(tx, change.plan_code, &run->job.cursor, &more))
        return false;
    if (more) {
        run->result = JOB_AGAIN;
        run->again_at = INSTANT_NONE;
    }
    return true;
}

const struct job_work base_prices_work = { .run = run };
