#include "jobs/expiry.h"

#include "base/log.h"
#include "base/time.h"
#include "engine/reservations.h"
#include "jobs/pause.h"

#include <stdlib.h>

enum { EXPIRY_ARENA_BYTES = 64 * 1024, EXPIRY_REST_SECONDS = 1 };

struct expiry {
    pthread_t thread;
    struct pause pause;
    struct db *db;
    struct writer *writer;
    struct tx *reader; /* NULL: not connected */
    struct arena *arena;
};

/* Read beside the writer, so that it costs nothing while nothing is due. False when it cannot be seen. */
static bool look(struct expiry *expiry, bool *due)
{
    struct problem problem;

    arena_reset(expiry->arena);
    problem_init(&problem, expiry->arena);
    if (expiry->reader == NULL) expiry->reader = db_connect(expiry->db, DB_READER, &problem);
    if (expiry->reader == NULL || !tx_begin(expiry->reader, expiry->arena, &problem, clock_now()))
        return false;
    bool seen = reservations_are_due(expiry->reader, due);
    tx_rollback(expiry->reader);
    return seen;
}

static bool run_bite(struct tx *tx, void *context)
{
    return reservations_expire(tx, EXPIRY_BITE, context);
}

/* False when it could not be done. */
static bool take_bites(struct expiry *expiry)
{
    int64_t expired = EXPIRY_BITE;
    struct problem problem;

    while (expired == EXPIRY_BITE && !pause_is_stopping(&expiry->pause)) {
        arena_reset(expiry->arena);
        problem_init(&problem, expiry->arena);
        if (!writer_run(expiry->writer, 0, expiry->arena, &problem, run_bite, &expired)) {
            log_event(LOG_WARN, "expiry_failed",
                      LOG_TEXT("reason", str_from_c(reason_code(problem.reason))),
                      LOG_TEXT("detail", problem_detail(&problem)));
            return false;
        }
        if (expired > 0) log_event(LOG_INFO, "reservations_expired", LOG_INT("rows", expired));
    }
    return true;
}

static void *work(void *context)
{
    struct expiry *expiry = context;
    int64_t rest_us;

    do {
        bool due = false;
        bool well = look(expiry, &due) && (!due || take_bites(expiry));
        rest_us = well ? EXPIRY_POLL_MS * INT64_C(1000) : EXPIRY_REST_SECONDS * MICROS_PER_SECOND;
    } while (pause_for(&expiry->pause, rest_us));
    return NULL;
}

struct expiry *expiry_start(struct db *db, struct writer *writer)
{
    struct expiry *expiry = calloc(1, sizeof(*expiry));

    if (expiry == NULL) abort();
    expiry->db = db;
    expiry->writer = writer;
    expiry->arena = arena_new(EXPIRY_ARENA_BYTES);
    pause_init(&expiry->pause);
    if (pthread_create(&expiry->thread, NULL, work, expiry) != 0) abort();
    return expiry;
}

void expiry_stop(struct expiry *expiry)
{
    pause_stop(&expiry->pause);
    pthread_join(expiry->thread, NULL);
    if (expiry->reader != NULL) db_disconnect(expiry->reader);
    arena_free(expiry->arena);
    pause_destroy(&expiry->pause);
    free(expiry);
}
