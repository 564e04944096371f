/* minutebank mail: looks at what the program writes to people. */
#include "base/time.h"
#include "cli/command.h"
#include "integrations/letters.h"

#include <stdio.h>

struct mail_settings {
    struct common_settings common;
    bool html;
};

/* clang-format off */
static const struct option mail_options[] = {
    {.name = "html", .type = OPTION_SWITCH, .offset = offsetof(struct mail_settings, html),
     .help = "the HTML part instead of the plain text"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

static bool unknown_template(struct command_run *run, struct str name)
{
    struct buffer known = buffer_new(run->arena, 256);

    for (int i = 0; i < MAIL_TEMPLATE_COUNT; i++)
        buffer_add_format(&known, "%s%s", i > 0 ? ", " : "", mail_template_names[i]);
    return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                "there is no mail \"%.*s\"; there are %.*s", STR_ARG(name), (int)known.len,
                known.at);
}

static int preview(struct command_run *run, struct str name)
{
    const struct mail_settings *settings = run->settings;
    int template = name_index(mail_template_names, name);
    struct letter letter;

    if (template <0) {
        unknown_template(run, name);
        return EXIT_USAGE;
    }
    const struct mail_facts facts =
        letter_sample(run->arena, (enum mail_template) template, clock_now());
    letter_compose(run->arena, &facts, &letter);
    struct str body =
        settings->html ? letter_html(run->arena, &letter) : letter_text(run->arena, &letter);
    if (!settings->html) printf("Subject: %.*s\n\n", STR_ARG(letter.subject));
    printf("%.*s", STR_ARG(body));
    return EXIT_FINE;
}

static int mail(struct command_run *run)
{
    if (str_equal_c(run->positional[0], "preview")) return preview(run, run->positional[1]);
    fail(&run->problem, REASON_BAD_REQUEST, NULL, "minutebank mail knows preview, not \"%.*s\"",
         STR_ARG(run->positional[0]));
    return EXIT_USAGE;
}

const struct command mail_command = {
    .name = "mail",
    .summary = "shows what a mail looks like",
    .usage = "preview TEMPLATE [--html]",
    .about =
        "Prints a mail as it is sent, with invented names. Without a TEMPLATE that it knows it lists them all.",
    .options = mail_options,
    .settings_size = sizeof(struct mail_settings),
    .n_positional = 2,
    .run = mail,
};
