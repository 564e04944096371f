/* Second factors: secrets of authenticator apps, sealed, and recovery codes as hashes; of users and, under the agency
   ID_NONE, of the platform's staff. Callers hold the user's row (principal_lock), so that one's changes come one after
   another. */
#ifndef STORE_SECOND_FACTORS_H
#define STORE_SECOND_FACTORS_H

#include "base/hash.h"
#include "store/db.h"

struct user_totp {
    struct bytes sealed;         /* in force; absent: none */
    int64_t last_step;           /* the newest whose code was used */
    struct bytes pending_sealed; /* waits for its first code; absent: none */
    instant_t pending_at;
};

bool user_totp_find(struct tx *tx, id64_t agency, id64_t user, struct user_totp *out, bool *found);

/* Whether there is any in the whole store. */
bool user_totp_any(struct tx *tx, bool *out);

/* What waits for a first code, in the whole store. */
bool user_totp_delete_pending(struct tx *tx);

/* Replaces what was waiting; what is in force stays in force. */
bool user_totp_set_pending(struct tx *tx, id64_t agency, id64_t user, struct bytes sealed);

/* What was waiting is in force from tx->now on, and its code of `step` is used. */
bool user_totp_confirm(struct tx *tx, id64_t agency, id64_t user, int64_t step);

/* Uses the code of a step up: `*taken` false when it, or a later one, was used before. */
bool user_totp_take_step(struct tx *tx, id64_t agency, id64_t user, int64_t step, bool *taken);

/* The rows of one who is deleted with them. */
bool second_factor_forget(struct tx *tx, id64_t agency, id64_t user);

/* The whole second factor, recovery codes too: none is asked for any more. */
bool second_factor_delete(struct tx *tx, id64_t agency, id64_t user);

/* These recovery codes from now on, and no others. */
bool recovery_codes_replace(struct tx *tx, id64_t agency, id64_t user, const struct hash *hashes,
                            size_t n);
bool recovery_code_take(struct tx *tx, id64_t agency, id64_t user, const struct hash *hash,
                        bool *taken);
bool recovery_codes_count(struct tx *tx, id64_t agency, id64_t user, int64_t *out);

#endif
