#include "store/idempotency.h"

#include <string.h>

/* How many expired rows one call deletes: a bite that holds the writer for milliseconds. */
enum { EXPIRED_REPLIES_BITE = 500 };

static bool read_hash(struct db_rows *rows, int column, struct hash *out)
{
    struct bytes bytes = row_bytes(rows, column);

    if (bytes.len != HASH_BYTES)
        return fail(rows->tx->problem, REASON_INTERNAL, NULL, "a stored request hash has %zu bytes",
                    bytes.len);
    memcpy(out->at, bytes.at, HASH_BYTES);
    return true;
}

bool stored_reply_find(struct tx *tx, id64_t agency, id64_t caller, struct str key,
                       struct stored_reply *out, bool *found)
{
    struct db_rows rows;

    *out = (struct stored_reply){ .agency = agency, .caller = caller, .key = key };
    if (!db_query(
            tx, &rows,
            "SELECT request_hash, status, content_type, reply FROM idempotency_keys"
            " WHERE agency_id = $1 AND caller_id = $2 AND idempotency_key = $3" /* the key */
            " AND created_at > $4",
            ARGS(db_int(agency), db_int(caller), db_text(key), db_int(tx->now - IDEMPOTENCY_KEPT))))
        return false;
    *found = db_next(&rows);
    if (*found) {
        rows.failed = !read_hash(&rows, 0, &out->request_hash);
        out->status = row_int(&rows, 1);
        out->content_type = row_text(&rows, 2);
        out->body = row_text(&rows, 3);
    }
    return db_done(&rows);
}

/* A reply that is too old to be replayed, and not yet deleted, gives its key up. */
bool stored_reply_insert(struct tx *tx, const struct stored_reply *reply)
{
    int64_t claimed;

    if (!db_run(tx,
                "INSERT INTO idempotency_keys (agency_id, caller_id, idempotency_key, request_hash,"
                " status, content_type, reply, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                " ON CONFLICT (agency_id, caller_id, idempotency_key) DO UPDATE SET"
                " request_hash = excluded.request_hash, status = excluded.status,"
                " content_type = excluded.content_type, reply = excluded.reply,"
                " created_at = excluded.created_at WHERE idempotency_keys.created_at <= $9",
                ARGS(db_int(reply->agency), db_int(reply->caller), db_text(reply->key),
                     db_hash(reply->request_hash.at), db_int(reply->status),
                     db_text(reply->content_type), db_text(reply->body), db_int(tx->now),
                     db_int(tx->now - IDEMPOTENCY_KEPT)),
                &claimed))
        return false;
    return claimed == 1 || fail_as(tx->problem, REASON_CONFLICT, NULL);
}

bool stored_replies_delete_expired(struct tx *tx, int64_t *deleted)
{
    return db_run(
        tx,
        "DELETE FROM idempotency_keys WHERE (agency_id, caller_id, idempotency_key) IN"
        " (SELECT agency_id, caller_id, idempotency_key FROM idempotency_keys"
        " WHERE created_at <= $1 ORDER BY created_at LIMIT $2 /*postgres FOR UPDATE SKIP LOCKED*/)"
        /* idempotency_keys_by_age */,
        ARGS(db_int(tx->now - IDEMPOTENCY_KEPT), db_int(EXPIRED_REPLIES_BITE)), deleted);
}
