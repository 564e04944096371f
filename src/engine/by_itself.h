/* What the program does by itself, without anybody asking at that moment: it stands in the agency's trail, and those who
   run the agency are told. */
#ifndef ENGINE_BY_ITSELF_H
#define ENGINE_BY_ITSELF_H

#include "base/id.h"
#include "domain/mail.h"
#include "store/db.h"

/* An event of the trail without a person: `after` as `fields` say. */
bool record_by_itself(struct tx *tx, id64_t agency, const char *action, enum id_kind kind,
                      id64_t target, const struct field *fields, const void *after);

/* A mail to the owner and to every admin about what the template says: one of the agency's accounts, a payout; `once` names the cause, so that each cause
   is told once. */
bool tell_admins(struct tx *tx, id64_t agency, enum mail_template template, id64_t about,
                 struct str detail, struct str once);

#endif
