/* An agency's renewals (engine/renewals.h): the job waits for the next one, and its cursor is the one under way. */
#include "engine/renewals.h"
#include "jobs/kinds.h"

static bool run(struct tx *tx, struct job_run *run)
{
    run->result = JOB_AGAIN;
    return renewals_go_on(tx, run->job.agency_id, &run->job.cursor, &run->again_at);
}

const struct job_work renewal_work = { .run = run };
