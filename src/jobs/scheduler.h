/* Does the jobs that are due (store/jobs.h): looks at the store beside the writer, then runs each through it, several in a
   transaction, so that a job's effects and its row change together and requests pass in between. What goes outside goes on
   on threads of its own. Any number of nodes may do so on one store. */
#ifndef JOBS_SCHEDULER_H
#define JOBS_SCHEDULER_H

#include "engine/writer.h"
#include "jobs/kinds.h"

enum {
    SCHEDULER_POLL_MS = 500,     /* for what comes due by itself, or was posted on another node */
    SCHEDULER_COUNT_SECONDS = 5, /* between looks at how all jobs stand */
    SCHEDULER_WINDOW_MAX = 64,   /* jobs handed to the writer at once */
    SCHEDULER_BITE_US = 10000,   /* what they should take of its time at once */
    SCHEDULER_OUTSIDE_MAX = 4,   /* jobs that are outside at once */
    SCHEDULER_LEASE_EXTRA_SECONDS = 60,  /* beyond what a kind may take outside */
    SCHEDULER_NOTE_TRIES = 20,           /* of noting what came of it, one a second */
    SCHEDULER_UNKNOWN_REST_SECONDS = 60, /* before a kind of a newer version is looked at again */
};

struct scheduler_settings {
    struct db *db;
    struct writer *writer;
    const struct job_work *const *works; /* job_works, or a test's own */
};

struct scheduler;

/* Starts its threads, or aborts when there can be none. scheduler_stop, which waits for what is under way, comes before
   writer_stop. */
struct scheduler *scheduler_start(const struct scheduler_settings *settings);
void scheduler_stop(struct scheduler *scheduler);

#endif
