#include "store/platform.h"

#include "base/id.h"
#include "domain/accounts.h"
#include "store/many.h"
#include "store/users.h"

#include <limits.h>

/* clang-format off */
static const struct field user_columns[] = {
    FIELD_ID(struct platform_user, id, ID_PLATFORM_USER),
    FIELD_TEXT(struct platform_user, email),
    FIELD_TEXT(struct platform_user, name),
    FIELD_TEXT(struct platform_user, password_hash),
    FIELD_INSTANT(struct platform_user, created_at),
    FIELD_INSTANT(struct platform_user, last_seen_at),
    FIELD_INSTANT(struct platform_user, two_factor_at),
    FIELD_END,
};

static const struct field identity_columns[] = {
    FIELD_ID(struct identity, agency, ID_AGENCY),
    FIELD_ID(struct identity, user, ID_PLATFORM_USER),
    FIELD_ID(struct identity, session, ID_SESSION),
    FIELD_TEXT(struct identity, name),
    FIELD_TEXT(struct identity, email),
    FIELD_TEXT(struct identity, timezone),
    FIELD_ID(struct identity, primary, ID_SUBACCOUNT),
    FIELD_NAME(struct identity, agency_status, agency_status_names),
    FIELD_INSTANT(struct identity, created_at),
    FIELD_INSTANT(struct identity, last_seen_at),
    FIELD_END,
};
/* clang-format on */

static const struct field name_columns[] = {
    FIELD_ID(struct platform_user, id, ID_PLATFORM_USER),
    FIELD_TEXT(struct platform_user, name),
    FIELD_END,
};

/* More staff than will ever be inside one agency at once. */
enum { INSIDE_MAX = 20 };

#define SELECT_USER                                                                                \
    "SELECT u.id, u.email, u.name, u.password_hash, u.created_at, u.last_seen_at, u.two_factor_at" \
    " FROM "

bool platform_user_insert(struct tx *tx, const struct platform_user *user, struct str email_key)
{
    return email_claim(tx, ID_NONE, user->id, email_key)
        && db_run(tx,
                  "INSERT INTO platform_users (id, email, name, password_hash, created_at)"
                  " VALUES ($1, $2, $3, $4, $5)",
                  ARGS(db_int(user->id), db_text(user->email), db_text(user->name),
                       db_text(user->password_hash), db_instant(user->created_at)),
                  NULL);
}

bool platform_user_load(struct tx *tx, id64_t id, struct platform_user *out)
{
    return db_find(tx, SELECT_USER "platform_users u WHERE u.id = $1", ARGS(db_int(id)),
                   user_columns, out, NULL);
}

bool platform_user_lock(struct tx *tx, id64_t id, struct platform_user *out, bool *found)
{
    return db_find(tx,
                   SELECT_USER "platform_users u WHERE u.id = $1 /*postgres FOR NO KEY UPDATE*/",
                   ARGS(db_int(id)), user_columns, out, found);
}

bool platform_user_find_by_email(struct tx *tx, struct str email_key, struct platform_user *out,
                                 bool *found)
{
    return db_find(tx,
                   SELECT_USER "user_emails e JOIN platform_users u ON u.id = e.user_id"
                               " WHERE e.email_key = $1 AND e.agency_id = 0",
                   ARGS(db_text(email_key)), user_columns, out, found);
}

bool platform_user_rename(struct tx *tx, id64_t id, struct str name)
{
    return db_change_one(tx, "UPDATE platform_users SET name = $2 WHERE id = $1",
                         ARGS(db_int(id), db_text(name)));
}

bool platform_user_set_password(struct tx *tx, id64_t id, struct str password_hash)
{
    return db_change_one(tx, "UPDATE platform_users SET password_hash = $2 WHERE id = $1",
                         ARGS(db_int(id), db_text(password_hash)));
}

static void take_user(void *context, size_t position, const struct db_rows *row)
{
    (void)row;
    ((bool *)context)[position] = true;
}

bool platform_users_among(struct tx *tx, const id64_t *ids, size_t n, bool *are)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2 FROM platform_users WHERE id = $1",
        .set_sql = "SELECT u.position FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
                   " JOIN platform_users p ON p.id = u.id",
    };

    for (size_t i = 0; i < n; i++)
        are[i] = false;
    return many_find_each(tx, &find, ids, n, NO_ARGS, take_user, are);
}

bool platform_session_find(struct tx *tx, const struct hash *token_hash, struct identity *out,
                           bool *found)
{
    *out = (struct identity){
        .is_platform = true,
        .reaches_all = true,
        .created_at = INSTANT_NONE,
        .last_seen_at = INSTANT_NONE,
        .expires_at = INSTANT_NONE,
        .revoked_at = INSTANT_NONE,
    };
    return db_find(tx,
                   "SELECT s.entered_agency_id, s.user_id, s.id, u.name, u.email,"
                   " COALESCE(a.timezone, 'UTC'), a.primary_id, COALESCE(a.status, 'active'),"
                   " s.created_at, s.last_seen_at"
                   " FROM platform_sessions s JOIN platform_users u ON u.id = s.user_id"
                   " LEFT JOIN agencies a ON a.id = s.entered_agency_id"
                   " WHERE s.token_hash = $1" /* the key */,
                   ARGS(db_hash(token_hash->at)), identity_columns, out, found);
}

