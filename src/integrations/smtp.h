/* Mail by SMTP (RFC 5321) through libcurl: STARTTLS or TLS, sign-in, one connection that is kept while it is used. */
#ifndef INTEGRATIONS_SMTP_H
#define INTEGRATIONS_SMTP_H

#include "base/problem.h"
#include "integrations/mailer.h"

enum { SMTP_TIMEOUT_SECONDS = 30 };

struct smtp_settings {
    struct str url;            /* smtp://host:587 or smtps://host */
    struct str user, password; /* absent: no sign-in */
    struct str ca_file;        /* certificates to trust; absent: the system's */
    int64_t timeout_seconds;   /* for a whole mail; 0: SMTP_TIMEOUT_SECONDS */
    bool is_insecure;          /* without TLS, or with a certificate that nobody vouches for */
};

/* TLS is required, and the certificate checked, unless the server is on this machine or is_insecure says so. The caller
   fills from_name and from_address, and ends it with its `free`. NULL and REASON_BAD_REQUEST for a URL that is none. Before
   threads start. */
struct mailer *smtp_new(const struct smtp_settings *settings, struct problem *problem);

/* What a server's answer to a command means, for tests: `verb` is the command's ("RCPT"). */
enum mail_result smtp_judge(struct str verb, int code);

/* A server's words as they may be kept: one line, bounded, without addresses and links. */
struct str smtp_cleaned(struct arena *arena, struct str words);

#endif
