/* Group commit (architecture.md "The writer"): requests that change something wait in a bounded queue; a
   writer thread takes what waits, each sender's share in turn, runs each in a savepoint of one transaction, commits
   once, and only then tells them. SQLite has one writer, PostgreSQL several, chosen by the agency, so that one agency's requests
   never fight each other on a node. */
#ifndef ENGINE_WRITER_H
#define ENGINE_WRITER_H

#include "base/fair_queue.h"
#include "store/db.h"

enum {
    WRITER_QUEUE_MAX = 4096, /* jobs waiting over all writers; beyond it REASON_OVERLOADED */
    WRITER_GROUP_MAX = 512,  /* jobs in one transaction */
    WRITER_GROUP_COST_MAX =
        8192, /* and calls in them: what one agency sends holds others up for so long */
    WRITER_COST_PLAIN =
        8, /* of a job that is not gathered: about as long as eight calls of a batch */
    WRITER_ROUND_COST = 1024,    /* what each sender may do in a round, while others wait */
    WRITER_RETRIES = 8,          /* of a job whose transaction the store asked to run again */
    WRITER_RETRIES_TOGETHER = 3, /* of a group, before its halves are tried apart */
};

struct job;

#define WRITER_SENDER_SELF UINT64_C(0)

/* What can be done in a transaction. The owner embeds struct job in its own struct. All functions run on the
   writer's thread. `arena` and `problem` are the job's own and outlive it. */
struct job {
    struct queued
        place; /* in the queue: `sender` takes turns with others (WRITER_SENDER_SELF: the server's own work),
                            `cost` is its calls (0: WRITER_COST_PLAIN) */
    struct arena *arena;
    struct problem *problem;
    uint64_t shard; /* chooses the writer: writer_shard, or any number for work of no agency */

    /* Does the work in its own savepoint. False (problem set) rolls back this job alone. May be called again
       after a retry: it must start from its inputs. */
    bool (*run)(struct tx *tx, struct job *job);

    /* Jobs with the same non-NULL `gather` in one group are given to it together first, each already prepared by
       its own `run`: see writer_gather below. */
    const struct gather *gather;

    /* Told after the commit (ok, or refused by run: problem set), or when the group failed: the problem is
       STORE_… then. The job is not touched afterwards by the writer. */
    void (*done)(struct job *job);

    bool gathered; /* the writer's own: run left work for gather */
};

/* Work of several jobs that is cheaper done at once (call batches of one agency, domain.md §9). `run` of such a job
   only prepares (who is it, may they) and sets job->gathered; then `run_many` is called once per group with all
   of them, in arrival order, in one savepoint. When it fails, each job is run alone through run_many with n = 1, so
   that one's failure costs nobody else anything. */
struct gather {
    bool (*run_many)(struct tx *tx, struct job **jobs, size_t n);
};

/* Which writer an agency's jobs go to (job.shard): always the same, so that they never wait for each other's rows. */
uint64_t writer_shard(id64_t agency);

struct writer;

/* Starts the writer threads on a migrated store: 1 for SQLite, `threads` for PostgreSQL. */
struct writer *writer_start(struct db *db, size_t threads, struct problem *problem);

/* Puts a job in the queue. False when it is full, its sender has its share waiting (base/fair_queue.h), or the writer is stopping (reason in *reason: REASON_OVERLOADED
   or REASON_SHUTTING_DOWN); the job is then the caller's again. */
bool writer_submit(struct writer *writer, struct job *job, enum reason *reason);

/* Runs one function through the queue and waits for its commit: for jobs' threads, never for a writer's own. False: the
   problem says why, also when the queue was full. `run` may be called again, as a job's may. */
bool writer_run(struct writer *writer, uint64_t shard, struct arena *arena, struct problem *problem,
                bool (*run)(struct tx *tx, void *context), void *context);

/* Finishes what waits, then stops the threads. */
void writer_stop(struct writer *writer);

/* For /metrics. Counts since the start. */
struct writer_stats {
    uint64_t queued;  /* now */
    uint64_t senders; /* whose they are */
    uint64_t refused; /* for want of a place */
    uint64_t groups, jobs, failed_groups, retries;
    uint64_t bets_won,
        bets_lost;            /* of groups that bet on nothing in them being known (PostgreSQL) */
    uint64_t commit_us_total; /* time in commit */
    uint64_t run_us_total;    /* time in the transaction before it */
    uint64_t largest_group;
};
struct writer_stats writer_stats(struct writer *writer);

/* Runs one function in a transaction of its own on the calling thread, with the writer's retries: for commands
   (init, demo, import into a store that no server holds). */
bool tx_run(struct tx *tx, struct arena *arena, struct problem *problem, instant_t now,
            bool (*run)(struct tx *tx, void *context), void *context);

#endif
