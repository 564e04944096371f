/* Jobs' rows (docs/how-it-works.md "Jobs"): what is to be done, and when. Due times compare with the program's clock. */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "domain/jobs.h"
#include "store/db.h"

enum job_state { JOB_WAITING, JOB_DEAD };
extern const char *const job_state_names[];

struct job_row {
    id64_t agency_id, id; /* agency ID_NONE: the platform's own */
    int kind;             /* enum job_kind; -1: one that a newer version knows */
    id64_t subject_id;
    int state;
    instant_t due_at;
    id64_t lease; /* of whoever is outside with it; ID_NONE: nobody */
    instant_t lease_until;
    int64_t tries;
    struct str last_error; /* of the last one that failed; absent: none */
    int64_t step, cursor;  /* the kind's own; 0 for a new one */
    int64_t posts;         /* how often it was asked for */
    instant_t created_at;
};

/* Sees to it that the job is done at `due_at` or before: makes it, pulls it forward, or brings a dead one back. Asked for
   while somebody is outside with it, it comes once more. */
bool job_post(struct tx *tx, id64_t agency, enum job_kind kind, id64_t subject, instant_t due_at);

/* The same, but at `due_at`, also when that is later than it was: for what is on a calendar. A dead one stays so. */
bool job_set(struct tx *tx, id64_t agency, enum job_kind kind, id64_t subject, instant_t due_at);

/* All of a kind in an agency that wait for later are due now: what their times rest on is another. */
bool jobs_pull_forward(struct tx *tx, id64_t agency, enum job_kind kind);

/* It is not to be done after all. */
bool job_cancel(struct tx *tx, id64_t agency, enum job_kind kind, id64_t subject);

/* Those of an agency that rested while it was being deleted go on. */
bool jobs_go_on(struct tx *tx, id64_t agency);

/* --- for jobs/scheduler.c --- */

struct job_ref {
    id64_t agency_id, id;
    instant_t due_at;
};

/* What is due at `now`, the longest first: a list of struct job_ref. */
bool jobs_due(struct tx *tx, instant_t now, bool goes_outside, size_t limit, struct list *out);

/* Takes the job until the transaction ends: nobody else does it meanwhile. Not found when it is not due any more, when
   somebody else has it, or when it rests because its agency is being deleted (which is noted). Locks the agency's row. */
bool job_take(struct tx *tx, const struct job_ref *ref, struct job_row *out, bool *found);

/* Takes it again by its lease, after having been outside; not found when the lease ran out and was given to another. */
bool job_take_leased(struct tx *tx, const struct job_row *row, struct job_row *out, bool *found);

/* How a run ended; each ends the lease too. A job that was asked for meanwhile (row->posts) is due again at once. */
bool job_done(struct tx *tx, const struct job_row *row);
bool job_again(struct tx *tx, const struct job_row *row,
               instant_t due_at); /* with its step, cursor */
bool job_failed(struct tx *tx, const struct job_row *row, instant_t due_at, struct str why);
bool job_dead(struct tx *tx, const struct job_row *row, struct str why);

/* Nobody takes it before; somebody is outside with it. */
bool job_lease(struct tx *tx, const struct job_row *row, id64_t lease, instant_t until);

/* --- for people --- */

struct job_filter {
    int state, kind; /* -1: any */
    id64_t before;   /* ids below it; ID_NONE: all */
    size_t limit;
};

/* Newest first: a list of struct job_row. */
bool jobs_list(struct tx *tx, const struct job_filter *filter, struct list *out);
bool job_find(struct tx *tx, id64_t id, struct job_row *out, bool *found);

/* Due now, without the tries that failed. REASON_NOT_FOUND. */
bool job_retry(struct tx *tx, const struct job_row *row);

struct job_counts {
    int64_t waiting, due, dead;
    instant_t oldest_due_at; /* INSTANT_NONE: none is due */
};

/* By kind: `out` has JOB_KIND_COUNT rows. */
bool jobs_count(struct tx *tx, struct job_counts *out);

#endif
