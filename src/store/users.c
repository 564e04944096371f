#include "store/users.h"

#include "store/second_factors.h"

#include <string.h>

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
    FIELD_INSTANT(struct user, two_factor_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_USER                                                                      \
    "SELECT u.agency_id, u.id, u.email, u.name, u.password_hash, u.role, u.reaches_all," \
    " u.created_at, u.last_seen_at, u.two_factor_at FROM "

bool email_refuse_taken(struct tx *tx)
{
    return fail(
        tx->problem, REASON_EMAIL_TAKEN, "email",
        "This email already belongs to a user. Every email is used once in the whole system.");
}

bool email_claim(struct tx *tx, id64_t agency, id64_t user, struct str email_key)
{
    int64_t inserted;

    if (!db_run(tx,
                "INSERT INTO user_emails (email_key, agency_id, user_id) VALUES ($1, $2, $3)"
                " ON CONFLICT DO NOTHING",
                ARGS(db_text(email_key), db_int(agency), db_int(user)), &inserted))
        return false;
    return inserted == 1 || email_refuse_taken(tx);
}

bool user_insert(struct tx *tx, const struct user *user, struct str email_key)
{
    return email_claim(tx, user->agency_id, user->id, email_key)
        && db_run(
               tx,
               "INSERT INTO users (agency_id, id, email, name, password_hash, role, reaches_all, created_at)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               ARGS(db_int(user->agency_id), db_int(user->id), db_text(user->email),
                    db_text(user->name), db_text(user->password_hash),
                    db_text(str_from_c(role_names[user->role])), db_bool(user->reaches_all),
                    db_instant(user->created_at)),
               NULL);
}

bool user_find(struct tx *tx, id64_t agency, id64_t id, struct user *out, bool *found)
{
    return db_find(tx, SELECT_USER "users u WHERE u.agency_id = $1 AND u.id = $2",
                   ARGS(db_int(agency), db_int(id)), user_columns, out, found);
}

bool user_load(struct tx *tx, id64_t agency, id64_t id, struct user *out)
{
    return user_find(tx, agency, id, out, NULL);
}

bool user_lock(struct tx *tx, id64_t agency, id64_t id, struct user *out, bool *found)
{
    return db_find(tx,
                   SELECT_USER
                   "users u WHERE u.agency_id = $1 AND u.id = $2 /*postgres FOR NO KEY UPDATE*/",
                   ARGS(db_int(agency), db_int(id)), user_columns, out, found);
}

bool user_find_by_email(struct tx *tx, struct str email_key, struct user *out, bool *found)
{
    return db_find(tx,
                   SELECT_USER
                   "user_emails e JOIN users u ON u.agency_id = e.agency_id AND u.id = e.user_id"
                   " WHERE e.email_key = $1",
                   ARGS(db_text(email_key)), user_columns, out, found);
}

bool email_is_taken(struct tx *tx, struct str email_key, bool *out)
{
    int64_t user;

    if (!db_find_int(tx, "SELECT user_id FROM user_emails WHERE email_key = $1",
                     ARGS(db_text(email_key)), ID_NONE, &user))
        return false;
    *out = user != ID_NONE;
    return true;
}

