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
    bool password_stdin, reset_two_factor;
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
    {.name = "reset-two-factor", .type = OPTION_SWITCH,
     .offset = offsetof(struct platform_admin_settings, reset_two_factor),
     .help = "lets them in by password alone, until they set two-factor sign-in up anew"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

struct platform_admin_work {
    const struct platform_admin_settings *settings;
    struct platform_admin admin;
    id64_t id;
    bool is_new;
};

static bool carry_out(struct tx *tx, void *context)
{
    struct platform_admin_work *work = context;
    const struct platform_admin_settings *settings = work->settings;

    return (!settings->password_stdin
            || platform_admin_set(tx, &work->admin, &work->id, &work->is_new))
        && (!settings->reset_two_factor
            || platform_admin_reset_two_factor(tx, settings->email, &work->id));
}

static bool check_settings(struct command_run *run, const struct platform_admin_settings *settings)
{
    if (str_is_absent(settings->email))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--email EMAIL is needed");
    if (!settings->password_stdin && !settings->reset_two_factor)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--password-stdin is needed: pipe the password in; or --reset-two-factor");
    if (!settings->password_stdin && !str_is_absent(settings->name))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--name goes with --password-stdin");
    return true;
}

static bool prepare(struct command_run *run, const struct platform_admin_settings *settings,
                    struct platform_admin *admin)
{
    struct str password;

    if (!settings->password_stdin) return true;
    if (!read_new_password(run, settings->email, STR_NONE, &password)) return false;
    *admin = (struct platform_admin){
        .email = settings->email,
        .name = settings->name,
        .password_hash = password_hash(run->arena, password),
    };
    return true;
}

static const char *outcome(const struct platform_admin_work *work)
{
    if (work->is_new) return "created";
    if (!work->settings->reset_two_factor) return "has a new password and is signed out everywhere";
    return work->settings->password_stdin
        ? "has a new password, signs in by it alone and is signed out everywhere"
        : "signs in by password alone and is signed out everywhere";
}

static int platform_admin(struct command_run *run)
{
    struct platform_admin_work work = { .settings = run->settings };
    struct command_store store;

    if (!check_settings(run, work.settings)) return EXIT_USAGE;
    if (!prepare(run, work.settings, &work.admin)
        || !command_store_open(
            run, work.settings->password_stdin ? DB_OPEN_CREATE : DB_OPEN_EXISTING, &store))
        return EXIT_FAILED;
    bool done = tx_run(store.tx, run->arena, &run->problem, clock_now(), carry_out, &work);
    command_store_close(&store);
    if (!done) return EXIT_FAILED;
    printf("platform admin %s %s\n",
           str_to_c(run->arena, id_format(run->arena, ID_PLATFORM_USER, work.id)), outcome(&work));
    return EXIT_FINE;
}

const struct command platform_admin_command = {
    .name = "platform-admin",
    .summary =
        "makes somebody of the platform's own staff, sets their password, or resets their second factor",
    .usage = "--email EMAIL [--name NAME] [--password-stdin] [--reset-two-factor]",
    .about = "Platform admins are outside every agency. They sign in as everybody does.",
    .options = platform_admin_options,
    .settings_size = sizeof(struct platform_admin_settings),
    .run = platform_admin,
};
