/* Whoever takes a mail and brings it on its way: an SMTP server (smtp.h), or the log (dev_mail.h). */
#ifndef INTEGRATIONS_MAILER_H
#define INTEGRATIONS_MAILER_H

#include "base/str.h"
#include "base/types.h"

struct mail_message {
    struct str from_name, from_address; /* the name may be absent, as the receiver's */
    struct str to_name, to_address;
    struct str subject, text, html; /* one line; lines end with \n */
    struct str link;                /* absent: it has none that holds a secret */
    struct str id; /* of this try: another has another link, so it is another mail */
    instant_t at;
};

enum mail_result {
    MAIL_ACCEPTED,
    MAIL_DEFERRED,    /* not now: greylisting, a full mailbox */
    MAIL_UNREACHABLE, /* nothing can be sent at present: refused, timed out, sign-in or TLS failed */
    MAIL_INTERRUPTED, /* mailer->interrupt was called */
    MAIL_REJECTED,    /* never */
};

/* What `why` of a result may hold at most, and never an address or a link. */
enum { MAIL_WHY_MAX = 200 };

struct mailer {
    /* Takes as long as it takes: seconds. One thread at a time. `*why`, in the arena, unless it was accepted. */
    enum mail_result (*send)(struct mailer *mailer, struct arena *arena,
                             const struct mail_message *message, struct str *why);
    void (*interrupt)(
        struct mailer *mailer); /* from another thread: send ends soon, also later ones */
    void (*free)(struct mailer *mailer);
    struct str from_name, from_address; /* what mails come from; the name may be absent */
    int64_t longest_seconds;            /* that send takes */
};

#endif
