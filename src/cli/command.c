#include "cli/command.h"

#include "base/log.h"
#include "base/rng.h"
#include "engine/accounts.h"
#include "store/ids.h"
#include "store/migrations.h"

#include <stdio.h>
#include <string.h>

enum { COMMAND_ARENA_BYTES = 256 * 1024, PASSWORD_LINE_MAX = 1024 };

void command_print_help(const struct command *command)
{
    printf("usage: minutebank %s %s\n\n%s\n", command->name, command->usage, command->summary);
    if (command->about != NULL) printf("\n%s\n", command->about);
    printf("\n");
    options_print(command->options);
}

/* An exit code that fits: the user's mistakes are usage, all else a failure. */
static int report(const struct command *command, const struct problem *problem, int exit_code)
{
    if (!problem_is_set(problem)) return exit_code;
    struct str detail = problem_detail(problem);
    fprintf(stderr, "minutebank %s: %.*s\n", command->name, STR_ARG(detail));
    for (size_t i = 0; i < problem->n_fields; i++) {
        struct str field = problem->fields[i].field, why = problem->fields[i].detail;
        fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(field), STR_ARG(why));
    }
    if (exit_code == EXIT_USAGE) fprintf(stderr, "See minutebank help %s.\n", command->name);
    return exit_code == EXIT_FINE ? EXIT_FAILED : exit_code;
}

static const char *const level_names[] = { "debug", "info", "warn", "error", NULL };
static const char *const format_names[] = { "logfmt", "json", NULL };

static bool configure_log(const struct common_settings *common, struct problem *problem)
{
    int level = name_index(level_names, common->log_level);
    int format = name_index(format_names, common->log_format);

    if (level < 0)
        return fail(problem, REASON_BAD_REQUEST, NULL, "--log-level is debug, info, warn or error");
    if (format < 0)
        return fail(problem, REASON_BAD_REQUEST, NULL, "--log-format is logfmt or json");
    log_configure((enum log_level)level, (enum log_format)format);
    return true;
}

static bool read_settings(const struct command *command, struct command_run *run, int argc,
                          char **argv)
{
    const struct option *const all_known[] = { serve_command.options, import_command.options,
                                               NULL };
    struct positionals positionals = { run->positional, COUNT_OF(run->positional), 0 };

    run->settings = arena_alloc(run->arena, command->settings_size);
    if (!options_read(command->options, all_known, run->arena, argc, argv, &run->problem,
                      run->settings, &positionals))
        return false;
    run->n_positional = positionals.n;
    if (run->n_positional != command->n_positional)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "usage: minutebank %s %s",
                    command->name, command->usage);
    return configure_log(run->settings, &run->problem);
}

int command_main(const struct command *command, int argc, char **argv)
{
    struct command_run run = { .arena = arena_new(COMMAND_ARENA_BYTES) };
    int exit_code;

    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            command_print_help(command);
            arena_free(run.arena);
            return EXIT_FINE;
        }
    }
    rng_start();
    problem_init(&run.problem, run.arena);
    exit_code = read_settings(command, &run, argc, argv) ? command->run(&run) : EXIT_USAGE;
    exit_code = report(command, &run.problem, exit_code);
    arena_free(run.arena);
    return exit_code;
}

static bool resume_ids(struct command_run *run, struct tx *tx)
{
    bool resumed = tx_begin(tx, run->arena, &run->problem, 0) && ids_resume(tx);

    tx_rollback(tx);
    return resumed;
}

bool command_store_open(struct command_run *run, enum db_open_mode mode, struct command_store *out)
{
    const struct common_settings *common = run->settings;

    *out = (struct command_store){ .db = db_open(common->store, mode, &run->problem) };
    if (out->db == NULL) return false;
    if (store_migrate(out->db, &run->problem, NULL))
        out->tx = db_connect(out->db, DB_WRITER, &run->problem);
    if (out->tx == NULL || !resume_ids(run, out->tx)) {
        command_store_close(out);
        return false;
    }
    out->tx->cache = accounts_cache_new();
    return true;
}

void command_store_close(struct command_store *store)
{
    if (store->tx != NULL) {
        accounts_cache_free(store->tx->cache);
        db_disconnect(store->tx);
    }
    if (store->db != NULL) db_close(store->db);
    *store = (struct command_store){ 0 };
}

static bool read_password(struct command_run *run, struct str *out)
{
    char line[PASSWORD_LINE_MAX + 2];

    if (fgets(line, sizeof(line), stdin) == NULL)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "there is no password on standard input");
    size_t len = strcspn(line, "\r\n");
    if (len > PASSWORD_LINE_MAX)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "the password is longer than %d bytes",
                    PASSWORD_LINE_MAX);
    *out = str_copy(run->arena, (struct str){ line, len });
    memset(line, 0, sizeof(line));
    return true;
}

bool new_password_check(struct command_run *run, struct str password, struct str email,
                        struct str agency_name)
{
    enum reason weakness = password_acceptable(run->arena, password, email, agency_name);

    return weakness == REASON_NONE
        || fail(&run->problem, weakness, NULL, "the password: %s", reason_sentence(weakness));
}

bool read_new_password(struct command_run *run, struct str email, struct str agency_name,
                       struct str *out)
{
    return read_password(run, out) && new_password_check(run, *out, email, agency_name);
}

struct str count_format(struct arena *arena, int64_t number)
{
    struct str digits = str_format(arena, "%lld", (long long)number);
    struct buffer out = buffer_new(arena, 32);

    for (size_t i = 0; i < digits.len; i++) {
        if (i > 0 && (digits.len - i) % 3 == 0 && digits.at[i - 1] != '-')
            buffer_add_byte(&out, ',');
        buffer_add_byte(&out, digits.at[i]);
    }
    return buffer_str(&out);
}
