/* What each kind of job does (docs/how-it-works.md "Jobs"). A kind has a row in domain/jobs.def, and a file here with its
   struct job_work. */
#ifndef JOBS_KINDS_H
#define JOBS_KINDS_H

#include "jobs/pause.h"
#include "store/jobs.h"

/* How a run ended. */
enum job_result {
    JOB_DONE, /* the row goes */
    JOB_AGAIN, /* comes again at `again_at`, with its step and cursor: what is left of it, or its next time */
    JOB_RETRY, /* did not work, and `why`: again at `again_at`, or when INSTANT_NONE as job_next_try says */
    JOB_GIVE_UP, /* will not work, and `why`: dead */
    JOB_OUTSIDE, /* `run` of a kind that goes outside: on with `outside` */
};

/* One run of a job. */
struct job_run {
    struct job_row job; /* step and cursor are the kind's to change */

    /* How it ended: JOB_DONE unless the kind says otherwise. */
    enum job_result result;
    instant_t again_at; /* INSTANT_NONE: at once after JOB_AGAIN */
    struct str why;     /* for people; in `arena` */

    /* From `run` over `outside` to `note`: */
    struct arena *arena; /* lives until the run is over */
    void *facts;         /* the kind's own, in it */
    struct pause
        *pause; /* for waiting outside: false from pause_for means the program stops, so end */
};

struct job_work {
    /* In a transaction of the writer, in which also the row changes: whatever it does happens once. It does a bounded
       piece (some milliseconds) and says JOB_AGAIN for the rest. False (problem set): nothing of it happened, and it counts
       as JOB_RETRY; may be called again from the start. The agency's row and the job's are locked. */
    bool (*run)(struct tx *tx, struct job_run *run);

    /* Outside any transaction, on a thread of its own, after `run` said JOB_OUTSIDE and its transaction was committed: at
       most `outside_seconds`. What it finds out goes into run->facts. At least once: whoever dies here comes again after
       the lease, so it needs a key that tells the other side. */
    void (*outside)(struct job_run *run);
    /* In a second transaction, when the lease still holds: what came of it. As `run`, but never JOB_OUTSIDE. */
    bool (*note)(struct tx *tx, struct job_run *run);
    int64_t outside_seconds;
};

extern const struct job_work base_prices_work;
extern const struct job_work renewal_work;
/* charges.c */
extern const struct job_work purchase_charge_work, purchase_return_work, refund_send_work;
extern const struct job_work auto_recharge_work, auto_allocation_work; /* automatic.c */

/* By kind. */
extern const struct job_work *const job_works[JOB_KIND_COUNT];

#endif
