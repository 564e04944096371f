/* What this machine and its disk can charge: the engine and the store without HTTP, held against commits one by one. */
#include "cli/command.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "engine/calls.h"
#include "engine/reservations.h"
#include "engine/setup.h"
#include "engine/writer.h"
#include "store/agencies.h"
#include "store/ledger.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ACCOUNTS = 50,
    SUBMITTERS_MAX = 64,
    ID_DIGITS = 12,
    SUBMITTER_ARENA_BYTES = 256 * 1024,
    SECONDS_MAX = 600,
};
#define MINUTES_ENOUGH INT64_C(1000000000000) /* seconds */

struct bench_settings {
    struct common_settings common;
    struct str folder;
    int64_t seconds;
};

/* clang-format off */
static const struct option bench_options[] = {
    {.name = "seconds", .type = OPTION_INTEGER, .offset = offsetof(struct bench_settings, seconds),
     .default_text = "5", .min = 1, .max = SECONDS_MAX, .placeholder = "N", .help = "how long each line is measured"},
    {.name = "folder", .type = OPTION_TEXT, .offset = offsetof(struct bench_settings, folder),
     .default_text = ".", .placeholder = "FOLDER", .help = "where the scratch store is made: the disk that is measured"},
    {.name = "store", .type = OPTION_TEXT, .offset = offsetof(struct common_settings, store), .placeholder = "URL",
     .help = "an empty store to fill instead; without it a scratch one in --folder"},
    COMMON_LOG_OPTIONS,
    OPTION_END,
};
/* clang-format on */

/* The ids of all calls so far: a call is never reported twice. */
static atomic_uint_fast64_t calls_made;

/* The agency that calls are charged to. */
struct bench_agency {
    id64_t id;
    struct str accounts[ACCOUNTS];
};

/* One measurement: so many submitters, each with one batch of so many calls under way. */
struct load {
    struct writer *writer;
    const struct bench_agency *agency;
    size_t batch;
    bool asks; /* holds minutes for each call first */
    int64_t end_us;
    uint64_t calls;             /* charged; the writer's thread's, of which one agency has one */
    const struct problem *lost; /* why a submitter ended early; NULL: none did */
    pthread_mutex_t lock;
    pthread_cond_t over;
    size_t under_way; /* under lock */
};

struct submitter {
    struct job job;
    struct load *load;
    struct arena *arena, *of_job;
    struct problem problem;
    struct call_submission *submissions;
    struct hold_order *orders;
    bool has_asked;
    char (*ids)[ID_DIGITS + 1];
};

static struct submitter *submitter_of(struct job *job)
{
    return (struct submitter *)(void *)((char *)job - offsetof(struct submitter, job));
}

/* What the HTTP side would have decoded; ids and times come later. */
static void fill_submission(const struct load *load, struct call_submission *out, size_t number,
                            struct arena *arena)
{
    out->record = (struct call_record){
        .source = STR("bench"),
        .subaccount = load->agency->accounts[number % ACCOUNTS],
        .tier = number % 3 == 0 ? TIER_BASIC : TIER_PREMIUM,
        .direction = CALL_OUTBOUND,
        .status = CALL_COMPLETED,
        .answered_at = INSTANT_NONE,
        .ended_at = INSTANT_NONE,
        .duration_seconds = 20 + (seconds_t)(number % 300),
        .agent = str_format(arena, "agent-%zu", number % 7),
        .from = str_format(arena, "+14155550%03zu", number % 1000),
        .to = str_format(arena, "+14155551%03zu", number * 7 % 1000),
    };
}

/* Calls that nobody has reported yet, and that began a minute ago. */
static void renew(struct submitter *s)
{
    instant_t started_at = (clock_now() / MICROS_PER_SECOND - 60) * MICROS_PER_SECOND;

    for (size_t i = 0; i < s->load->batch; i++) {
        snprintf(s->ids[i], sizeof(s->ids[i]), "%0*llu", ID_DIGITS,
                 (unsigned long long)atomic_fetch_add(&calls_made, 1));
        s->submissions[i].record.id = (struct str){ s->ids[i], ID_DIGITS };
        s->submissions[i].record.started_at = started_at;
    }
    arena_reset(s->of_job);
    problem_init(&s->problem, s->of_job);
}

