#include "jobs/janitor.h"

#include "base/log.h"
#include "engine/user_links.h"
#include "jobs/pause.h"
#include "store/deliveries.h"
#include "store/erasure.h"
#include "store/idempotency.h"
#include "store/outbox.h"
#include "store/platform.h"
#include "store/reservations.h"
#include "store/sessions.h"

#include <stdlib.h>

enum { JANITOR_ARENA_BYTES = 4096 };

static const struct sweep {
    const char *what;
    bool (*delete_some)(struct tx *tx, int64_t *deleted);
} sweeps[] = {
    { "sessions", sessions_delete_expired },
    { "platform_sessions", platform_sessions_delete_expired },
    { "idempotency_keys", stored_replies_delete_expired },
    { "outbox", outbox_delete_settled },
    { "reservations", reservations_delete_old },
    { "engine_deliveries", deliveries_delete_settled },
    { "deleted_agencies", agencies_erase_some },
    { "password_requests", password_requests_answer }, /* which nobody answered at once */
};

struct janitor {
    pthread_t thread;
    struct pause pause;
    struct writer *writer;
};

/* What one transaction deletes. */
struct bite {
    const struct sweep *sweep;
    int64_t deleted;
};

static bool run_bite(struct tx *tx, void *context)
{
    struct bite *bite = context;

    return bite->sweep->delete_some(tx, &bite->deleted);
}

/* False when it could not be done: the next round tries again. */
static bool take_bite(struct janitor *janitor, struct bite *bite, struct arena *arena)
{
    struct problem problem;

    problem_init(&problem, arena);
    if (writer_run(janitor->writer, 0, arena, &problem, run_bite, bite)) return true;
    log_event(LOG_WARN, "sweep_failed", LOG_TEXT("what", str_from_c(bite->sweep->what)),
              LOG_TEXT("reason", str_from_c(reason_code(problem.reason))),
              LOG_TEXT("detail", problem_detail(&problem)));
    return false;
}

static void sweep(struct janitor *janitor, const struct sweep *sweep, struct arena *arena)
{
    struct bite bite = { .sweep = sweep };
    int64_t total = 0;

    for (int i = 0; i < JANITOR_BITES_MAX && !pause_is_stopping(&janitor->pause); i++) {
        arena_reset(arena);
        if (!take_bite(janitor, &bite, arena) || bite.deleted == 0) break;
        total += bite.deleted;
    }
    if (total > 0)
        log_event(LOG_INFO, "swept", LOG_TEXT("what", str_from_c(sweep->what)),
                  LOG_INT("rows", total));
}

static void *work(void *context)
{
    struct janitor *janitor = context;
    struct arena *arena = arena_new(JANITOR_ARENA_BYTES);

    do {
        for (size_t i = 0; i < COUNT_OF(sweeps); i++)
            sweep(janitor, &sweeps[i], arena);
    } while (pause_for(&janitor->pause, JANITOR_INTERVAL_SECONDS * MICROS_PER_SECOND));
    arena_free(arena);
    return NULL;
}

struct janitor *janitor_start(struct writer *writer)
{
    struct janitor *janitor = calloc(1, sizeof(*janitor));

    if (janitor == NULL) abort();
    janitor->writer = writer;
    pause_init(&janitor->pause);
    if (pthread_create(&janitor->thread, NULL, work, janitor) != 0) abort();
    return janitor;
}

void janitor_stop(struct janitor *janitor)
{
    pause_stop(&janitor->pause);
    pthread_join(janitor->thread, NULL);
    pause_destroy(&janitor->pause);
    free(janitor);
}
