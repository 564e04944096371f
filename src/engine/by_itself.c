#include "engine/by_itself.h"

#include "engine/mail.h"
#include "store/audit.h"
#include "store/users.h"

enum { RECORD_BYTES = 512 };

bool record_by_itself(struct tx *tx, id64_t agency, const char *action, enum id_kind kind,
                      id64_t target, const struct field *fields, const void *after)
{
    struct buffer text = buffer_new(tx->arena, RECORD_BYTES);

    fields_to_json(fields, after, &text);
    struct audit_event event = {
        .agency_id = agency,
        .id = id_new(tx->now),
        .at = tx->now,
        .action = str_from_c(action),
        .actor_name = STR("Minutebank"),
        .target_kind = str_from_c(id_prefix(kind)),
        .target_id = target,
        .after = buffer_str(&text),
    };
    return audit_insert(tx, &event);
}

bool tell_admins(struct tx *tx, id64_t agency, enum mail_template template, id64_t about,
                 struct str detail, struct str once)
{
    struct list users;

    if (!mail_is_configured()) return true;
    if (!user_list(tx, agency, &users)) return false;
    for (size_t i = 0; i < users.count; i++) {
        const struct user *user = &((const struct user *)users.at)[i];
        const struct mail_order order = {
            .to = user->id,
            .about = about,
            .detail = detail,
            .once = str_format(tx->arena, "%.*s to %lld", STR_ARG(once), (long long)user->id),
        };

        if (user->role != ROLE_AGENCY_OWNER && user->role != ROLE_AGENCY_ADMIN) continue;
        if (!mail_post(tx, agency, template, &order)) return false;
    }
    return true;
}
