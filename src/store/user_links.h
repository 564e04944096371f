/* Links that reach people by mail, kept as hashes: of each purpose a user's newest one counts, once. Also what they are
   for: requests for a new password, and changes of address. */
#ifndef STORE_USER_LINKS_H
#define STORE_USER_LINKS_H

#include "base/hash.h"
#include "store/db.h"

enum link_purpose { LINK_RESET_PASSWORD, LINK_CONFIRM_OLD_EMAIL, LINK_CONFIRM_NEW_EMAIL };
extern const char *const link_purpose_names[];

struct user_link {
    id64_t agency_id, user_id;
    int purpose;
    instant_t expires_at;
};

/* When a mail with a link was wanted last; INSTANT_NONE: never, or it was used. */
bool user_link_wanted_at(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose,
                         instant_t *out);

/* Notes that a mail with a link is wanted from now on. The link that was sent before counts until the next one is made,
   or no more. */
enum link_before { LINK_BEFORE_COUNTS, LINK_BEFORE_DIES };
bool user_link_want(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose,
                    enum link_before before);

/* The link of the mail that is being made; the one before dies. `*wanted` false: nobody asks for it any more. */
bool user_link_set(struct tx *tx, const struct user_link *link, const struct hash *token_hash,
                   bool *wanted);

bool user_link_find(struct tx *tx, const struct hash *token_hash, struct user_link *out,
                    bool *found);

/* Takes the link away: `*taken` false when somebody else did, or a newer one replaced it. */
bool user_link_take(struct tx *tx, const struct user_link *link, const struct hash *token_hash,
                    bool *taken);

bool user_links_delete(struct tx *tx, id64_t agency, id64_t user); /* of every purpose */

/* A request for a new password. The one that waits the longest is taken out: `*found` false when none does. */
struct password_request {
    id64_t id;
    struct str email_key, address;
    instant_t asked_at;
};
bool password_request_insert(struct tx *tx, const struct password_request *request);
bool password_request_take(struct tx *tx, struct password_request *out, bool *found);

/* A change of address that waits until both addresses have confirmed it; one that ran out is not found. */
struct email_change {
    id64_t agency_id, user_id;
    struct str email, email_key;
    instant_t old_confirmed_at, new_confirmed_at, created_at, expires_at;
};
bool email_change_find(struct tx *tx, id64_t agency, id64_t user, struct email_change *out,
                       bool *found);
bool email_change_put(struct tx *tx, const struct email_change *change); /* replaces an older one */
bool email_change_confirm(struct tx *tx, const struct email_change *change);
bool email_change_delete(struct tx *tx, id64_t agency, id64_t user);

#endif
