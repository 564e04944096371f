/* How serve is told to send mail, and the mailer that comes of it. */
#ifndef CLI_MAIL_OPTIONS_H
#define CLI_MAIL_OPTIONS_H

#include "cli/command.h"
#include "integrations/mailer.h"

struct mail_options {
    struct str url, user, password_file, ca_file, from;
    int64_t timeout_seconds;
    bool is_insecure, dev_mail;
};

/* Their rows in the option table of a struct whose member `mail` they are. */
/* clang-format off */
#define MAIL_OPTIONS(s, mail)                                                                                          \
    {.name = "smtp-url", .type = OPTION_TEXT, .offset = offsetof(s, mail.url), .placeholder = "URL",                   \
     .help = "sends mail: smtp://HOST:587, with STARTTLS, or smtps://HOST"},                                           \
    {.name = "smtp-user", .type = OPTION_TEXT, .offset = offsetof(s, mail.user), .placeholder = "USER",                \
     .help = "signs in to the mail server as this user"},                                                              \
    {.name = "smtp-password-file", .type = OPTION_TEXT, .offset = offsetof(s, mail.password_file),                     \
     .placeholder = "FILE", .help = "holds that user's password in its first line"},                                   \
    {.name = "smtp-ca-file", .type = OPTION_TEXT, .offset = offsetof(s, mail.ca_file), .placeholder = "FILE",          \
     .help = "certificates that may vouch for the mail server; default: the system's"},                                \
    {.name = "smtp-insecure", .type = OPTION_SWITCH, .offset = offsetof(s, mail.is_insecure),                          \
     .help = "sends also without TLS, or to a server whose certificate nobody vouches for"},                           \
    {.name = "smtp-timeout", .type = OPTION_INTEGER, .offset = offsetof(s, mail.timeout_seconds),                      \
     .default_text = "30", .min = 1, .max = 600, .placeholder = "SECONDS", .help = "for one mail at most"},            \
    {.name = "mail-from", .type = OPTION_TEXT, .offset = offsetof(s, mail.from), .placeholder = "ADDRESS",             \
     .help = "\"Name <addr>\", or addr alone: then each agency's own name"},                                           \
    {.name = "dev-mail", .type = OPTION_SWITCH, .offset = offsetof(s, mail.dev_mail),                                  \
     .help = "for development: prints mail, with its links, to the log instead of sending it"}
/* clang-format on */

/* NULL, without a problem, when mail is not configured. Texts that it keeps live as long as the run's arena. */
bool mail_options_open(struct command_run *run, const struct mail_options *options,
                       struct mailer **out);

/* The first line of a file of secrets, without blanks around it: "--OPTION: the file cannot be read". */
bool read_secret_file(struct command_run *run, const char *option, struct str path,
                      struct str *out);

#endif
