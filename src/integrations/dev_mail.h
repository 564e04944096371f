/* Mail for developers: it goes to the log, with its link, and nowhere else. */
#ifndef INTEGRATIONS_DEV_MAIL_H
#define INTEGRATIONS_DEV_MAIL_H

#include "integrations/mailer.h"

struct mailer *dev_mail_new(void);

#endif
