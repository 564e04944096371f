#include "store/api_keys.h"

#include "domain/roles.h"

/* clang-format off */
static const struct field api_key_row[] = {
    FIELD_ID(struct api_key, agency_id, ID_AGENCY),
    FIELD_ID(struct api_key, id, ID_API_KEY),
    FIELD_TEXT(struct api_key, name),
    FIELD_TEXT(struct api_key, hint),
    FIELD_NAMES(struct api_key, scopes, key_scope_names),
    FIELD_ID(struct api_key, subaccount, ID_SUBACCOUNT),
    FIELD_ID(struct api_key, created_by, ID_USER),
    FIELD_INSTANT(struct api_key, created_at),
    FIELD_INSTANT(struct api_key, expires_at),
    FIELD_INSTANT(struct api_key, last_used_at),
    FIELD_INSTANT(struct api_key, revoked_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_KEY                                                                                 \
    "SELECT agency_id, id, name, hint, scopes, subaccount_id, created_by, created_at, expires_at," \
    " last_used_at, revoked_at FROM api_keys"

bool api_key_insert(struct tx *tx, const struct api_key *key, const struct hash *secret_hash)
{
    return db_run(
        tx,
        "INSERT INTO api_keys (secret_hash, agency_id, id, name, hint, scopes, subaccount_id,"
        " created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        ARGS(db_hash(secret_hash->at), db_int(key->agency_id), db_int(key->id), db_text(key->name),
             db_text(key->hint), db_int((int64_t)key->scopes), db_id(key->subaccount),
             db_id(key->created_by), db_int(key->created_at), db_instant(key->expires_at)),
        NULL);
}

bool api_key_load(struct tx *tx, id64_t agency, id64_t id, struct api_key *out)
{
    return db_find(tx, SELECT_KEY " WHERE agency_id = $1 AND id = $2" /* api_keys_by_agency */,
                   ARGS(db_int(agency), db_int(id)), api_key_row, out, NULL);
}

bool api_key_revoke(struct tx *tx, id64_t agency, id64_t id)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_change_one(tx,
                         "UPDATE api_keys SET revoked_at = $3 WHERE agency_id = $1 AND id = $2"
                         " AND revoked_at IS NULL",
                         ARGS(db_int(agency), db_int(id), db_int(tx->now)));
}

bool api_key_end_at(struct tx *tx, id64_t agency, id64_t id, instant_t at)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_run(tx,
                  "UPDATE api_keys SET expires_at = $3 WHERE agency_id = $1 AND id = $2"
                  " AND (expires_at IS NULL OR expires_at > $3)" /* api_keys_by_agency */,
                  ARGS(db_int(agency), db_int(id), db_int(at)), NULL);
}

const char *const api_key_status_names[] = { "active", "expired", "revoked", NULL };

enum api_key_status api_key_status(const struct api_key *key, instant_t now)
{
    if (key->revoked_at != INSTANT_NONE) return API_KEY_REVOKED;
    return key->expires_at != INSTANT_NONE && key->expires_at <= now ? API_KEY_EXPIRED
                                                                     : API_KEY_ACTIVE;
}

#define OLDER_WHERE  " WHERE agency_id = $1 AND id < $2 AND " /* api_keys_by_agency */
#define NEWEST_FIRST " ORDER BY id DESC LIMIT $3"

struct api_key_select {
    const char *sql;
    size_t n_values; /* of agency, before, limit, now */
};

/* clang-format off */
static const struct api_key_select not_revoked = {
    SELECT_KEY OLDER_WHERE "revoked_at IS NULL" NEWEST_FIRST, 3
};
static const struct api_key_select of_status[API_KEY_STATUS_COUNT] = {
    [API_KEY_ACTIVE] = {
        SELECT_KEY OLDER_WHERE "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $4)" NEWEST_FIRST, 4 },
    [API_KEY_EXPIRED] = { SELECT_KEY OLDER_WHERE "revoked_at IS NULL AND expires_at <= $4" NEWEST_FIRST, 4 },
    [API_KEY_REVOKED] = { SELECT_KEY OLDER_WHERE "revoked_at IS NOT NULL" NEWEST_FIRST, 3 },
};
/* clang-format on */

bool api_key_list(struct tx *tx, id64_t agency, const struct api_key_filter *filter,
                  struct list *out)
{
    const struct api_key_select *chosen =
        filter->status < 0 ? &not_revoked : &of_status[filter->status];
    const struct db_value values[] = {
        db_int(agency),
        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
        db_int(filter->limit),
        db_int(tx->now),
    };

    return db_list(tx, chosen->sql, (struct db_args){ values, chosen->n_values }, api_key_row,
                   sizeof(struct api_key), (size_t)filter->limit, out);
}
