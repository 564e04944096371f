/* Replies kept under their Idempotency-Key for 30 days (api.md "Conventions"), in the commit of the effect. */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include "base/hash.h"
#include "store/db.h"

#define IDEMPOTENCY_KEPT (30 * MICROS_PER_DAY)

struct stored_reply {
    id64_t agency, caller;
    struct str key;
    struct hash request_hash;
    int64_t status;
    struct str content_type, body;
};

/* The reply kept for (agency, caller, key), if any and not older than IDEMPOTENCY_KEPT. */
bool stored_reply_find(struct tx *tx, id64_t agency, id64_t caller, struct str key,
                       struct stored_reply *out, bool *found);

/* Claims the key: false with REASON_CONFLICT when another transaction just did. */
bool stored_reply_insert(struct tx *tx, const struct stored_reply *reply);

/* Deletes some of those that are older than IDEMPOTENCY_KEPT; `*deleted` 0: none are left. */
bool stored_replies_delete_expired(struct tx *tx, int64_t *deleted);

#endif
