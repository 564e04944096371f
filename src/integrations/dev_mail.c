#include "integrations/dev_mail.h"

#include "base/log.h"

#include <assert.h>
#include <stdlib.h>

/* The one place where a secret is logged, because it was asked for. The link is apart from the text, which the log may
   have to cut. */
static enum mail_result print(struct mailer *mailer, struct arena *arena,
                              const struct mail_message *message, struct str *why)
{
    (void)mailer, (void)arena, (void)why;
    if (str_is_absent(message->link))
        log_event(LOG_INFO, "dev_mail", LOG_TEXT("to", message->to_address),
                  LOG_TEXT("subject", message->subject));
    else
        log_event(LOG_INFO, "dev_mail", LOG_TEXT("to", message->to_address),
                  LOG_TEXT("subject", message->subject), LOG_TEXT("link", message->link));
    log_event(LOG_INFO, "dev_mail_text", LOG_TEXT("text", message->text));
    return MAIL_ACCEPTED;
}

static void go_on(struct mailer *mailer)
{
    (void)mailer;
}

static void end(struct mailer *mailer)
{
    free(mailer);
}

struct mailer *dev_mail_new(void)
{
    struct mailer *mailer = calloc(1, sizeof(*mailer));

    assert(mailer != NULL);
    *mailer = (struct mailer){ .send = print, .interrupt = go_on, .free = end };
    return mailer;
}
