/* What all of the program knows of its jobs (store/jobs.h has their rows, jobs/scheduler.h does them): how to wake whoever
   does them, and how they stand. */
#ifndef ENGINE_JOBS_H
#define ENGINE_JOBS_H

#include "store/jobs.h"

/* Whoever does jobs looks at once: one that is due was posted and committed, or the clock was set. Any thread. */
void jobs_wake(void);

/* Whom jobs_wake wakes; NULL: nobody. When it returns, nobody is being woken by the one before. */
void jobs_set_waker(void (*wake)(void *context), void *context);

/* For /metrics. Counts since the start; `counts` as the store has them, looked at now and then. */
enum job_ending { JOB_RAN, JOB_FAILED, JOB_GIVEN_UP, JOB_ENDING_COUNT };
extern const char *const job_ending_names[];

struct job_stats {
    uint64_t endings[JOB_ENDING_COUNT];
    struct job_counts counts;
};
void jobs_stats(struct job_stats out[JOB_KIND_COUNT]);

/* For jobs/scheduler.c. */
void jobs_count_ending(enum job_kind kind, enum job_ending ending);
void jobs_note_counts(const struct job_counts counts[JOB_KIND_COUNT]);

#endif
