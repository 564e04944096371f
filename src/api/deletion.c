/* Deleting the agency, and taking that back (domain.md §12). */
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "engine/mail.h"
#include "store/agencies.h"
#include "store/jobs.h"
#include "store/users.h"

struct deletion_input {
    struct str name;
};

/* clang-format off */
static const struct field deletion_input_fields[] = {
    FIELD_TEXT(struct deletion_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field deletion_record[] = {
    FIELD_NAME(struct agency, status, agency_status_names),
    FIELD_INSTANT(struct agency, deletes_at),
    FIELD_END,
};
/* clang-format on */

static bool load_locked(struct request *r, struct agency *out)
{
    int64_t version;

    return agency_next_version(r->tx, r->caller.agency, &version)
        && agency_load(r->tx, r->caller.agency, out);
}

static bool reply_card(struct request *r, const struct agency *agency)
{
    const struct agency_card card = agency_card(r, agency);

    return request_reply(r, 200, agency_card_fields, &card);
}

/* Everybody hears of it. */
static bool tell_everybody(struct request *r, const struct agency *agency)
{
    struct list users;

    if (!user_list(r->tx, agency->id, &users)) return false;
    for (size_t i = 0; i < users.count; i++) {
        const struct mail_order order = {
            .to = ((const struct user *)users.at)[i].id,
            .about = agency->id,
            .by = r->caller.user,
            .due_at = agency->deletes_at,
        };

        if (!mail_post(r->tx, agency->id, MAIL_AGENCY_DELETING, &order)) return false;
    }
    return true;
}

static bool change_status(struct request *r, const char *action, const struct agency *before,
                          const struct agency *after)
{
    return agency_set_status(r->tx, after)
        && request_record(r, action, ID_AGENCY, after->id, record_of(r, deletion_record, before),
                          record_of(r, deletion_record, after));
}

static bool delete_agency(struct request *r)
{
    const struct deletion_input *input = r->input;
    struct agency before, after;

    if (!load_locked(r, &before)
        || !request_allow(r, may_delete_agency(&before, input->name), "name"))
        return false;
    after = before;
    after.status = AGENCY_DELETING;
    after.deletes_at = r->now + AGENCY_UNDO_TIME;
    return change_status(r, "agency.deletion_began", &before, &after) && tell_everybody(r, &after)
        && reply_card(r, &after);
}

/* The owner alone: whoever else may delete cannot bring back. */
static bool undo_deletion(struct request *r)
{
    struct agency before, after;

    if (r->caller.role != ROLE_AGENCY_OWNER) return request_allow(r, REASON_NOT_ALLOWED, NULL);
    if (!load_locked(r, &before) || !request_allow(r, may_undo_deletion(&before, r->now), NULL))
        return false;
    after = before;
    after.status = AGENCY_ACTIVE;
    after.deletes_at = INSTANT_NONE;
    return change_status(r, "agency.deletion_undone", &before, &after)
        && jobs_go_on(r->tx, after.id) && reply_card(r, &after);
}

/* clang-format off */
const struct route deletion_routes[] = {
    {DELETE, "/v1/agency", CAN_AGENCY_DELETE, {{WRITE, delete_agency}}, .input = deletion_input_fields,
     .input_size = sizeof(struct deletion_input), .name = "deleteAgency"},
    {POST, "/v1/agency/undo_delete", CAN_AGENCY_DELETE, {{WRITE, undo_deletion}}, .flags = ROUTE_NO_BODY | ROUTE_UNDOES,
     .name = "undoDeleteAgency"},
    ROUTE_END,
};
/* clang-format on */
