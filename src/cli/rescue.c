#include "cli/command.h"
#include "cli/secret_key.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "domain/accounts.h"
#include "engine/user_links.h"
#include "engine/writer.h"
#include "store/agencies.h"
#include "store/audit.h"
#include "store/platform.h"
#include "store/principals.h"
#include "store/second_factors.h"

#include <stdio.h>

struct rescue_settings {
    struct common_settings common;
    struct str email;
    bool password_stdin, reset_two_factor, forget_secret_key;
};

/* clang-format off */
static const struct option rescue_options[] = {
    {.name = "email", .type = OPTION_TEXT, .offset = offsetof(struct rescue_settings, email), .placeholder = "EMAIL",
     .help = "whom: the address they sign in with"},
    {.name = "password-stdin", .type = OPTION_SWITCH, .offset = offsetof(struct rescue_settings, password_stdin),
     .help = "gives them the password in the first line of standard input"},
    {.name = "reset-two-factor", .type = OPTION_SWITCH, .offset = offsetof(struct rescue_settings, reset_two_factor),
     .help = "lets them in by password alone, until they set two-factor sign-in up anew"},
    {.name = "forget-secret-key", .type = OPTION_SWITCH, .offset = offsetof(struct rescue_settings, forget_secret_key),
     .help = "the secret key is lost: resets everybody's two-factor sign-in, so that the store takes another key"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

struct rescue {
    const struct rescue_settings *settings;
    struct user user;
    struct str agency_name, password_hash; /* absent: it stays */
    int64_t reset;                         /* how many second factors */
};

/* In the trail of their agency, or of the platform's staff among what happened to their accounts. */
static bool record(struct tx *tx, const struct user *user, const char *action)
{
    const struct platform_event of_staff = { .action = action, .user = user->id };
    struct audit_event event = {
        .agency_id = user->agency_id,
        .id = id_new(tx->now),
        .at = tx->now,
        .action = str_from_c(action),
        .actor_name = STR("minutebank rescue"),
        .target_kind = str_from_c(id_prefix(ID_USER)),
        .target_id = user->id,
    };

    return user->agency_id == ID_NONE ? platform_event_insert(tx, &of_staff)
                                      : audit_insert(tx, &event);
}

static bool reset_factor(struct tx *tx, struct rescue *rescue, const struct user *user)
{
    rescue->reset++;
    return second_factor_delete(tx, user->agency_id, user->id)
        && principal_sessions_delete_others(tx, user->agency_id, user->id, ID_NONE)
        && record(tx, user, "user.two_factor_disabled");
}

static bool forget_key(struct tx *tx, struct rescue *rescue)
{
    struct list users;

    if (!principals_with_second_factor(tx, &users)) return false;
    for (size_t i = 0; i < users.count; i++) {
        if (!reset_factor(tx, rescue, (const struct user *)users.at + i)) return false;
    }
    return user_totp_delete_pending(tx) && store_fact_delete(tx, STR(SECRET_KEY_FACT));
}

static bool find_person(struct tx *tx, void *context)
{
    struct rescue *rescue = context;
    struct str key;
    struct agency agency;
    bool found = false;

    if (email_key(tx->arena, rescue->settings->email, &key)
        && !user_find_by_email(tx, key, &rescue->user, &found))
        return false;
    if (!found) return fail(tx->problem, REASON_NOT_FOUND, NULL, "nobody has this address");
    if (!agency_load(tx, rescue->user.agency_id, &agency)) return false;
    rescue->agency_name = agency.name;
    return true;
}

static bool carry_out(struct tx *tx, void *context)
{
    struct rescue *rescue = context;
    const struct rescue_settings *settings = rescue->settings;
    const struct user *user = &rescue->user;

    return (str_is_absent(rescue->password_hash)
            || (password_set(tx, user, rescue->password_hash, ID_NONE)
                && record(tx, user, "user.password_reset")))
        && (!settings->reset_two_factor || reset_factor(tx, rescue, user))
        && (!settings->forget_secret_key || forget_key(tx, rescue));
}

static bool check_settings(struct command_run *run, const struct rescue_settings *settings)
{
    bool is_about_one = settings->password_stdin || settings->reset_two_factor;

    if (!is_about_one && !settings->forget_secret_key)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "say what to do: --password-stdin, --reset-two-factor or --forget-secret-key");
    if (is_about_one == str_is_absent(settings->email))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--email EMAIL goes with --password-stdin and --reset-two-factor");
    return true;
}

/* Judged as at sign-up; outside any transaction, as a hash takes its time. */
static bool hash_new(struct command_run *run, struct rescue *rescue)
{
    struct str password;

    if (!rescue->settings->password_stdin) return true;
    if (!read_new_password(run, rescue->user.email, rescue->agency_name, &password)) return false;
    rescue->password_hash = password_hash(run->arena, password);
    return true;
}

static bool transact(struct command_run *run, struct command_store *store, struct rescue *rescue,
                     bool (*work)(struct tx *tx, void *context))
{
    return tx_run(store->tx, run->arena, &run->problem, clock_now(), work, rescue);
}

static int rescue_run(struct command_run *run)
{
    struct rescue rescue = { .settings = run->settings };
    struct command_store store;

    if (!check_settings(run, run->settings)) return EXIT_USAGE;
    if (!command_store_open(run, DB_OPEN_EXISTING, &store)) return EXIT_FAILED;
    bool done =
        (str_is_absent(rescue.settings->email) || transact(run, &store, &rescue, find_person))
        && hash_new(run, &rescue) && transact(run, &store, &rescue, carry_out);
    command_store_close(&store);
    if (!done) return EXIT_FAILED;
    if (!str_is_absent(rescue.password_hash)) printf("the new password counts\n");
    if (rescue.reset > 0 || rescue.settings->forget_secret_key)
        printf("%lld two-factor sign-in%s reset\n", (long long)rescue.reset,
               rescue.reset == 1 ? "" : "s");
    return EXIT_FINE;
}

const struct command rescue_command = {
    .name = "rescue",
    .summary = "lets somebody in again who lost password or second factor",
    .usage = "--email EMAIL [--password-stdin] [--reset-two-factor] | --forget-secret-key",
    .about =
        "For whoever runs the server: it asks for nothing but the store. Sessions of those it is about end, and it is in\n"
        "the audit trail. An SQLite store must not be held by a server meanwhile.",
    .options = rescue_options,
    .settings_size = sizeof(struct rescue_settings),
    .run = rescue_run,
};
