/* What reaches people by mail as a link (store/user_links.h): a new password for who forgot theirs, and a new address to
   sign in with once both addresses have confirmed it. Whoever holds a link's token is taken at their word, once. */
#ifndef ENGINE_USER_LINKS_H
#define ENGINE_USER_LINKS_H

#include "store/user_links.h"
#include "store/users.h"

enum { LINK_TOKEN_MAX_CHARS = 100 }; /* as one may send it */

#define RESET_VALID              MICROS_PER_HOUR
#define EMAIL_CHANGE_VALID       (24 * MICROS_PER_HOUR)

/* Not more often than this: a link that was sent keeps counting, so nobody who asks and asks kills another's, or fills
   their mailbox. */
#define RESET_AGAIN_AFTER        (5 * 60 * MICROS_PER_SECOND)
#define EMAIL_CHANGE_AGAIN_AFTER (60 * MICROS_PER_SECOND)

/* A link while its mail is made: the one before dies. `*token` absent when nobody wants it any more. */
bool user_link_make(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose,
                    struct str *token, instant_t *expires_at);

/* What a token opens, with the user held until the transaction ends when it writes. REASON_LINK_UNKNOWN,
   REASON_LINK_EXPIRED. */
struct opened_link {
    struct user_link link;
    struct hash token_hash;
    struct user user;
};
enum link_opening { LINK_TO_LOOK, LINK_TO_USE };
enum link_use { LINK_RESETS_PASSWORD, LINK_CONFIRMS_EMAIL };
bool user_link_open(struct tx *tx, struct str token, enum link_use use, enum link_opening opening,
                    struct opened_link *out);

/* Uses it up: REASON_LINK_UNKNOWN when somebody was faster. */
bool user_link_use(struct tx *tx, const struct opened_link *opened);

/* A password for the user, with everything that goes with it: sessions end but one (ID_NONE: all of them), links and
   changes of address die, and the user is told by mail. */
bool password_set(struct tx *tx, const struct user *user, struct str hash, id64_t kept_session);

/* Answers one who forgot their password, of the requests that wait (store/user_links.h). Who is a user is sent a link,
   unless one was asked for shortly before; who is not, is not told either. `*answered` 0: none wait. */
bool password_requests_answer(struct tx *tx, int64_t *answered);

/* A new address for a user who is held: REASON_MAIL_NOT_CONFIGURED, _BAD_EMAIL, _SAME_EMAIL, _EMAIL_TAKEN, or
   _TOO_MANY_TRIES when one was asked for a moment ago. Replaces a change that waits. */
bool email_change_begin(struct tx *tx, const struct user *user, struct str email,
                        struct email_change *out);

/* The link of one of the two addresses was followed. `*is_done`: it was the second, and the user signs in with the new
   address from now on; REASON_EMAIL_TAKEN when somebody else does already. */
bool email_change_settle(struct tx *tx, const struct opened_link *opened, struct email_change *out,
                         bool *is_done);

#endif
