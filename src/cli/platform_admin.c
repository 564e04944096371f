#include "cli/command.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "domain/accounts.h"
#include "engine/platform.h"
#include "engine/writer.h"

#include <stdio.h>

struct platform_admin_settings {
    struct common_settings common;
    struct str email, name;
    bool password_stdin;
};

/* clang-format off */
static const struct option platform_admin_options[] = {
    {.name = "email", .type = OPTION_TEXT, .offset = offsetof(struct platform_admin_settings, email),
     .placeholder = "EMAIL", .help = "the address to sign in with; nobody of an agency may have it"},
    {.name = "name", .type = OPTION_TEXT, .offset = offsetof(struct platform_admin_settings, name),
     .placeholder = "NAME", .help = "their name; default: the address's first part, or as it was"},
    {.name = "password-stdin", .type = OPTION_SWITCH,
     .offset = offsetof(struct platform_admin_settings, password_stdin),
     .help = "read the password from the first line of standard input"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

struct platform_admin_work {
    struct platform_admin admin;
    id64_t id;
    bool is_new;
};

static bool set_admin(struct tx *tx, void *context)
{
    struct platform_admin_work *work = context;

    return platform_admin_set(tx, &work->admin, &work->id, &work->is_new);
}

static bool check_settings(struct command_run *run, const struct platform_admin_settings *settings)
{
    if (str_is_absent(settings->email))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--email EMAIL is needed");
    if (!settings->password_stdin)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--password-stdin is needed: pipe the password in");
    return true;
}

static bool prepare(struct command_run *run, const struct platform_admin_settings *settings,
                    struct platform_admin *admin)
{
    struct str password;

    if (!read_new_password(run, settings->email, STR_NONE, &password)) return false;
    *admin = (struct platform_admin){
        .email = settings->email,
        .name = settings->name,
        .password_hash = password_hash(run->arena, password),
    };
    return true;
}

static int platform_admin(struct command_run *run)
{
    const struct platform_admin_settings *settings = run->settings;
    struct platform_admin_work work = { 0 };
    struct command_store store;

    if (!check_settings(run, settings)) return EXIT_USAGE;
    if (!prepare(run, settings, &work.admin) || !command_store_open(run, DB_OPEN_CREATE, &store))
        return EXIT_FAILED;
    bool done = tx_run(store.tx, run->arena, &run->problem, clock_now(), set_admin, &work);
    command_store_close(&store);
    if (!done) return EXIT_FAILED;
    printf("platform admin %s %s\n",
           str_to_c(run->arena, id_format(run->arena, ID_PLATFORM_USER, work.id)),
           work.is_new ? "created" : "has a new password and is signed out everywhere");
    return EXIT_FINE;
}

const struct command platform_admin_command = {
    .name = "platform-admin",
    .summary = "makes somebody of the platform's own staff, or sets their password",
    .usage = "--email EMAIL [--name NAME] --password-stdin",
    .about = "Platform admins are outside every agency. They sign in as everybody does.",
    .options = platform_admin_options,
    .settings_size = sizeof(struct platform_admin_settings),
    .run = platform_admin,
};
