#include "cli/command.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "cli/demo/life.h"
#include "domain/accounts.h"

#include <stdio.h>
#include <unistd.h>

enum { DAYS_MAX = 730, DAY_ARENA_BYTES = 4 * 1024 * 1024 };

/* Ids count from 2020 (base/id.h), and the longest story is two years. */
#define EARLIEST_NOW "2023-01-01T00:00:00Z"

struct demo_settings {
    struct common_settings common;
    struct str timezone, now;
    int64_t clients, days, seed;
    bool password_stdin;
};

/* clang-format off */
static const struct option demo_options[] = {
    {.name = "clients", .type = OPTION_INTEGER, .offset = offsetof(struct demo_settings, clients),
     .default_text = "24", .min = 1, .max = DEMO_CLIENTS, .placeholder = "N", .help = "how many clients the agency has"},
    {.name = "days", .type = OPTION_INTEGER, .offset = offsetof(struct demo_settings, days),
     .default_text = "90", .min = 1, .max = DAYS_MAX, .placeholder = "N", .help = "how many days of calls there are"},
    {.name = "seed", .type = OPTION_INTEGER, .offset = offsetof(struct demo_settings, seed),
     .default_text = "1", .placeholder = "N", .help = "another number tells another story"},
    {.name = "timezone", .type = OPTION_TEXT, .offset = offsetof(struct demo_settings, timezone),
     .default_text = "America/New_York", .placeholder = "ZONE", .help = "where the agency is, as Europe/Berlin"},
    {.name = "now", .type = OPTION_TEXT, .offset = offsetof(struct demo_settings, now), .placeholder = "TIME",
     .help = "when the story ends, as 2026-11-23T08:12:45Z; default: now"},
    {.name = "password-stdin", .type = OPTION_SWITCH, .offset = offsetof(struct demo_settings, password_stdin),
     .help = "read the owner's password from the first line of standard input"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

static bool read_now(struct command_run *run, const struct demo_settings *settings, instant_t *now)
{
    instant_t earliest;

    *now = clock_now();
    if (!str_is_absent(settings->now) && !instant_parse(settings->now, now))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--now is a time with its zone, as 2026-11-23T08:12:45Z");
    if (!instant_parse(STR(EARLIEST_NOW), &earliest) || *now < earliest)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--now is " EARLIEST_NOW " or later");
    return true;
}

static bool read_plan(struct command_run *run, struct demo_plan *out)
{
    const struct demo_settings *settings = run->settings;
    const struct zone *zone = zone_find(settings->timezone);
    instant_t now;

    if (zone == NULL)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--timezone is an IANA time zone, such as Europe/Berlin");
    if (!read_now(run, settings, &now)) return false;
    *out = demo_plan_make((uint64_t)settings->seed, zone, now, (int32_t)settings->days,
                          (int)settings->clients);
    return true;
}

static bool choose_password(struct command_run *run, struct str *out)
{
    const struct demo_settings *settings = run->settings;
    struct str email = str_from_c(demo_agency.email), name = str_from_c(demo_agency.name);

    if (settings->password_stdin) return read_new_password(run, email, name, out);
    *out = str_from_c(demo_agency.password);
    return new_password_check(run, *out, email, name);
}

/* One line that is written over, for people who wait. */
static void show_progress(const struct demo_life *life, int32_t day)
{
    if (!isatty(STDERR_FILENO)) return;
    fprintf(stderr, "\r%d of %d days, %lld calls ", (int)day, (int)life->plan->last_day,
            (long long)life->n_calls);
    if (day == life->plan->last_day) fprintf(stderr, "\r%60s\r", "");
}

static bool live(struct command_run *run, struct demo_life *life, struct tx *tx)
{
    struct arena *arena = arena_new(DAY_ARENA_BYTES);
    bool lived = true;

    for (int32_t day = 0; lived && day <= life->plan->last_day; day++) {
        lived = demo_live_day(life, tx, arena, &run->problem, day);
        if (lived) show_progress(life, day);
        arena_reset(arena);
    }
    arena_free(arena);
    return lived;
}

/* The sign-in stands on a line of its own, address and password at its end: scripts read it. */
static void tell(struct command_run *run, const struct demo_life *life, struct str store)
{
    const struct demo_settings *settings = run->settings;
    struct str first = date_format(run->arena, demo_date(life->plan, life->plan->first_call_day));
    struct str last = date_format(run->arena, demo_date(life->plan, life->plan->last_day));

    struct str calls = count_format(run->arena, life->n_calls);

    printf("%s: %d %s, %.*s calls from %.*s to %.*s.\n\n", demo_agency.name,
           life->plan->accounts - 1, life->plan->accounts == 2 ? "client" : "clients",
           STR_ARG(calls), STR_ARG(first), STR_ARG(last));
    if (settings->password_stdin)
        printf("Sign in as its owner: %s, with the password that was given\n", demo_agency.email);
    else
        printf("Sign in as its owner: %s  %s\n", demo_agency.email, demo_agency.password);
    printf("Serve it: minutebank serve --store %.*s\n", STR_ARG(store));
}

static int demo(struct command_run *run)
{
    struct demo_plan plan = { 0 };
    struct demo_life life = { .plan = &plan };
    struct command_store store;
    struct str password;

    if (!read_plan(run, &plan)) return EXIT_USAGE;
    if (!choose_password(run, &password)) return EXIT_FAILED;
    life.password_hash = password_hash(run->arena, password);
    if (!command_store_open(run, DB_OPEN_CREATE, &store)) return EXIT_FAILED;
    struct str address = db_describe(store.db, run->arena);
    bool lived = live(run, &life, store.tx);
    command_store_close(&store);
    if (!lived) return EXIT_FAILED;
    tell(run, &life, address);
    return EXIT_FINE;
}

const struct command demo_command = {
    .name = "demo",
    .summary = "fills a new store with a believable agency to look at",
    .usage = "[--store URL] [--clients N] [--days N] [--seed N]",
    .about =
        "An agency with 24 clients of all kinds and 90 days of calls, purchases and price changes that end now; a few\n"
        "accounts are in trouble. Every name and number is invented. The same --seed and --now make the same store.\n"
        "Prints how to sign in. A store that has an agency is left alone.",
    .options = demo_options,
    .settings_size = sizeof(struct demo_settings),
    .run = demo,
};
