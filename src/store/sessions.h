/* Who is asking: sessions of people and keys of machines, found by the hash of their secret. */
#ifndef STORE_SESSIONS_H
#define STORE_SESSIONS_H

#include "base/hash.h"
#include "domain/roles.h"
#include "store/db.h"

/* How many expired rows one call deletes: a bite that holds the writer for milliseconds. */
enum { EXPIRED_SESSIONS_BITE = 500 };

/* Sessions end after this long without use, and at this age whatever happens. */
#define SESSION_IDLE_MAX    (14 * MICROS_PER_DAY)
#define SESSION_AGE_MAX     (90 * MICROS_PER_DAY)
/* last_seen_at is written at most this often. */
#define SESSION_TOUCH_EVERY (5 * 60 * MICROS_PER_SECOND)

struct identity {
    id64_t agency, user, session, api_key;
    int role;
    uint64_t scopes;
    id64_t only_subaccount; /* of an API key */
    bool reaches_all;
    bool
        is_platform; /* of the platform's staff (store/platform.h): the agency is the one that was entered */
    struct str name, email, timezone;
    id64_t primary;
    int agency_status;
    int64_t requests_per_second, queue_share; /* of the agency (domain/accounts.h) */
    instant_t created_at, last_seen_at, expires_at, revoked_at;
    bool two_factor_required; /* the agency asks its people for it */
    instant_t two_factor_at;  /* of a person: since when they have it; INSTANT_NONE: they do not */
};

/* By the secret's hash; `*found` false when there is none. Expiry is for the caller to judge (identity_is_current). */
bool session_find(struct tx *tx, const struct hash *token_hash, struct identity *out, bool *found);
bool api_key_find(struct tx *tx, const struct hash *secret_hash, struct identity *out, bool *found);
bool identity_is_current(const struct identity *identity, instant_t now);

/* The sub-accounts granted to a user, ascending, in tx->arena. */
bool user_grants(struct tx *tx, id64_t agency, id64_t user, const id64_t **ids, size_t *n);

bool session_insert(struct tx *tx, const struct hash *token_hash, id64_t id, id64_t agency,
                    id64_t user, struct str address, struct str user_agent);
bool session_touch(struct tx *tx, id64_t session); /* and the user's last_seen_at */
bool api_key_touch(struct tx *tx, id64_t api_key);

/* A person's sessions that have not ended, newest first. */
struct session_row {
    id64_t id;
    instant_t created_at, last_seen_at;
    struct str address, user_agent;
};
extern const struct field session_columns[]; /* of a list of struct session_row */

struct session_filter {
    id64_t before; /* cursor: only older ones; ID_NONE: from the newest */
    int64_t limit;
};
bool session_list(struct tx *tx, id64_t agency, id64_t user, const struct session_filter *filter,
                  struct list *out);
bool session_delete(struct tx *tx, id64_t agency, id64_t user,
                    id64_t session); /* REASON_NOT_FOUND */

/* All of a person's sessions; all but one. */
bool sessions_delete_of(struct tx *tx, id64_t agency, id64_t user);
bool sessions_delete_others(struct tx *tx, id64_t agency, id64_t user, id64_t kept);

/* The session goes on under another secret; the old one is nobody's. REASON_NOT_FOUND */
bool session_rotate(struct tx *tx, id64_t agency, id64_t user, id64_t session,
                    const struct hash *token_hash);

/* The session of this secret, if it is this person's. */
bool session_delete_held(struct tx *tx, id64_t agency, id64_t user, const struct hash *token_hash);

/* Deletes some of those that ended; `*deleted` 0: none are left. */
bool sessions_delete_expired(struct tx *tx, int64_t *deleted);

#endif
