#include "store/audit.h"

/* clang-format off */
static const struct field audit_event_row[] = {
    FIELD_ID(struct audit_event, agency_id, ID_AGENCY),
    FIELD_ID(struct audit_event, id, ID_AUDIT_EVENT),
    FIELD_INSTANT(struct audit_event, at),
    FIELD_TEXT(struct audit_event, action),
    FIELD_ID(struct audit_event, user_id, ID_USER),
    FIELD_ID(struct audit_event, api_key_id, ID_API_KEY),
    FIELD_TEXT(struct audit_event, actor_name),
    FIELD_TEXT(struct audit_event, target_kind),
    FIELD_ID(struct audit_event, target_id, ID_SUBACCOUNT),
    FIELD_TEXT(struct audit_event, address),
    FIELD_TEXT(struct audit_event, user_agent),
    FIELD_TEXT(struct audit_event, request_id),
    FIELD_JSON(struct audit_event, before),
    FIELD_JSON(struct audit_event, after),
    FIELD_END,
};
/* clang-format on */

bool audit_insert(struct tx *tx, const struct audit_event *event)
{
    return db_run(
        tx,
        "INSERT INTO audit_events (agency_id, id, at, action, user_id, api_key_id,"
        " actor_name, target_kind, target_id, address, user_agent, request_id, before_json,"
        " after_json) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        ARGS(db_int(event->agency_id), db_int(event->id), db_int(event->at), db_text(event->action),
             db_id(event->user_id), db_id(event->api_key_id), db_text(event->actor_name),
             db_text(event->target_kind), db_int(event->target_id), db_text(event->address),
             db_text(event->user_agent), db_text(event->request_id), db_text(event->before),
             db_text(event->after)),
        NULL);
}

#define SELECT_OLDER                                                                             \
    "SELECT agency_id, id, at, action, user_id, api_key_id, actor_name, target_kind, target_id," \
    " address, user_agent, request_id, before_json, after_json FROM audit_events"                \
    " WHERE agency_id = $1 AND id < $2 AND at >= $3 AND at < $4"                                 \
    " AND ($5 = 0 OR user_id = $5 OR api_key_id = $5)"
#define NEWEST_FIRST " ORDER BY id DESC LIMIT $6"

/* By what narrows most, each with the index that begins with it; the key serves the rest. */
bool audit_list(struct tx *tx, id64_t agency, const struct audit_filter *filter, struct list *out)
{
    static const char *const all = SELECT_OLDER NEWEST_FIRST;
    static const char *const of_action = SELECT_OLDER " AND action = $7" NEWEST_FIRST;
    static const char *const of_target =
        SELECT_OLDER " AND target_id = $7 AND ($8 = '' OR action = $8)" NEWEST_FIRST;
    struct str action = str_is_absent(filter->action) ? STR("") : filter->action;
    const struct db_value values[] = {
        db_int(agency),
        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
        db_int(filter->from),
        db_int(filter->to != INSTANT_NONE ? filter->to : INT64_MAX),
        db_int(filter->actor),
        db_int(filter->limit),
        filter->target != ID_NONE ? db_int(filter->target) : db_text(action),
        db_text(action),
    };
    struct db_args args = { values, 6 };
    const char *sql = all;

    if (filter->target != ID_NONE) {
        sql = of_target;
        args.count = 8;
    } else if (action.len > 0) {
        sql = of_action;
        args.count = 7;
    }
    return db_list(tx, sql, args, audit_event_row, sizeof(struct audit_event),
                   (size_t)filter->limit, out);
}
