/* API keys' rows; who holds one is found by store/sessions.h. Only the secret's hash is kept. */
#ifndef STORE_API_KEYS_H
#define STORE_API_KEYS_H

#include "base/hash.h"
#include "store/db.h"

struct api_key {
    id64_t agency_id, id;
    struct str name;
    struct str hint;   /* the secret's last characters, to tell keys apart */
    uint64_t scopes;   /* bit set of enum key_scope */
    id64_t subaccount; /* the one that it reaches; ID_NONE: all */
    id64_t created_by; /* a user */
    instant_t created_at;
    instant_t expires_at;   /* INSTANT_NONE: never */
    instant_t last_used_at; /* INSTANT_NONE: not yet */
    instant_t revoked_at;   /* INSTANT_NONE: it works */
};

bool api_key_insert(struct tx *tx, const struct api_key *key, const struct hash *secret_hash);
bool api_key_load(struct tx *tx, id64_t agency, id64_t id, struct api_key *out); /* NOT_FOUND */

/* REASON_NOT_FOUND when there is no such key, or it was revoked before. */
bool api_key_revoke(struct tx *tx, id64_t agency, id64_t id);

/* It ends at `at`, unless it ends before. */
bool api_key_end_at(struct tx *tx, id64_t agency, id64_t id, instant_t at);

enum api_key_status { API_KEY_ACTIVE, API_KEY_EXPIRED, API_KEY_REVOKED, API_KEY_STATUS_COUNT };
extern const char *const api_key_status_names[];
enum api_key_status api_key_status(const struct api_key *key, instant_t now);

struct api_key_filter {
    int status;    /* enum api_key_status; -1: all but the revoked ones */
    id64_t before; /* cursor: only older ones; ID_NONE: from the newest */
    int64_t limit;
};

/* Newest first. */
bool api_key_list(struct tx *tx, id64_t agency, const struct api_key_filter *filter,
                  struct list *out);

#endif
