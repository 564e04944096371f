#include "domain/mail.h"

#include <assert.h>

enum { FIRST_WAIT_SECONDS = 30, LONGEST_WAIT_SECONDS = 3600, DOUBLINGS_MAX = 7 };

const char *const mail_template_names[] = {
#define MAIL(name, text, hours, link) text,
#include "domain/mail.def"
#undef MAIL
    NULL,
};

static const struct {
    int64_t hours;
    const char *link;
} templates[] = {
#define MAIL(name, text, hours, link) { hours, link },
#include "domain/mail.def"
#undef MAIL
};

instant_t mail_worth(enum mail_template template)
{
    assert(template <MAIL_TEMPLATE_COUNT);
    return templates[template].hours * MICROS_PER_HOUR;
}

const char *mail_link_page(enum mail_template template)
{
    assert(template <MAIL_TEMPLATE_COUNT);
    return templates[template].link;
}

/* A quarter more or less, so that what failed together is not tried together. */
instant_t mail_next_try(int64_t tries, instant_t now, struct rng *jitter)
{
    int64_t doublings = tries < 1 ? 0 : tries - 1;
    int64_t wait = FIRST_WAIT_SECONDS;

    if (doublings > DOUBLINGS_MAX) doublings = DOUBLINGS_MAX;
    wait <<= doublings;
    if (wait > LONGEST_WAIT_SECONDS) wait = LONGEST_WAIT_SECONDS;
    wait *= MICROS_PER_SECOND;
    return now + rng_between(jitter, wait - wait / 4, wait + wait / 4);
}
