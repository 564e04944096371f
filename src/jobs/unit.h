/* One run of one job through the writer: taken, run, and its end written, in one transaction, which it shares with others
   as long as none of them fails. */
#ifndef JOBS_UNIT_H
#define JOBS_UNIT_H

#include "engine/writer.h"
#include "jobs/kinds.h"

/* What became of a unit. */
enum unit_fate {
    UNIT_GONE,    /* somebody else had it, or it was not due any more */
    UNIT_ENDED,   /* as run.result says */
    UNIT_OUTSIDE, /* leased; to go on outside */
};

struct unit {
    struct job job; /* the writer's; first */
    struct writer *writer;
    const struct job_work *const *works;
    struct arena *arena; /* of one run */
    struct problem problem;
    struct rng jitter;
    struct job_ref ref;
    struct job_run run;
    enum unit_fate fate;
    int64_t took_us;     /* of the writer's time */
    struct latch *latch; /* whoever waits for it */
};

/* Where and how: settings of the unit that stay. Its arena is freed with unit_close. */
void unit_open(struct unit *unit, struct writer *writer, const struct job_work *const *works,
               struct pause *pause);
void unit_close(struct unit *unit);

/* Runs jobs that looked due, one a unit, and waits for them; what a run that failed came to is written down, counted and
   logged. False when the store cannot be written now: some of them are still due. */
bool units_run(struct unit *const *units, const struct job_ref *refs, size_t n);

/* Goes outside with a UNIT_OUTSIDE and notes what came of it. Takes as long as that takes. */
void unit_go_outside(struct unit *unit);

#endif