static bool prepare(struct tx *tx, struct job *job)
{
    (void)tx;
    job->gathered = true;
    return true;
}

/* The batches of one commit as one, as the API does with those of one sender. */
static bool record_together(struct tx *tx, struct job **jobs, size_t n)
{
    const struct load *load = submitter_of(jobs[0])->load;
    size_t total = n * load->batch;
    struct call_submission **all = ARENA_ARRAY(tx->arena, struct call_submission *, total);

    for (size_t i = 0; i < total; i++)
        all[i] = &submitter_of(jobs[i / load->batch])->submissions[i % load->batch];
    return calls_record(tx, load->agency->id, all, total, (struct actor){ 0 });
}

static const struct gather record_gather = { record_together };

static bool hold_together(struct tx *tx, struct job **jobs, size_t n)
{
    const struct load *load = submitter_of(jobs[0])->load;
    size_t total = n * load->batch;
    struct hold_order **all = ARENA_ARRAY(tx->arena, struct hold_order *, total);

    for (size_t i = 0; i < total; i++)
        all[i] = &submitter_of(jobs[i / load->batch])->orders[i % load->batch];
    return reservations_hold(tx, load->agency->id, all, total, (struct actor){ 0 });
}

static const struct gather hold_gather = { hold_together };

static bool submit(struct submitter *s)
{
    struct load *load = s->load;
    enum reason reason;

    assert(load != NULL);
    bool asks = load->asks && !s->has_asked;
    if (!s->has_asked) renew(s);
    s->job = (struct job){ .arena = s->of_job,
                           .problem = &s->problem,
                           .run = prepare,
                           .gather = asks ? &hold_gather : &record_gather,
                           .done = s->job.done };
    return writer_submit(load->writer, &s->job, &reason) || fail_as(&s->problem, reason, NULL);
}

static void count_accepted(struct submitter *s)
{
    size_t accepted = 0;

    for (size_t i = 0; i < s->load->batch; i++)
        accepted += s->submissions[i].outcome == CALL_ACCEPTED;
    s->load->calls += accepted;
    if (accepted < s->load->batch)
        fail(&s->problem, REASON_INTERNAL, NULL, "%zu calls of a batch were not charged",
             s->load->batch - accepted);
}

/* Each call's record names what is held for it. */
static void take_holds(struct submitter *s)
{
    for (size_t i = 0; i < s->load->batch; i++) {
        const struct hold_order *order = &s->orders[i];
        if (order->refused != REASON_NONE)
            fail(&s->problem, order->refused, NULL, "a call was refused: %s",
                 reason_code(order->refused));
        s->submissions[i].record.reservation =
            id_format(s->of_job, ID_RESERVATION, order->reservation.id);
    }
    s->has_asked = true;
}

/* Committed: the record of what was asked for, the next batch, or the end. */
static void batch_done(struct job *job)
{
    struct submitter *s = submitter_of(job);
    struct load *load = s->load;

    if (!problem_is_set(&s->problem) && load->asks && !s->has_asked) {
        take_holds(s);
        if (!problem_is_set(&s->problem) && submit(s)) return;
    } else if (!problem_is_set(&s->problem)) {
        s->has_asked = false;
        count_accepted(s);
    }
    if (!problem_is_set(&s->problem) && clock_monotonic_us() < load->end_us && submit(s)) return;
    pthread_mutex_lock(&load->lock);
    if (problem_is_set(&s->problem)) load->lost = &s->problem;
    if (--load->under_way == 0) pthread_cond_signal(&load->over);
    pthread_mutex_unlock(&load->lock);
}

static void submitter_init(struct submitter *s, struct load *load, size_t number)
{
    *s = (struct submitter){ .load = load,
                             .arena = arena_new(SUBMITTER_ARENA_BYTES),
                             .of_job = arena_new(SUBMITTER_ARENA_BYTES),
                             .job.done = batch_done };
    s->submissions = ARENA_ARRAY(s->arena, struct call_submission, load->batch);
    s->orders = ARENA_ARRAY(s->arena, struct hold_order, load->batch);
    s->ids = arena_alloc(s->arena, sizeof(*s->ids) * load->batch);
    for (size_t i = 0; i < load->batch; i++) {
        const struct call_record *record = &s->submissions[i].record;
        fill_submission(load, &s->submissions[i], number * load->batch + i, s->arena);
        s->orders[i] = (struct hold_order){ .subaccount = record->subaccount,
                                            .tier = record->tier,
                                            .direction = record->direction,
                                            .agent = record->agent,
                                            .campaign = STR_NONE };
    }
}

