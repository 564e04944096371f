/* What accounts buy by themselves (engine/recharge_runs.h, engine/allocation_runs.h): one job an account and kind. */
#include "engine/allocation_runs.h"
#include "engine/recharge_runs.h"
#include "jobs/kinds.h"

static void come_again(struct job_run *run, instant_t at)
{
    if (at == INSTANT_NONE) return;
    run->result = JOB_AGAIN;
    run->again_at = at;
}

static bool look_at_recharge(struct tx *tx, struct job_run *run)
{
    instant_t again_at;

    if (!recharge_look(tx, run->job.agency_id, run->job.subject_id, &again_at)) return false;
    come_again(run, again_at);
    return true;
}

static bool look_at_allocation(struct tx *tx, struct job_run *run)
{
    instant_t again_at;

    if (!allocation_look(tx, run->job.agency_id, run->job.subject_id, &again_at)) return false;
    come_again(run, again_at);
    return true;
}

const struct job_work auto_recharge_work = { .run = look_at_recharge };
const struct job_work auto_allocation_work = { .run = look_at_allocation };
