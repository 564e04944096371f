#include "store/audit.h"

#include "store/many.h"

#include <string.h>

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

/* The chain's end. */
struct chain_head {
    int64_t events;
    struct hash hash;
};

static bool head_find(struct tx *tx, id64_t agency, struct chain_head *out, bool *found)
{
    struct db_rows rows;

    *out = (struct chain_head){ 0 };
    if (!db_query(
            tx, &rows,
            "SELECT events, hash FROM audit_heads WHERE agency_id = $1 /*postgres FOR UPDATE*/",
            ARGS(db_int(agency))))
        return false;
    *found = db_next(&rows);
    if (*found) {
        struct bytes hash = row_bytes(&rows, 1);

        out->events = row_int(&rows, 0);
        if (hash.len == HASH_BYTES)
            memcpy(out->hash.at, hash.at, HASH_BYTES);
        else
            rows.failed = true;
    }
    return db_done(&rows);
}

/* Locks it until the transaction ends: events come one after another. Before the first one there is nothing to lock, so
   it is made: of two nodes that do so at once, one waits for the other. */
static bool head_load(struct tx *tx, id64_t agency, struct chain_head *out)
{
    bool found;

    if (!head_find(tx, agency, out, &found)) return false;
    return found
        || (db_run(tx,
                   "INSERT INTO audit_heads (agency_id, events, hash) VALUES ($1, $2, $3)"
                   " ON CONFLICT (agency_id) DO NOTHING",
                   ARGS(db_int(agency), db_int(0), db_hash(out->hash.at)), NULL)
            && head_find(tx, agency, out, &found));
}

static bool head_save(struct tx *tx, id64_t agency, const struct chain_head *head)
{
    return db_run(tx, "UPDATE audit_heads SET events = $2, hash = $3 WHERE agency_id = $1",
                  ARGS(db_int(agency), db_int(head->events), db_hash(head->hash.at)), NULL);
}

static bool event_insert(struct tx *tx, const struct audit_event *event, const struct hash *hash)
{
    return db_run(
        tx,
        "INSERT INTO audit_events (agency_id, id, at, action, user_id, api_key_id,"
        " actor_name, target_kind, target_id, address, user_agent, request_id, before_json,"
        " after_json, seq, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        ARGS(db_int(event->agency_id), db_int(event->id), db_int(event->at), db_text(event->action),
             db_id(event->user_id), db_id(event->api_key_id), db_text(event->actor_name),
             db_text(event->target_kind), db_int(event->target_id), db_text(event->address),
             db_text(event->user_agent), db_text(event->request_id), db_text(event->before),
             db_text(event->after), db_int(event->seq), db_hash(hash->at)),
        NULL);
}

bool audit_insert(struct tx *tx, struct audit_event *event)
{
    struct chain_head head;

    if (!head_load(tx, event->agency_id, &head)) return false;
    event->seq = ++head.events;
    head.hash = audit_chain_hash(tx->arena, &head.hash, event);
    return event_insert(tx, event, &head.hash) && head_save(tx, event->agency_id, &head);
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
        SELECT_OLDER " AND target_id IN (SELECT CAST($7 AS BIGINT)"
                     " UNION ALL SELECT id FROM purchases" /* purchases_by_subaccount */
                     " WHERE agency_id = $1 AND subaccount_id = $7)"
                     " AND ($8 = '' OR action = $8)" NEWEST_FIRST;
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

static void take_record(void *context, size_t position, const struct db_rows *row)
{
    ((struct str *)context)[position] = row_text(row, 1);
}

bool audit_records_of(struct tx *tx, id64_t agency, const id64_t *targets, size_t n,
                      struct str *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, after_json FROM audit_events" /* audit_events_by_target */
                   " WHERE agency_id = $3 AND target_id = $1",
        .set_sql = "SELECT u.position, e.after_json FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN audit_events e ON e.agency_id = $3::bigint"
                   " AND e.target_id = u.id" /* audit_events_by_target */,
    };

    for (size_t i = 0; i < n; i++)
        out[i] = STR_NONE;
    return many_find_each(tx, &find, targets, n, ARGS(db_int(agency)), take_record, out);
}
