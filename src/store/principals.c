#include "store/principals.h"

#include "store/platform.h"
#include "store/sessions.h"

static struct user user_of_staff(const struct platform_user *staff)
{
    return (struct user){
        .agency_id = ID_NONE,
        .id = staff->id,
        .email = staff->email,
        .name = staff->name,
        .password_hash = staff->password_hash,
        .role = ROLE_PLATFORM_ADMIN,
        .reaches_all = true,
        .created_at = staff->created_at,
        .last_seen_at = staff->last_seen_at,
        .two_factor_at = staff->two_factor_at,
    };
}

bool principal_load(struct tx *tx, id64_t agency, id64_t id, struct user *out)
{
    struct platform_user staff;

    if (agency != ID_NONE) return user_load(tx, agency, id, out);
    if (!platform_user_load(tx, id, &staff)) return false;
    *out = user_of_staff(&staff);
    return true;
}

bool principal_find_by_email(struct tx *tx, struct str email_key, struct user *out, bool *found)
{
    struct platform_user staff;

    if (!user_find_by_email(tx, email_key, out, found)) return false;
    if (*found) return true;
    if (!platform_user_find_by_email(tx, email_key, &staff, found)) return false;
    if (*found) *out = user_of_staff(&staff);
    return true;
}

bool principal_lock(struct tx *tx, id64_t agency, id64_t id, struct user *out, bool *found)
{
    struct platform_user staff;

    if (agency != ID_NONE) return user_lock(tx, agency, id, out, found);
    if (!platform_user_lock(tx, id, &staff, found)) return false;
    if (found == NULL || *found) *out = user_of_staff(&staff);
    return true;
}

bool principal_set_password(struct tx *tx, const struct user *who, struct str password_hash)
{
    return who->agency_id == ID_NONE
        ? platform_user_set_password(tx, who->id, password_hash)
        : user_set_password(tx, who->agency_id, who->id, password_hash);
}

bool principal_set_two_factor(struct tx *tx, id64_t agency, id64_t id, instant_t since)
{
    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    if (agency == ID_NONE)
        return db_change_one(tx, "UPDATE platform_users SET two_factor_at = $2 WHERE id = $1",
                             ARGS(db_int(id), db_instant(since)));
    return db_change_one(tx, "UPDATE users SET two_factor_at = $3 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(agency), db_int(id), db_instant(since)));
}

bool principal_sessions_delete_others(struct tx *tx, id64_t agency, id64_t id, id64_t kept)
{
    return agency == ID_NONE ? platform_sessions_delete_others(tx, id, kept)
                             : sessions_delete_others(tx, agency, id, kept);
}

bool principals_with_second_factor(struct tx *tx, struct list *out)
{
    static const struct field columns[] = {
        FIELD_ID(struct user, agency_id, ID_AGENCY),
        FIELD_ID(struct user, id, ID_USER),
        FIELD_END,
    };

    return db_list(tx,
                   "SELECT agency_id, id FROM ("
                   "SELECT agency_id, id FROM users WHERE two_factor_at IS NOT NULL"
                   " UNION ALL SELECT 0, id FROM platform_users WHERE two_factor_at IS NOT NULL"
                   ") AS people ORDER BY agency_id, id" /* the keys, all of them */,
                   NO_ARGS, columns, sizeof(struct user), SIZE_MAX, out);
}
