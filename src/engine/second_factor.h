/* Setting up a second factor, asking for it, giving it up. Callers hold the user's row (user_lock). `secret_key` is
   the server's (base/seal.h); where it is absent REASON_SECRET_KEY_MISSING. */
#ifndef ENGINE_SECOND_FACTOR_H
#define ENGINE_SECOND_FACTOR_H

#include "domain/second_factor.h"
#include "store/users.h"

/* A fresh secret that waits for its first code; what is in force stays so until then. */
bool second_factor_begin(struct tx *tx, struct str secret_key, const struct user *user,
                         struct bytes *secret);

/* The waiting secret's first code: it is asked for from now on, and these recovery codes count and no others.
   REASON_TWO_FACTOR_NOT_PENDING, REASON_CODE_INVALID. */
bool second_factor_confirm(struct tx *tx, struct str secret_key, const struct user *user,
                           struct str code, struct str *recovery_codes);

/* Whether `code` is right, which uses it up: an app's, or a recovery code. */
enum second_factor_answer { ANSWER_WRONG, ANSWER_CODE, ANSWER_RECOVERY_CODE };
bool second_factor_check(struct tx *tx, struct str secret_key, const struct user *user,
                         struct str code, enum second_factor_answer *out);

/* Tells the user by mail what was done: their two-factor sign-in "was turned on". */
bool second_factor_tell(struct tx *tx, const struct user *user, const char *what);

/* Ten new ones, told once; older ones do not count any more. `out` has RECOVERY_CODES places. */
bool recovery_codes_renew(struct tx *tx, const struct user *user, struct str *out);

#endif
