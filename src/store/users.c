#include "store/users.h"

/* clang-format off */
static const struct field user_columns[] = {
    FIELD_ID(struct user, agency_id, ID_AGENCY),
    FIELD_ID(struct user, id, ID_USER),
    FIELD_TEXT(struct user, email),
    FIELD_TEXT(struct user, name),
    FIELD_TEXT(struct user, password_hash),
    FIELD_NAME(struct user, role, role_names),
    FIELD_BOOLEAN(struct user, reaches_all),
    FIELD_INSTANT(struct user, created_at),
    FIELD_INSTANT(struct user, last_seen_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_USER                                                                      \
    "SELECT u.agency_id, u.id, u.email, u.name, u.password_hash, u.role, u.reaches_all," \
    " u.created_at, u.last_seen_at FROM "

bool user_insert(struct tx *tx, const struct user *user, struct str email_key)
{
    int64_t inserted;

    if (!db_run(tx,
                "INSERT INTO user_emails (email_key, agency_id, user_id) VALUES ($1, $2, $3)"
                " ON CONFLICT DO NOTHING",
                ARGS(db_text(email_key), db_int(user->agency_id), db_int(user->id)), &inserted))
        return false;
    if (inserted == 0)
        return fail(
            tx->problem, REASON_EMAIL_TAKEN, "email",
            "This email already belongs to a user. Every email is used once in the whole system.");
    return db_run(
        tx,
        "INSERT INTO users (agency_id, id, email, name, password_hash, role, reaches_all, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        ARGS(db_int(user->agency_id), db_int(user->id), db_text(user->email), db_text(user->name),
             db_text(user->password_hash), db_text(str_from_c(role_names[user->role])),
             db_bool(user->reaches_all), db_instant(user->created_at)),
        NULL);
}

bool user_load(struct tx *tx, id64_t agency, id64_t id, struct user *out)
{
    return db_find(tx, SELECT_USER "users u WHERE u.agency_id = $1 AND u.id = $2",
                   ARGS(db_int(agency), db_int(id)), user_columns, out, NULL);
}

bool user_find_by_email(struct tx *tx, struct str email_key, struct user *out, bool *found)
{
    return db_find(tx,
                   SELECT_USER
                   "user_emails e JOIN users u ON u.agency_id = e.agency_id AND u.id = e.user_id"
                   " WHERE e.email_key = $1",
                   ARGS(db_text(email_key)), user_columns, out, found);
}

bool user_rename(struct tx *tx, id64_t agency, id64_t id, struct str name)
{
    return db_change_one(tx, "UPDATE users SET name = $3 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(agency), db_int(id), db_text(name)));
}
