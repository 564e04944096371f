/* Jobs: what time causes (docs/how-it-works.md "Jobs"): their kinds, and when one that failed is tried again. Pure. */
#ifndef DOMAIN_JOBS_H
#define DOMAIN_JOBS_H

#include "base/id.h"
#include "base/rng.h"
#include "base/types.h"

enum job_kind {
#define JOB(name, text, subject, place, deletion) JOB_##name,
#include "domain/jobs.def"
#undef JOB
    JOB_KIND_COUNT
};
extern const char *const job_kind_names[]; /* NULL-terminated */

enum id_kind job_subject_kind(enum job_kind kind);
bool job_goes_outside(enum job_kind kind);
bool job_rests_in_deletion(enum job_kind kind);

/* Tries of a job that fails again and again; after the last one it is given up. */
enum { JOB_TRIES_MAX = 10 };

/* When to try again after `tries` that failed in a row (1 or more), some hours for all of them; INSTANT_NONE: give up. */
instant_t job_next_try(int64_t tries, instant_t now, struct rng *jitter);

#endif