static void submitter_free(struct submitter *s)
{
    arena_free(s->of_job);
    arena_free(s->arena);
}

/* Calls charged in a second by so many submitters, 0 with a problem when one could not go on. */
static double measure_calls(struct command_run *run, struct load *load, size_t submitters,
                            int64_t seconds)
{
    struct submitter *all = calloc(submitters, sizeof(*all));

    assert(all != NULL);
    for (size_t i = 0; i < submitters; i++)
        submitter_init(&all[i], load, i);
    int64_t began_us = clock_monotonic_us();
    load->end_us = began_us + seconds * 1000000;
    load->calls = 0;
    load->lost = NULL;
    load->under_way = submitters;
    for (size_t i = 0; i < submitters; i++) {
        bool submitted = submit(&all[i]);
        assert(submitted); /* the queue is longer, and nobody stops it */
        (void)submitted;
    }
    pthread_mutex_lock(&load->lock);
    while (load->under_way > 0)
        pthread_cond_wait(&load->over, &load->lock);
    pthread_mutex_unlock(&load->lock);
    double rate = (double)load->calls * 1e6 / (double)(clock_monotonic_us() - began_us);
    if (load->lost != NULL) {
        fail(&run->problem, load->lost->reason, NULL, "%.*s",
             STR_ARG(str_copy(run->arena, problem_detail(load->lost))));
        rate = 0;
    }
    for (size_t i = 0; i < submitters; i++)
        submitter_free(&all[i]);
    free(all);
    return rate;
}

static bool take_version(struct tx *tx, void *context)
{
    int64_t version;

    return agency_next_version(tx, *(const id64_t *)context, &version);
}

/* The floor: transactions that change one row, each made durable before the next begins. */
static double measure_commits(struct command_run *run, struct tx *tx,
                              const struct bench_agency *agency, int64_t seconds)
{
    int64_t began_us = clock_monotonic_us(), now_us = began_us, count = 0;
    struct arena *arena = arena_new(SUBMITTER_ARENA_BYTES);
    id64_t id = agency->id;

    for (; now_us < began_us + seconds * 1000000; now_us = clock_monotonic_us()) {
        if (!tx_run(tx, arena, &run->problem, clock_now(), take_version, &id)) break;
        arena_reset(arena);
        count++;
    }
    arena_free(arena);
    return problem_is_set(&run->problem) ? 0 : (double)count * 1e6 / (double)(now_us - began_us);
}

static const struct {
    const char *name;
    size_t submitters, batch;
    bool asks;
} loads[] = {
    { "asked for first, 64 at once", SUBMITTERS_MAX, 1, true },
    { "single calls, 64 at once", SUBMITTERS_MAX, 1, false },
    { "batches of 50, 64 at once", SUBMITTERS_MAX, 50, false },
    { "batches of 1,000, 4 at once", 4, 1000, false },
};

static bool measure(struct command_run *run, struct command_store *store,
                    const struct bench_agency *agency)
{
    int64_t seconds = ((const struct bench_settings *)run->settings)->seconds;
    double floor = measure_commits(run, store->tx, agency, seconds);
    struct load load = { .agency = agency,
                         .lock = PTHREAD_MUTEX_INITIALIZER,
                         .over = PTHREAD_COND_INITIALIZER };

    if (floor == 0) return false;
    printf("%-30s %12s %12s\n", "", "a second", "x commits");
    printf("%-30s %12.0f\n", "commits, one after the other", floor);
    load.writer = writer_start(store->db, 1, &run->problem);
    if (load.writer == NULL) return false;
    for (size_t i = 0; i < COUNT_OF(loads) && !problem_is_set(&run->problem); i++) {
        load.batch = loads[i].batch;
        load.asks = loads[i].asks;
        double rate = measure_calls(run, &load, loads[i].submitters, seconds);
        if (rate > 0) printf("%-30s %12.0f %12.1f\n", loads[i].name, rate, rate / floor);
        fflush(stdout);
    }
    writer_stop(load.writer);
    return !problem_is_set(&run->problem);
}

