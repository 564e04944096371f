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
    return db_change_one(tx,
                         "UPDATE api_keys SET revoked_at = $3 WHERE agency_id = $1 AND id = $2"
                         " AND revoked_at IS NULL",
                         ARGS(db_int(agency), db_int(id), db_int(tx->now)));
}

bool api_key_end_at(struct tx *tx, id64_t agency, id64_t id, instant_t at)
{
    return db_run(tx,
                  "UPDATE api_keys SET expires_at = $3 WHERE agency_id = $1 AND id = $2"
                  " AND (expires_at IS NULL OR expires_at > $3)" /* api_keys_by_agency */,
                  ARGS(db_int(agency), db_int(id), db_int(at)), NULL);
}

bool api_key_list(struct tx *tx, id64_t agency, const struct api_key_filter *filter,
                  struct list *out)
{
    return db_list(tx,
                   SELECT_KEY " WHERE agency_id = $1 AND id < $2" /* api_keys_by_agency */
                              " AND revoked_at IS NULL ORDER BY id DESC LIMIT $3",
                   ARGS(db_int(agency),
                        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
                        db_int(filter->limit)),
                   api_key_row, sizeof(struct api_key), (size_t)filter->limit, out);
}
