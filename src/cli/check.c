#include "cli/command.h"

#include "engine/check.h"

#include <stdio.h>

struct check_settings {
    struct common_settings common;
};

static const struct option check_options[] = { COMMON_OPTIONS, OPTION_END };

struct tally {
    int checked, broken;
};

static void print_counted(struct arena *arena, const struct check_finding *finding)
{
    const struct check_subject *const *subjects = finding->invariant->subjects;

    for (size_t i = 0; i < CHECK_SUBJECTS_MAX && subjects[i] != NULL; i++) {
        struct str number = count_format(arena, finding->counted[i]);
        printf("%s%.*s %s", i == 0 ? ": " : ", ", STR_ARG(number),
               finding->counted[i] == 1 ? subjects[i]->one : subjects[i]->many);
    }
}

static void print_faults(struct arena *arena, const struct check_finding *finding)
{
    for (size_t i = 0; i < finding->n_shown; i++)
        printf("        %.*s\n", STR_ARG(finding->shown[i]));
    if (finding->n_faults > (int64_t)finding->n_shown) {
        struct str more = count_format(arena, finding->n_faults - (int64_t)finding->n_shown);
        printf("        and %s%.*s more\n", finding->n_faults >= FAULTS_COUNTED ? "at least " : "",
               STR_ARG(more));
    }
    if (!str_is_absent(finding->unreadable))
        printf("        it cannot be looked at: %.*s\n", STR_ARG(finding->unreadable));
}

static void print_finding(void *context, const struct check_finding *finding)
{
    struct tally *tally = context;
    struct arena *arena = arena_new(4096);
    bool kept = check_is_kept(finding);

    tally->checked++;
    tally->broken += kept ? 0 : 1;
    printf("%-6s  %-20s  %s", kept ? "kept" : "BROKEN", finding->invariant->name,
           finding->invariant->sentence);
    print_counted(arena, finding);
    printf("\n");
    print_faults(arena, finding);
    fflush(stdout);
    arena_free(arena);
}

static int check(struct command_run *run)
{
    const struct check_settings *settings = run->settings;
    struct db *db = db_open(settings->common.store, DB_OPEN_SHARED, &run->problem);
    struct tally tally = { 0 };

    if (db == NULL) return EXIT_FAILED;
    bool walked = check_store(db, &run->problem, print_finding, &tally);
    db_close(db);
    if (!walked) return EXIT_FAILED;
    if (tally.broken == 0) {
        printf("all %d invariants are kept\n", tally.checked);
        return EXIT_FINE;
    }
    fail(&run->problem, REASON_INVALID, NULL, "%d of %d invariants %s broken", tally.broken,
         tally.checked, tally.broken == 1 ? "is" : "are");
    return EXIT_FAILED;
}

const struct command check_command = {
    .name = "check",
    .summary = "verifies that a store keeps every invariant",
    .usage = "[--store URL]",
    .about =
        "Reads the whole store in one snapshot, also while a server runs on it, and changes nothing.\n"
        "Prints a line for each invariant: what it checked, and how much. Exits 1 when one is broken,\n"
        "and names the rows.",
    .options = check_options,
    .settings_size = sizeof(struct check_settings),
    .run = check,
};
