#include "cli/mail_options.h"

#include "domain/accounts.h"
#include "integrations/dev_mail.h"
#include "integrations/smtp.h"

#include <stdio.h>
#include <string.h>

enum { SECRET_MAX = 1024 };

bool read_secret_file(struct command_run *run, const char *option, struct str path, struct str *out)
{
    char line[SECRET_MAX + 2];
    FILE *file = fopen(str_to_c(run->arena, path), "r");
    bool read = file != NULL && fgets(line, sizeof(line), file) != NULL;

    if (file != NULL) fclose(file);
    if (!read)
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--%s: the file cannot be read",
                    option);
    *out = str_copy(run->arena, str_trim(str_from_c(line)));
    memset(line, 0, sizeof(line));
    return true;
}

static bool refuse(struct command_run *run, const char *sentence)
{
    return fail(&run->problem, REASON_BAD_REQUEST, NULL, "%s", sentence);
}

static bool is_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c < ' ' || c == 0x7F) return false;
    }
    return str_is_text(text);
}

/* "Name <addr>", "\"Name\" <addr>" or "addr". */
static bool read_from(struct command_run *run, struct str from, struct mailer *mailer)
{
    struct str rest = from, before = STR_NONE, address = from, name = STR_NONE;

    if (str_ends_with(from, STR(">"))) {
        str_split(&rest, '<', &before);
        address = str_sub(rest, 0, rest.len > 0 ? rest.len - 1 : 0);
        name = str_trim(before);
        if (name.len >= 2 && name.at[0] == '"' && name.at[name.len - 1] == '"')
            name = str_sub(name, 1, name.len - 2);
    }
    if (!is_line(from) || !email_to_send(run->arena, address, &mailer->from_address))
        return refuse(run,
                      "--mail-from is \"Name <addr>\" or addr, such as mail@minutes.example.com");
    mailer->from_name = name.len > 0 ? name : STR_NONE;
    return true;
}

static bool open_smtp(struct command_run *run, const struct mail_options *options,
                      struct mailer **out)
{
    struct smtp_settings settings = {
        .url = options->url,
        .user = options->user,
        .ca_file = options->ca_file,
        .timeout_seconds = options->timeout_seconds,
        .is_insecure = options->is_insecure,
    };

    if (str_is_absent(options->from)) return refuse(run, "--smtp-url needs --mail-from");
    if (str_is_absent(options->user) != str_is_absent(options->password_file))
        return refuse(run, "--smtp-user and --smtp-password-file go together");
    if (!str_is_absent(options->password_file)
        && !read_secret_file(run, "smtp-password-file", options->password_file, &settings.password))
        return false;
    *out = smtp_new(&settings, &run->problem);
    return *out != NULL;
}

bool mail_options_open(struct command_run *run, const struct mail_options *options,
                       struct mailer **out)
{
    struct str from = str_is_absent(options->from) ? STR("minutebank@dev.example") : options->from;

    *out = NULL;
    if (str_is_absent(options->url) && !options->dev_mail) return true;
    if (!str_is_absent(options->url) && options->dev_mail)
        return refuse(run, "--smtp-url and --dev-mail exclude each other");
    if (options->dev_mail)
        *out = dev_mail_new();
    else if (!open_smtp(run, options, out))
        return false;
    if (read_from(run, from, *out)) return true;
    (*out)->free(*out);
    *out = NULL;
    return false;
}
