/* minutebank: the command line. Each command is a row of a table, in a file of its own under cli/. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &serve_command,  &init_command,   &demo_command,    &migrate_command, &check_command,
    &import_command, &bench_command,  &jobs_command,    &mail_command,    &platform_admin_command,
    &rescue_command, &routes_command, &version_command,
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    }
    return NULL;
}

static void print_usage(FILE *out)
{
    fprintf(out,
            "Minutebank: the account manager of agencies that resell prepaid voice minutes.\n\n"
            "usage: minutebank COMMAND [OPTIONS]\n\n");
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        fprintf(out, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "  %-14s %s\n", "help",
            "what a command does and its options: minutebank help COMMAND");
    fprintf(
        out,
        "\nSettings come from the command line, MINUTEBANK_* variables, the file named by --config, in that"
        " order.\n");
}

static int help(const char *name)
{
    const struct command *command = name != NULL ? find_command(name) : NULL;

    if (name != NULL && command == NULL) {
        fprintf(stderr, "minutebank: there is no command \"%s\"; see minutebank help\n", name);
        return EXIT_USAGE;
    }
    if (command == NULL)
        print_usage(stdout);
    else
        command_print_help(command);
    return EXIT_FINE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0
        || strcmp(argv[1], "-h") == 0)
        return help(argc > 2 ? argv[2] : NULL);
    const struct command *command =
        find_command(strcmp(argv[1], "--version") == 0 ? "version" : argv[1]);
    if (command == NULL) return help(argv[1]);
    return command_main(command, argc - 2, argv + 2);
}
