/* minutebank jobs: what waits to be done, what was given up, and trying it again. */
#include "cli/command.h"

#include "base/id.h"
#include "base/time.h"
#include "domain/audit.h"
#include "engine/writer.h"
#include "store/audit.h"
#include "store/jobs.h"

#include <stdio.h>

enum { LISTED_MAX = 1000 };

struct jobs_settings {
    struct common_settings common;
    struct str state, kind, retry;
};

/* clang-format off */
static const struct option jobs_options[] = {
    {.name = "state", .type = OPTION_TEXT, .offset = offsetof(struct jobs_settings, state), .placeholder = "STATE",
     .help = "lists only those that are waiting, or dead: given up"},
    {.name = "kind", .type = OPTION_TEXT, .offset = offsetof(struct jobs_settings, kind), .placeholder = "KIND",
     .help = "lists only those of one kind"},
    {.name = "retry", .type = OPTION_TEXT, .offset = offsetof(struct jobs_settings, retry), .placeholder = "JOB",
     .help = "makes the job with this id due now, instead of listing any"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

/* Where a word of the settings stands among `names`; -1 for none. */
static bool read_name(struct command_run *run, const char *option, const char *const *names,
                      struct str word, int *out)
{
    *out = -1;
    if (str_is_absent(word)) return true;
    *out = name_index(names, word);
    if (*out >= 0) return true;
    struct buffer known = buffer_new(run->arena, 256);

    for (int i = 0; names[i] != NULL; i++)
        buffer_add_format(&known, "%s%s", i > 0 ? ", " : "", names[i]);
    return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--%s is one of: %.*s", option,
                (int)known.len, known.at);
}

/* --- listing --- */

static void print_counts(struct command_run *run, const struct job_counts *counts)
{
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        struct str waiting = count_format(run->arena, counts[kind].waiting);
        struct str due = count_format(run->arena, counts[kind].due);
        struct str dead = count_format(run->arena, counts[kind].dead);

        printf("%-20s  %.*s waiting, of which %.*s due; %.*s dead\n", job_kind_names[kind],
               STR_ARG(waiting), STR_ARG(due), STR_ARG(dead));
    }
}

static void print_job(struct command_run *run, const struct job_row *job)
{
    struct arena *arena = run->arena;
    struct str id = id_format(arena, ID_JOB, job->id), due = instant_format(arena, job->due_at);
    struct str agency = job->agency_id == ID_NONE ? STR("the platform")
                                                  : id_format(arena, ID_AGENCY, job->agency_id);

    printf("%.*s  %-8s %-16s %.*s  due %.*s", STR_ARG(id), job_state_names[job->state],
           job->kind < 0 ? "unknown" : job_kind_names[job->kind], STR_ARG(agency), STR_ARG(due));
    if (!str_is_absent(job->last_error))
        printf("  failed %lld time%s: %.*s", (long long)job->tries, job->tries == 1 ? "" : "s",
               STR_ARG(job->last_error));
    printf("\n");
}

static bool print_all(struct command_run *run, struct tx *tx, const struct job_filter *filter)
{
    struct job_counts counts[JOB_KIND_COUNT];
    struct list rows;

    if (!jobs_count(tx, counts) || !jobs_list(tx, filter, &rows)) return false;
    print_counts(run, counts);
    for (size_t i = 0; i < rows.count; i++)
        print_job(run, (const struct job_row *)rows.at + i);
    if (rows.count == LISTED_MAX) printf("and there may be more: only the newest are listed\n");
    return true;
}

/* Beside a server, which may hold the store. */
static int list(struct command_run *run)
{
    const struct jobs_settings *settings = run->settings;
    struct job_filter filter = { .limit = LISTED_MAX };

    if (!read_name(run, "state", job_state_names, settings->state, &filter.state)
        || !read_name(run, "kind", job_kind_names, settings->kind, &filter.kind))
        return EXIT_USAGE;
    struct db *db = db_open(settings->common.store, DB_OPEN_SHARED, &run->problem);
    if (db == NULL) return EXIT_FAILED;
    struct tx *tx = db_connect(db, DB_READER, &run->problem);
    bool done = tx != NULL && tx_begin(tx, run->arena, &run->problem, clock_now())
        && print_all(run, tx, &filter);
    if (tx != NULL) db_disconnect(tx);
    db_close(db);
    return done ? EXIT_FINE : EXIT_FAILED;
}

/* --- trying again --- */

static bool record(struct tx *tx, const struct job_row *job)
{
    struct audit_event event = {
        .agency_id = job->agency_id,
        .id = id_new(tx->now),
        .at = tx->now,
        .action = STR("job.retried"),
        .actor_name = STR("minutebank jobs"),
        .target_kind = str_from_c(id_prefix(ID_JOB)),
        .target_id = job->id,
    };

    return job->agency_id == ID_NONE || audit_insert(tx, &event);
}

static bool run_retry(struct tx *tx, void *context)
{
    const id64_t *id = context;
    struct job_row job;
    bool found;

    if (!job_find(tx, *id, &job, &found)) return false;
    if (!found)
        return fail(tx->problem, REASON_NOT_FOUND, NULL,
                    "there is no such job; what was done is not kept");
    return job_retry(tx, &job) && record(tx, &job);
}

static int retry(struct command_run *run, struct str text)
{
    struct command_store store;
    id64_t id;

    if (!id_parse(ID_JOB, text, &id)) {
        fail(&run->problem, REASON_BAD_REQUEST, NULL, "--retry takes the id of a job, as job_…");
        return EXIT_USAGE;
    }
    if (!command_store_open(run, DB_OPEN_EXISTING, &store)) return EXIT_FAILED;
    bool done = tx_run(store.tx, run->arena, &run->problem, clock_now(), run_retry, &id);
    command_store_close(&store);
    if (!done) return EXIT_FAILED;
    printf("it is due now: a server that runs on this store does it\n");
    return EXIT_FINE;
}

static int jobs(struct command_run *run)
{
    const struct jobs_settings *settings = run->settings;

    return str_is_absent(settings->retry) ? list(run) : retry(run, settings->retry);
}

const struct command jobs_command = {
    .name = "jobs",
    .summary = "lists what waits to be done or was given up, and tries it again",
    .usage = "[--state STATE] [--kind KIND] | --retry JOB",
    .about =
        "Jobs are what time causes: renewals and the like. Listing works beside a server. To try one again an SQLite store\n"
        "must not be held by a server; with one, the platform's page Jobs does it.",
    .options = jobs_options,
    .settings_size = sizeof(struct jobs_settings),
    .run = jobs,
};
