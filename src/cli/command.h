/* What commands share: their row in the table, reading options, opening the store, telling what went wrong. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/arena.h"
#include "base/config.h"
#include "base/problem.h"
#include "store/db.h"

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Settings that every command has; first in each command's own struct. */
struct common_settings {
    struct str store, log_level, log_format;
};

/* Their rows in every command's option table, whose struct has `common` as its first member. */
/* clang-format off */
#define COMMON_OPTIONS                                                                                                 \
    {.name = "store", .type = OPTION_TEXT, .offset = offsetof(struct common_settings, store),                          \
     .default_text = "sqlite:minutebank.db", .placeholder = "URL",                                                     \
     .help = "sqlite:FILE or postgres://USER@HOST/DATABASE"},                                                          \
    COMMON_LOG_OPTIONS

/* The same, for a command whose store is another. */
#define COMMON_LOG_OPTIONS                                                                                             \
    {.name = "log-level", .type = OPTION_TEXT, .offset = offsetof(struct common_settings, log_level),                  \
     .default_text = "info", .placeholder = "LEVEL", .help = "debug, info, warn or error"},                            \
    {.name = "log-format", .type = OPTION_TEXT, .offset = offsetof(struct common_settings, log_format),                \
     .default_text = "logfmt", .placeholder = "FORMAT", .help = "logfmt or json"}
/* clang-format on */

/* What a command runs with. */
struct command_run {
    struct arena *arena;
    struct problem problem;
    void *settings; /* the command's struct, read */
    struct str positional[4];
    size_t n_positional;
};

struct command {
    const char *name, *summary;
    const char *usage; /* after the name: "FILE --format …" */
    const char *about; /* a paragraph for --help; may be NULL */
    const struct option *options;
    size_t settings_size;
    size_t n_positional;                 /* exactly so many */
    int (*run)(struct command_run *run); /* an exit code; with a problem set it is printed */
};

extern const struct command serve_command, init_command, demo_command, migrate_command,
    check_command, import_command, bench_command, jobs_command, mail_command,
    platform_admin_command, rescue_command, routes_command, version_command;

/* Reads the settings and runs the command: its exit code, EXIT_USAGE when they are wrong. */
int command_main(const struct command *command, int argc, char **argv);
void command_print_help(const struct command *command);

/* The store of the command's settings, migrated, with a writing connection that has an accounts cache. False and a
   problem when it cannot be had. */
struct command_store {
    struct db *db;
    struct tx *tx;
};
bool command_store_open(struct command_run *run, enum db_open_mode mode, struct command_store *out);
void command_store_close(struct command_store *store);

/* The first line of standard input without its end; false when there is none, it is longer than 1,024 bytes, or
   new_password_check refuses it. */
bool read_new_password(struct command_run *run, struct str email, struct str agency_name,
                       struct str *out);

/* Judges a password as sign-up does; `email` and `agency_name` may be absent. */
bool new_password_check(struct command_run *run, struct str password, struct str email,
                        struct str agency_name);

/* 1234567 as "1,234,567", for people. */
struct str count_format(struct arena *arena, int64_t number);

#endif
