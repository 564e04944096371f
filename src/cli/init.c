#include "cli/command.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "domain/accounts.h"
#include "engine/setup.h"
#include "engine/writer.h"
#include "store/agencies.h"

#include <stdio.h>

struct init_settings {
    struct common_settings common;
    struct str agency, email, name, plan, timezone;
    bool password_stdin;
};

/* clang-format off */
static const struct option init_options[] = {
    {.name = "agency", .type = OPTION_TEXT, .offset = offsetof(struct init_settings, agency), .placeholder = "NAME",
     .help = "the agency's name"},
    {.name = "email", .type = OPTION_TEXT, .offset = offsetof(struct init_settings, email), .placeholder = "EMAIL",
     .help = "the owner's address, to sign in with"},
    {.name = "name", .type = OPTION_TEXT, .offset = offsetof(struct init_settings, name), .placeholder = "NAME",
     .help = "the owner's name; default: the address's first part"},
    {.name = "password-stdin", .type = OPTION_SWITCH, .offset = offsetof(struct init_settings, password_stdin),
     .help = "read the owner's password from the first line of standard input"},
    {.name = "plan", .type = OPTION_TEXT, .offset = offsetof(struct init_settings, plan),
     .default_text = "agency_unlimited", .placeholder = "CODE", .help = "the platform plan"},
    {.name = "timezone", .type = OPTION_TEXT, .offset = offsetof(struct init_settings, timezone),
     .default_text = "UTC", .placeholder = "ZONE", .help = "an IANA time zone, such as Europe/Berlin"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

struct init_work {
    struct setup setup;
    struct setup_result result;
};

static bool set_up(struct tx *tx, void *context)
{
    struct init_work *work = context;
    int64_t agencies;

    if (!agencies_count(tx, &agencies)) return false;
    if (agencies > 0)
        return fail(tx->problem, REASON_ALREADY_SET_UP, NULL, "this store already has an agency");
    return agency_set_up(tx, &work->setup, &work->result);
}

static bool check_settings(struct command_run *run, const struct init_settings *settings)
{
    if (str_is_absent(settings->agency) || settings->agency.len == 0)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--agency NAME is needed");
    if (str_is_absent(settings->email))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--email EMAIL is needed");
    if (!settings->password_stdin)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--password-stdin is needed: pipe the password in");
    return true;
}

/* The part before the @. */
static struct str name_from(struct str email)
{
    struct str rest = email, local;
    return str_split(&rest, '@', &local) ? local : email;
}

static bool prepare(struct command_run *run, const struct init_settings *settings,
                    struct setup *setup)
{
    struct str password;

    if (!read_new_password(run, settings->email, settings->agency, &password)) return false;
    *setup = (struct setup){
        .agency_name = settings->agency,
        .owner_name = str_is_absent(settings->name) ? name_from(settings->email) : settings->name,
        .email = settings->email,
        .password_hash = password_hash(run->arena, password),
        .timezone = settings->timezone,
        .plan_code = settings->plan,
    };
    return true;
}

static int init(struct command_run *run)
{
    const struct init_settings *settings = run->settings;
    struct init_work work = { 0 };
    struct command_store store;

    if (!check_settings(run, settings)) return EXIT_USAGE;
    if (!prepare(run, settings, &work.setup) || !command_store_open(run, DB_OPEN_CREATE, &store))
        return EXIT_FAILED;
    bool done = tx_run(store.tx, run->arena, &run->problem, clock_now(), set_up, &work);
    command_store_close(&store);
    if (!done) return EXIT_FAILED;
    printf("agency %s\nprimary %s\nowner %s\n",
           str_to_c(run->arena, id_format(run->arena, ID_AGENCY, work.result.agency)),
           str_to_c(run->arena, id_format(run->arena, ID_SUBACCOUNT, work.result.primary)),
           str_to_c(run->arena, id_format(run->arena, ID_USER, work.result.owner)));
    return EXIT_FINE;
}

const struct command init_command = {
    .name = "init",
    .summary = "makes a new store with an agency and its owner",
    .usage = "--agency NAME --email EMAIL --password-stdin [--plan CODE] [--timezone ZONE]",
    .about = "The same as the set-up page that a server on an empty store prints a link to.",
    .options = init_options,
    .settings_size = sizeof(struct init_settings),
    .run = init,
};
