#include "cli/command.h"

#include <stdio.h>

struct version_settings {
    struct common_settings common;
};

static const struct option version_options[] = { COMMON_OPTIONS, OPTION_END };

static int print_version(struct command_run *run)
{
    (void)run;
    printf("minutebank %s\n", MINUTEBANK_VERSION);
    return EXIT_FINE;
}

const struct command version_command = {
    .name = "version",
    .summary = "prints the version",
    .usage = "",
    .options = version_options,
    .settings_size = sizeof(struct version_settings),
    .run = print_version,
};