bool platform_session_insert(struct tx *tx, const struct hash *token_hash, id64_t id, id64_t user,
                             struct str address, struct str user_agent)
{
    return db_run(tx,
                  "INSERT INTO platform_sessions (token_hash, id, user_id, created_at,"
                  " last_seen_at, address, user_agent) VALUES ($1, $2, $3, $4, $4, $5, $6)",
                  ARGS(db_hash(token_hash->at), db_int(id), db_int(user), db_int(tx->now),
                       db_text(address), db_text(user_agent)),
                  NULL);
}

bool platform_session_touch(struct tx *tx, id64_t session)
{
    int64_t user;

    if (!db_find_int(tx,
                     "UPDATE platform_sessions SET last_seen_at = $2 WHERE id = $1"
                     " RETURNING user_id",
                     ARGS(db_int(session), db_int(tx->now)), ID_NONE, &user))
        return false;
    return user == ID_NONE
        || db_run(tx, "UPDATE platform_users SET last_seen_at = $2 WHERE id = $1",
                  ARGS(db_int(user), db_int(tx->now)), NULL);
}

bool platform_session_move(struct tx *tx, id64_t session, const struct hash *token_hash,
                           id64_t agency)
{
    tx_mark(tx, ID_NONE, ID_NONE, CHANGED_ACCESS);
    return db_change_one(tx,
                         "UPDATE platform_sessions SET token_hash = $2, entered_agency_id = $3"
                         " WHERE id = $1",
                         ARGS(db_int(session), db_hash(token_hash->at), db_id(agency)));
}

/* Reads all sessions of the staff, who are few. */
bool platform_users_inside(struct tx *tx, id64_t agency, struct list *out)
{
    return db_list(tx,
                   "SELECT DISTINCT u.id, u.name FROM platform_sessions s"
                   " JOIN platform_users u ON u.id = s.user_id WHERE s.entered_agency_id = $1"
                   " AND s.last_seen_at > $2 AND s.created_at > $3 ORDER BY u.name, u.id LIMIT $4",
                   ARGS(db_int(agency), db_int(tx->now - SESSION_IDLE_MAX),
                        db_int(tx->now - SESSION_AGE_MAX), db_int(INSIDE_MAX)),
                   name_columns, sizeof(struct platform_user), INSIDE_MAX, out);
}

bool platform_session_list(struct tx *tx, id64_t user, const struct session_filter *filter,
                           struct list *out)
{
    int64_t before = filter->before != ID_NONE ? filter->before : INT64_MAX;

    return db_list(tx,
                   "SELECT id, created_at, last_seen_at, address, user_agent FROM platform_sessions"
                   " WHERE user_id = $1 AND id < $2" /* platform_sessions_by_user */
                   " AND last_seen_at > $3 AND created_at > $4 ORDER BY id DESC LIMIT $5",
                   ARGS(db_int(user), db_int(before), db_int(tx->now - SESSION_IDLE_MAX),
                        db_int(tx->now - SESSION_AGE_MAX), db_int(filter->limit)),
                   session_columns, sizeof(struct session_row), (size_t)filter->limit, out);
}

bool platform_session_delete(struct tx *tx, id64_t user, id64_t session, id64_t *entered)
{
    tx_mark(tx, ID_NONE, ID_NONE, CHANGED_ACCESS);
    return db_find_int(tx,
                       "SELECT entered_agency_id FROM platform_sessions"
                       " WHERE user_id = $1 AND id = $2",
                       ARGS(db_int(user), db_int(session)), ID_NONE, entered)
        && db_change_one(tx, "DELETE FROM platform_sessions WHERE user_id = $1 AND id = $2",
                         ARGS(db_int(user), db_int(session)));
}

bool platform_sessions_delete_others(struct tx *tx, id64_t user, id64_t kept)
{
    tx_mark(tx, ID_NONE, ID_NONE, CHANGED_ACCESS);
    return db_run(tx,
                  "DELETE FROM platform_sessions WHERE user_id = $1 AND id <> $2"
                  /* platform_sessions_by_user */,
                  ARGS(db_int(user), db_int(kept)), NULL);
}

bool platform_sessions_delete_expired(struct tx *tx, int64_t *deleted)
{
    return db_run(
        tx,
        "DELETE FROM platform_sessions WHERE token_hash IN (SELECT token_hash FROM platform_sessions"
        " WHERE last_seen_at <= $1 ORDER BY last_seen_at LIMIT $2 /*postgres FOR UPDATE SKIP LOCKED*/)"
        /* platform_sessions_by_last_seen */,
        ARGS(db_int(tx->now - SESSION_IDLE_MAX), db_int(EXPIRED_SESSIONS_BITE)), deleted);
}

bool platform_event_insert(struct tx *tx, const struct platform_event *event)
{
    return db_run(tx,
                  "INSERT INTO platform_events (id, at, action, user_id, address, user_agent,"
                  " request_id, target, before_json, after_json)"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                  ARGS(db_int(id_new(tx->now)), db_int(tx->now), db_text(str_from_c(event->action)),
                       db_int(event->user), db_text(event->address), db_text(event->user_agent),
                       db_text(event->request_id), db_text(event->target), db_text(event->before),
                       db_text(event->after)),
                  NULL);
}
