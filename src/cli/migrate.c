#include "cli/command.h"
#include "store/migrations.h"

#include <stdio.h>

struct migrate_settings {
    struct common_settings common;
};

static const struct option migrate_options[] = { COMMON_OPTIONS, OPTION_END };

static int migrate(struct command_run *run)
{
    const struct migrate_settings *settings = run->settings;
    struct db *db = db_open(settings->common.store, DB_OPEN_CREATE, &run->problem);
    int applied = 0;

    if (db == NULL) return EXIT_FAILED;
    bool migrated = store_migrate(db, &run->problem, &applied);
    if (migrated) printf("%d migration%s applied\n", applied, applied == 1 ? "" : "s");
    db_close(db);
    return migrated ? EXIT_FINE : EXIT_FAILED;
}

const struct command migrate_command = {
    .name = "migrate",
    .summary = "brings a store to this version's schema",
    .usage = "[--store URL]",
    .about = "serve does so by itself at its start; use this to do it beforehand.",
    .options = migrate_options,
    .settings_size = sizeof(struct migrate_settings),
    .run = migrate,
};
