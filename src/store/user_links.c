#include "store/user_links.h"

const char *const link_purpose_names[] = { "reset_password", "confirm_old_email",
                                           "confirm_new_email", NULL };

static struct db_value purpose_value(int purpose)
{
    return db_text(str_from_c(link_purpose_names[purpose]));
}

bool user_link_wanted_at(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose,
                         instant_t *out)
{
    return db_find_int(tx,
                       "SELECT asked_at FROM user_links"
                       " WHERE agency_id = $1 AND user_id = $2 AND purpose = $3",
                       ARGS(db_int(agency), db_int(user), purpose_value((int)purpose)),
                       INSTANT_NONE, out);
}

static bool forget_link(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose)
{
    return db_run(tx,
                  "UPDATE user_links SET token_hash = NULL, expires_at = NULL"
                  " WHERE agency_id = $1 AND user_id = $2 AND purpose = $3",
                  ARGS(db_int(agency), db_int(user), purpose_value((int)purpose)), NULL);
}

bool user_link_want(struct tx *tx, id64_t agency, id64_t user, enum link_purpose purpose,
                    enum link_before before)
{
    return db_run(tx,
                  "INSERT INTO user_links (agency_id, user_id, purpose, asked_at)"
                  " VALUES ($1, $2, $3, $4) ON CONFLICT (agency_id, user_id, purpose) DO UPDATE"
                  " SET asked_at = excluded.asked_at",
                  ARGS(db_int(agency), db_int(user), purpose_value((int)purpose), db_int(tx->now)),
                  NULL)
        && (before == LINK_BEFORE_COUNTS || forget_link(tx, agency, user, purpose));
}

bool user_link_set(struct tx *tx, const struct user_link *link, const struct hash *token_hash,
                   bool *wanted)
{
    int64_t changed;

    if (!db_run(tx,
                "UPDATE user_links SET token_hash = $4, expires_at = $5"
                " WHERE agency_id = $1 AND user_id = $2 AND purpose = $3",
                ARGS(db_int(link->agency_id), db_int(link->user_id), purpose_value(link->purpose),
                     db_hash(token_hash->at), db_int(link->expires_at)),
                &changed))
        return false;
    *wanted = changed == 1;
    return true;
}

bool user_link_find(struct tx *tx, const struct hash *token_hash, struct user_link *out,
                    bool *found)
{
    static const struct field columns[] = {
        FIELD_ID(struct user_link, agency_id, ID_AGENCY),
        FIELD_ID(struct user_link, user_id, ID_USER),
        FIELD_NAME(struct user_link, purpose, link_purpose_names),
        FIELD_INSTANT(struct user_link, expires_at),
        FIELD_END,
    };

    return db_find(tx,
                   "SELECT agency_id, user_id, purpose, expires_at FROM user_links"
                   " WHERE token_hash = $1" /* user_links_token */,
                   ARGS(db_hash(token_hash->at)), columns, out, found);
}

bool user_link_take(struct tx *tx, const struct user_link *link, const struct hash *token_hash,
                    bool *taken)
{
    int64_t changed;

    if (!db_run(tx,
                "DELETE FROM user_links WHERE agency_id = $1 AND user_id = $2 AND purpose = $3"
                " AND token_hash = $4",
                ARGS(db_int(link->agency_id), db_int(link->user_id), purpose_value(link->purpose),
                     db_hash(token_hash->at)),
                &changed))
        return false;
    *taken = changed == 1;
    return true;
}

bool user_links_delete(struct tx *tx, id64_t agency, id64_t user)
{
    return db_run(tx, "DELETE FROM user_links WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(agency), db_int(user)), NULL);
}

bool password_request_insert(struct tx *tx, const struct password_request *request)
{
    return db_run(tx,
                  "INSERT INTO password_requests (id, email_key, address, asked_at)"
                  " VALUES ($1, $2, $3, $4)",
                  ARGS(db_int(request->id), db_text(request->email_key), db_text(request->address),
                       db_int(request->asked_at)),
                  NULL);
}

bool password_request_take(struct tx *tx, struct password_request *out, bool *found)
{
    static const struct field columns[] = {
        FIELD_ID(struct password_request, id, ID_REQUEST),
        FIELD_TEXT(struct password_request, email_key),
        FIELD_TEXT(struct password_request, address),
        FIELD_INSTANT(struct password_request, asked_at),
        FIELD_END,
    };

    return db_find(tx,
                   "DELETE FROM password_requests WHERE id = (SELECT id FROM password_requests"
                   " ORDER BY id LIMIT 1 /*postgres FOR UPDATE SKIP LOCKED*/)" /* the key */
                   " RETURNING id, email_key, address, asked_at",
                   NO_ARGS, columns, out, found);
}

bool email_change_find(struct tx *tx, id64_t agency, id64_t user, struct email_change *out,
                       bool *found)
{
    static const struct field columns[] = {
        FIELD_ID(struct email_change, agency_id, ID_AGENCY),
        FIELD_ID(struct email_change, user_id, ID_USER),
        FIELD_TEXT(struct email_change, email),
        FIELD_TEXT(struct email_change, email_key),
        FIELD_INSTANT(struct email_change, old_confirmed_at),
        FIELD_INSTANT(struct email_change, new_confirmed_at),
        FIELD_INSTANT(struct email_change, created_at),
        FIELD_INSTANT(struct email_change, expires_at),
        FIELD_END,
    };

    return db_find(tx,
                   "SELECT agency_id, user_id, email, email_key, old_confirmed_at,"
                   " new_confirmed_at, created_at, expires_at FROM email_changes"
                   " WHERE agency_id = $1 AND user_id = $2 AND expires_at > $3",
                   ARGS(db_int(agency), db_int(user), db_int(tx->now)), columns, out, found);
}

bool email_change_put(struct tx *tx, const struct email_change *change)
{
    return db_run(tx, "DELETE FROM email_changes WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(change->agency_id), db_int(change->user_id)), NULL)
        && db_run(tx,
                  "INSERT INTO email_changes (agency_id, user_id, email, email_key, created_at,"
                  " expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
                  ARGS(db_int(change->agency_id), db_int(change->user_id), db_text(change->email),
                       db_text(change->email_key), db_int(change->created_at),
                       db_int(change->expires_at)),
                  NULL);
}

bool email_change_confirm(struct tx *tx, const struct email_change *change)
{
    return db_change_one(tx,
                         "UPDATE email_changes SET old_confirmed_at = $3, new_confirmed_at = $4"
                         " WHERE agency_id = $1 AND user_id = $2",
                         ARGS(db_int(change->agency_id), db_int(change->user_id),
                              db_instant(change->old_confirmed_at),
                              db_instant(change->new_confirmed_at)));
}

bool email_change_delete(struct tx *tx, id64_t agency, id64_t user)
{
    return db_run(tx, "DELETE FROM email_changes WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(agency), db_int(user)), NULL);
}
