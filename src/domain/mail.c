#include "domain/mail.h"

#include <assert.h>

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
