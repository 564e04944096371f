#include "store/sessions.h"

#include "domain/accounts.h"

#include <limits.h>

/* clang-format off */
static const struct field session_identity_row[] = {
    FIELD_ID(struct identity, agency, ID_AGENCY),
    FIELD_ID(struct identity, user, ID_USER),
    FIELD_ID(struct identity, session, ID_SESSION),
    FIELD_NAME(struct identity, role, role_names),
    FIELD_BOOLEAN(struct identity, reaches_all),
    FIELD_TEXT(struct identity, name),
    FIELD_TEXT(struct identity, email),
    FIELD_TEXT(struct identity, timezone),
    FIELD_ID(struct identity, primary, ID_SUBACCOUNT),
    FIELD_NAME(struct identity, agency_status, agency_status_names),
    FIELD_INSTANT(struct identity, created_at),
    FIELD_INSTANT(struct identity, last_seen_at),
    FIELD_BOOLEAN(struct identity, two_factor_required),
    FIELD_INSTANT(struct identity, two_factor_at),
    FIELD_INTEGER(struct identity, requests_per_second),
    FIELD_INTEGER(struct identity, queue_share),
    FIELD_END,
};

static const struct field key_identity_row[] = {
    FIELD_ID(struct identity, agency, ID_AGENCY),
    FIELD_ID(struct identity, api_key, ID_API_KEY),
    FIELD_NAMES(struct identity, scopes, key_scope_names),
    FIELD_ID(struct identity, only_subaccount, ID_SUBACCOUNT),
    FIELD_TEXT(struct identity, name),
    FIELD_TEXT(struct identity, timezone),
    FIELD_ID(struct identity, primary, ID_SUBACCOUNT),
    FIELD_NAME(struct identity, agency_status, agency_status_names),
    FIELD_INSTANT(struct identity, created_at),
    FIELD_INSTANT(struct identity, last_seen_at),
    FIELD_INSTANT(struct identity, expires_at),
    FIELD_INSTANT(struct identity, revoked_at),
    FIELD_INTEGER(struct identity, requests_per_second),
    FIELD_INTEGER(struct identity, queue_share),
    FIELD_END,
};

const struct field session_columns[] = {
    FIELD_ID(struct session_row, id, ID_SESSION),
    FIELD_INSTANT(struct session_row, created_at),
    FIELD_INSTANT(struct session_row, last_seen_at),
    FIELD_TEXT(struct session_row, address),
    FIELD_TEXT(struct session_row, user_agent),
    FIELD_END,
};
/* clang-format on */

static const struct identity nobody = {
    .created_at = INSTANT_NONE,
    .last_seen_at = INSTANT_NONE,
    .expires_at = INSTANT_NONE,
    .revoked_at = INSTANT_NONE,
    .two_factor_at = INSTANT_NONE,
};

bool session_find(struct tx *tx, const struct hash *token_hash, struct identity *out, bool *found)
{
    *out = nobody;
    return db_find(
        tx,
        "SELECT s.agency_id, s.user_id, s.id, u.role, u.reaches_all, u.name, u.email,"
        " a.timezone, a.primary_id, a.status, s.created_at, s.last_seen_at,"
        " a.two_factor_required, u.two_factor_at, COALESCE(a.requests_per_second, 0), a.queue_share"
        " FROM sessions s"
        " JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id"
        " JOIN agencies a ON a.id = s.agency_id"
        " WHERE s.token_hash = $1" /* the key */,
        ARGS(db_hash(token_hash->at)), session_identity_row, out, found);
}

bool api_key_find(struct tx *tx, const struct hash *secret_hash, struct identity *out, bool *found)
{
    *out = nobody;
    return db_find(
        tx,
        "SELECT k.agency_id, k.id, k.scopes, k.subaccount_id, k.name, a.timezone,"
        " a.primary_id, a.status, k.created_at, k.last_used_at, k.expires_at, k.revoked_at,"
        " COALESCE(a.requests_per_second, 0), a.queue_share"
        " FROM api_keys k JOIN agencies a ON a.id = k.agency_id"
        " WHERE k.secret_hash = $1" /* the key */,
        ARGS(db_hash(secret_hash->at)), key_identity_row, out, found);
}

static bool session_is_current(const struct identity *session, instant_t now)
{
    return now - session->last_seen_at < SESSION_IDLE_MAX
        && now - session->created_at < SESSION_AGE_MAX;
}

static bool key_is_current(const struct identity *key, instant_t now)
{
    return key->revoked_at == INSTANT_NONE
        && (key->expires_at == INSTANT_NONE || now < key->expires_at);
}

bool identity_is_current(const struct identity *identity, instant_t now)
{
    return identity->session != ID_NONE ? session_is_current(identity, now)
                                        : key_is_current(identity, now);
}

