/* A change of address that waits, as it is shown to whom it is about. */
#ifndef API_EMAIL_CHANGES_H
#define API_EMAIL_CHANGES_H

#include "base/field.h"
#include "store/user_links.h"

struct email_change_view {
    struct str email;
    bool old_confirmed, new_confirmed;
    instant_t expires_at;
};
extern const struct field email_change_fields[];
struct email_change_view email_change_view(const struct email_change *change);

#endif