bool user_rename(struct tx *tx, id64_t agency, id64_t id, struct str name)
{
    return db_change_one(tx, "UPDATE users SET name = $3 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(agency), db_int(id), db_text(name)));
}

bool user_set_password(struct tx *tx, id64_t agency, id64_t id, struct str password_hash)
{
    return db_change_one(tx, "UPDATE users SET password_hash = $3 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(agency), db_int(id), db_text(password_hash)));
}

bool user_set_email(struct tx *tx, const struct user *user, struct str email, struct str email_key)
{
    return email_claim(tx, user->agency_id, user->id, email_key)
        && db_run(tx,
                  "DELETE FROM user_emails WHERE agency_id = $1 AND user_id = $2"
                  " AND email_key <> $3",
                  ARGS(db_int(user->agency_id), db_int(user->id), db_text(email_key)), NULL)
        && db_change_one(tx, "UPDATE users SET email = $3 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(user->agency_id), db_int(user->id), db_text(email)));
}

bool user_list(struct tx *tx, id64_t agency, struct list *out)
{
    return db_list(tx, SELECT_USER "users u WHERE u.agency_id = $1 ORDER BY u.id" /* the key */,
                   ARGS(db_int(agency)), user_columns, sizeof(struct user), SIZE_MAX, out);
}

struct taking_grants {
    struct list *out;
    size_t capacity;
    struct arena *arena;
};

static void take_grant(void *context, const struct db_rows *row)
{
    struct taking_grants *taking = context;
    struct list *out = taking->out;

    if (out->count == taking->capacity) {
        size_t capacity = taking->capacity * 2 + 16;
        struct user_grant *at = ARENA_ARRAY(taking->arena, struct user_grant, capacity);
        if (out->count > 0) memcpy(at, out->at, out->count * sizeof(*at));
        out->at = at;
        taking->capacity = capacity;
    }
    ((struct user_grant *)out->at)[out->count++] =
        (struct user_grant){ row_id(row, 0), row_id(row, 1), row_text(row, 2) };
}

bool user_grants_of(struct tx *tx, id64_t agency, const id64_t *users, size_t n, struct list *out)
{
#define GRANTS " JOIN subaccounts s ON s.agency_id = g.agency_id AND s.id = g.subaccount_id"
    static const struct db_bulk find = {
        .row_sql = "SELECT g.user_id, s.id, s.name FROM user_grants g" GRANTS
                   " WHERE g.agency_id = $2 AND g.user_id = $1 AND s.status <> 'removed'"
                   " ORDER BY s.name_key, s.id",
        .set_sql = "SELECT g.user_id, s.id, s.name FROM unnest($1::bigint[]) WITH ORDINALITY"
                   " AS u (id, position) JOIN user_grants g ON g.agency_id = $2::bigint"
                   " AND g.user_id = u.id" GRANTS
                   " WHERE s.status <> 'removed' ORDER BY u.position, s.name_key, s.id",
    };
#undef GRANTS
    const struct db_column columns[] = { { .numbers = users } };
    struct taking_grants taking = { .out = out, .arena = tx->arena };

    *out = (struct list){ NULL, 0 };
    return n == 0
        || db_bulk_run(tx, &find, columns, COUNT_OF(columns), n, ARGS(db_int(agency)), take_grant,
                       &taking);
}

bool user_set_role(struct tx *tx, const struct user *user)
{
    tx_mark(tx, user->agency_id, ID_NONE, CHANGED_ACCESS);
    return db_change_one(
        tx, "UPDATE users SET role = $3, reaches_all = $4 WHERE agency_id = $1 AND id = $2",
        ARGS(db_int(user->agency_id), db_int(user->id), db_text(str_from_c(role_names[user->role])),
             db_bool(user->reaches_all)));
}

bool user_set_grants(struct tx *tx, id64_t agency, id64_t user, const id64_t *subaccounts, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql = "INSERT INTO user_grants (agency_id, user_id, subaccount_id)"
                   " VALUES ($2, $3, $1) ON CONFLICT DO NOTHING",
        .set_sql = "INSERT INTO user_grants (agency_id, user_id, subaccount_id)"
                   " SELECT $2::bigint, $3::bigint, u.id FROM unnest($1::bigint[]) AS u (id)"
                   " ON CONFLICT DO NOTHING",
    };
    const struct db_column columns[] = { { .numbers = subaccounts } };

    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_run(tx, "DELETE FROM user_grants WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(agency), db_int(user)), NULL)
        && (n == 0
            || db_bulk_run(tx, &insert, columns, COUNT_OF(columns), n,
                           ARGS(db_int(agency), db_int(user)), NULL, NULL));
}

bool user_delete(struct tx *tx, id64_t agency, id64_t user)
{
    struct db_args args = ARGS(db_int(agency), db_int(user));

    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    return db_run(tx,
                  "UPDATE api_keys SET revoked_at = $3 WHERE agency_id = $1 AND created_by = $2"
                  " AND revoked_at IS NULL" /* api_keys_by_maker */,
                  ARGS(db_int(agency), db_int(user), db_int(tx->now)), NULL)
        && db_run(tx, "DELETE FROM idempotency_keys WHERE agency_id = $1 AND caller_id = $2", args,
                  NULL)
        && db_run(tx, "DELETE FROM user_emails WHERE agency_id = $1 AND user_id = $2", args, NULL)
        && second_factor_forget(tx, agency, user)
        && db_change_one(tx, "DELETE FROM users WHERE agency_id = $1 AND id = $2", args);
}

static void count_row(void *context, const struct db_rows *row)
{
    (void)row;
    (*(size_t *)context)++;
}

bool grantable_count(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, size_t *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT id FROM subaccounts WHERE agency_id = $2 AND id = $1"
                   " AND kind = 'secondary' AND status <> 'removed'",
        .set_sql = "SELECT s.id FROM unnest($1::bigint[]) AS u (id) JOIN subaccounts s"
                   " ON s.agency_id = $2::bigint AND s.id = u.id"
                   " WHERE s.kind = 'secondary' AND s.status <> 'removed'",
    };
    const struct db_column columns[] = { { .numbers = ids } };

    *out = 0;
    return n == 0
        || db_bulk_run(tx, &find, columns, COUNT_OF(columns), n, ARGS(db_int(agency)), count_row,
                       out);
}