bool user_grants(struct tx *tx, id64_t agency, id64_t user, const id64_t **ids, size_t *n)
{
    /* A row is one id: the list's items are the ids themselves. */
    static const struct field row[] = {
        { .name = "subaccount_id", .type = FIELD_IS_ID, .id_kind = ID_SUBACCOUNT },
        FIELD_END,
    };
    struct list list;

    if (!db_list(tx,
                 "SELECT subaccount_id FROM user_grants WHERE agency_id = $1 AND user_id = $2"
                 " ORDER BY subaccount_id" /* the key */,
                 ARGS(db_int(agency), db_int(user)), row, sizeof(id64_t), SIZE_MAX, &list))
        return false;
    *ids = list.at;
    *n = list.count;
    return true;
}

static bool user_seen(struct tx *tx, id64_t agency, id64_t user)
{
    return db_run(tx, "UPDATE users SET last_seen_at = $3 WHERE agency_id = $1 AND id = $2",
                  ARGS(db_int(agency), db_int(user), db_int(tx->now)), NULL);
}

bool session_insert(struct tx *tx, const struct hash *token_hash, id64_t id, id64_t agency,
                    id64_t user, struct str address, struct str user_agent)
{
    return db_run(tx,
                  "INSERT INTO sessions (token_hash, id, agency_id, user_id, created_at,"
                  " last_seen_at, address, user_agent) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
                  ARGS(db_hash(token_hash->at), db_int(id), db_int(agency), db_int(user),
                       db_int(tx->now), db_text(address), db_text(user_agent)),
                  NULL)
        && user_seen(tx, agency, user);
}

bool session_touch(struct tx *tx, id64_t session)
{
    struct identity owner;
    bool found;
    static const struct field row[] = {
        FIELD_ID(struct identity, agency, ID_AGENCY),
        FIELD_ID(struct identity, user, ID_USER),
        FIELD_END,
    };

    if (!db_find(tx,
                 "UPDATE sessions SET last_seen_at = $2 WHERE id = $1" /* its own unique key */
                 " RETURNING agency_id, user_id",
                 ARGS(db_int(session), db_int(tx->now)), row, &owner, &found))
        return false;
    return !found || user_seen(tx, owner.agency, owner.user);
}

bool api_key_touch(struct tx *tx, id64_t api_key)
{
    return db_run(tx, "UPDATE api_keys SET last_used_at = $2 WHERE id = $1",
                  ARGS(db_int(api_key), db_int(tx->now)), NULL);
}

bool session_list(struct tx *tx, id64_t agency, id64_t user, const struct session_filter *filter,
                  struct list *out)
{
    int64_t before = filter->before != ID_NONE ? filter->before : INT64_MAX;

    return db_list(tx,
                   "SELECT id, created_at, last_seen_at, address, user_agent FROM sessions"
                   " WHERE agency_id = $1 AND user_id = $2 AND id < $3" /* sessions_by_user */
                   " AND last_seen_at > $4 AND created_at > $5 ORDER BY id DESC LIMIT $6",
                   ARGS(db_int(agency), db_int(user), db_int(before),
                        db_int(tx->now - SESSION_IDLE_MAX), db_int(tx->now - SESSION_AGE_MAX),
                        db_int(filter->limit)),
                   session_columns, sizeof(struct session_row), (size_t)filter->limit, out);
}

bool session_delete(struct tx *tx, id64_t agency, id64_t user, id64_t session)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_change_one(tx,
                         "DELETE FROM sessions WHERE agency_id = $1 AND user_id = $2 AND id = $3",
                         ARGS(db_int(agency), db_int(user), db_int(session)));
}

bool sessions_delete_of(struct tx *tx, id64_t agency, id64_t user)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_run(
        tx, "DELETE FROM sessions WHERE agency_id = $1 AND user_id = $2" /* sessions_by_user */,
        ARGS(db_int(agency), db_int(user)), NULL);
}

bool sessions_delete_others(struct tx *tx, id64_t agency, id64_t user, id64_t kept)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_run(tx,
                  "DELETE FROM sessions WHERE agency_id = $1 AND user_id = $2 AND id <> $3"
                  /* sessions_by_user */,
                  ARGS(db_int(agency), db_int(user), db_int(kept)), NULL);
}

bool session_rotate(struct tx *tx, id64_t agency, id64_t user, id64_t session,
                    const struct hash *token_hash)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_change_one(
        tx,
        "UPDATE sessions SET token_hash = $4"
        " WHERE agency_id = $1 AND user_id = $2 AND id = $3",
        ARGS(db_int(agency), db_int(user), db_int(session), db_hash(token_hash->at)));
}

bool session_delete_held(struct tx *tx, id64_t agency, id64_t user, const struct hash *token_hash)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_run(tx,
                  "DELETE FROM sessions WHERE token_hash = $1 AND agency_id = $2 AND user_id = $3",
                  ARGS(db_hash(token_hash->at), db_int(agency), db_int(user)), NULL);
}

/* One that is too old is never touched again, so the idle limit finds it a little later. */
bool sessions_delete_expired(struct tx *tx, int64_t *deleted)
{
    return db_run(
        tx,
        "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions"
        " WHERE last_seen_at <= $1 ORDER BY last_seen_at LIMIT $2 /*postgres FOR UPDATE SKIP LOCKED*/)"
        /* sessions_by_last_seen */,
        ARGS(db_int(tx->now - SESSION_IDLE_MAX), db_int(EXPIRED_SESSIONS_BITE)), deleted);
}
