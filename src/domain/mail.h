/* Mail: which ones there are (mail.def), and what one says. Pure. */
#ifndef DOMAIN_MAIL_H
#define DOMAIN_MAIL_H

#include "base/str.h"
#include "base/types.h"
#include "base/zone.h"
#include "domain/roles.h"

enum mail_template {
#define MAIL(name, text, hours, link) MAIL_##name,
#include "domain/mail.def"
#undef MAIL
    MAIL_TEMPLATE_COUNT
};
extern const char *const mail_template_names[];

/* After so long it is not sent any more. */
instant_t mail_worth(enum mail_template template);

/* The page that its link opens ("/accept"), or NULL when it has no link with a token. */
const char *mail_link_page(enum mail_template template);

/* What one mail says, as it is known at the time of sending. Texts that do not apply are absent. */
struct mail_facts {
    enum mail_template template;
    bool
        is_void; /* there is nothing to say any more: the invitation was taken back, the person has left */

    struct str address, name;       /* to whom; the name may not be known */
    struct str agency_name, colour; /* the agency's, as it shows itself */
    const struct zone *zone;        /* the agency's, for times */
    struct str origin;              /* "https://minutes.example.com": where the console is */
    struct str token;               /* of its link; a secret */
    instant_t expires_at;           /* when the link dies; INSTANT_NONE: no link */
    instant_t happened_at;          /* when its cause happened */
    instant_t due_at;               /* when what it announces happens; INSTANT_NONE: nothing */
    struct str by, about;           /* names of who did it and of whom it is about */
    bool is_about_recipient;
    struct str detail;
    micros_t amount; /* of a payout */
    enum role role;  /* of an invitation, with what it reaches: */
    bool reaches_all;
    const struct str *accounts; /* names */
    size_t n_accounts;
};

#endif