/* More minutes than any run uses up. */
static bool grant_minutes(struct tx *tx, id64_t agency, id64_t account)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        struct posting posting = posting_for_plan_grant(id_new(tx->now), agency, account,
                                                        (enum tier)tier, MINUTES_ENOUGH, tx->now);
        if (!ledger_post_one(tx, &posting)) return false;
    }
    return true;
}

static bool add_accounts(struct tx *tx, struct bench_agency *agency)
{
    struct subaccount account;

    for (int i = 0; i < ACCOUNTS; i++) {
        const struct new_subaccount input = {
            .name = str_format(tx->arena, "Client %d", i + 1),
            .email = str_format(tx->arena, "client%d@bench.example", i + 1),
            .prices = { MICROS_NONE, MICROS_NONE },
        };
        if (!subaccount_create(tx, agency->id, &input, &account)
            || !grant_minutes(tx, agency->id, account.id))
            return false;
        agency->accounts[i] = id_format(tx->arena, ID_SUBACCOUNT, account.id);
    }
    return true;
}

/* In an empty store only: what is measured must not land among what is real. */
static bool set_up(struct tx *tx, void *context)
{
    const struct setup setup = {
        .agency_name = STR("Bench"),
        .owner_name = STR("Bench"),
        .email = STR("owner@bench.example"),
        .password_hash = password_decoy(), /* nobody signs in */
        .timezone = STR("UTC"),
        .plan_code = STR("agency_unlimited"),
    };
    struct bench_agency *agency = context;
    struct setup_result made;
    int64_t agencies;

    if (!agencies_count(tx, &agencies)) return false;
    if (agencies > 0)
        return fail(tx->problem, REASON_ALREADY_SET_UP, NULL,
                    "this store has an agency; --store takes an empty one");
    if (!agency_set_up(tx, &setup, &made)) return false;
    agency->id = made.agency;
    return add_accounts(tx, agency);
}

static bool make_scratch(struct command_run *run, char **folder)
{
    static const char name[] = "/minutebank-bench-XXXXXX";
    struct bench_settings *settings = run->settings;
    char *path = arena_alloc(run->arena, settings->folder.len + sizeof(name));

    memcpy(path, settings->folder.at, settings->folder.len);
    memcpy(path + settings->folder.len, name, sizeof(name));
    if (mkdtemp(path) == NULL)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--folder %.*s: %s",
                    STR_ARG(settings->folder),
                    strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread so far */
    *folder = path;
    settings->common.store = str_format(run->arena, "sqlite:%s/store.db", path);
    return true;
}

static void remove_scratch(struct command_run *run, const char *folder)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-lock" };

    for (size_t i = 0; i < COUNT_OF(ends); i++)
        unlink(str_to_c(run->arena, str_format(run->arena, "%s/store.db%s", folder, ends[i])));
    rmdir(folder);
}

static bool bench_store(struct command_run *run)
{
    struct bench_agency agency = { 0 };
    struct command_store store;

    if (!command_store_open(run, DB_OPEN_CREATE, &store)) return false;
    bool done = tx_run(store.tx, run->arena, &run->problem, clock_now(), set_up, &agency);
    if (done) {
        printf("%s\n", str_to_c(run->arena, db_describe(store.db, run->arena)));
        done = measure(run, &store, &agency);
    }
    command_store_close(&store);
    return done;
}

static int bench(struct command_run *run)
{
    const struct bench_settings *settings = run->settings;
    char *scratch = NULL;

    if (str_is_absent(settings->common.store) && !make_scratch(run, &scratch)) return EXIT_USAGE;
    bool done = bench_store(run);
    if (scratch != NULL) remove_scratch(run, scratch);
    return done ? EXIT_FINE : EXIT_FAILED;
}

const struct command bench_command = {
    .name = "bench",
    .summary = "measures how many calls this machine and its disk can charge",
    .usage = "[--seconds N] [--folder FOLDER | --store URL]",
    .about =
        "Charges calls through the engine, without HTTP, and holds the rate against durable commits one by one. Those\n"
        "asked for first have minutes held for them before they are charged.\n"
        "A store given with --store must have no agency; it is left full of made-up calls: throw it away.",
    .options = bench_options,
    .settings_size = sizeof(struct bench_settings),
    .run = bench,
};
