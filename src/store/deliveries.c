#include "store/deliveries.h"

#include "base/id.h"
#include "base/json.h"

#include <assert.h>

const char *const delivery_state_names[] = { "unmatched", "charged", "duplicate", "dismissed",
                                             NULL };

enum { SETTLED_BITE = 500 };

static_assert(DELIVERY_UNMATCHED == 0, "state = 0 below, and in the index");

/* clang-format off */
static const struct field row[] = {
    FIELD_ID(struct delivery, agency_id, ID_AGENCY),
    FIELD_ID(struct delivery, id, ID_UNMATCHED_CALL),
    FIELD_ID(struct delivery, connection, ID_ENGINE_CONNECTION),
    FIELD_TEXT(struct delivery, key),
    FIELD_NAME(struct delivery, state, delivery_state_names),
    FIELD_TEXT(struct delivery, payload),
    FIELD_TEXT(struct delivery, reason),
    FIELD_TEXT(struct delivery, field),
    FIELD_TEXT(struct delivery, detail),
    FIELD_TEXT(struct delivery, external_id),
    FIELD_TEXT(struct delivery, from),
    FIELD_TEXT(struct delivery, to),
    FIELD_INSTANT(struct delivery, started_at),
    FIELD_INTEGER(struct delivery, duration_seconds),
    FIELD_TEXT(struct delivery, keys),
    FIELD_INSTANT(struct delivery, received_at),
    FIELD_INTEGER(struct delivery, repeats),
    FIELD_ID(struct delivery, call, ID_CALL),
    FIELD_ID(struct delivery, settled_by, ID_USER),
    FIELD_INSTANT(struct delivery, settled_at),
    FIELD_TEXT(struct delivery, note),
    FIELD_TEXT(struct delivery, named),
    FIELD_END,
};
/* clang-format on */

#define COLUMNS(payload)                                                                     \
    "agency_id, id, connection_id, delivery_key, state, " payload ", reason, field, detail," \
    " external_id, from_number, to_number, started_at, duration_seconds, keys, received_at," \
    " repeats, call_id, settled_by, settled_at, note, named"
#define SELECT_WHOLE "SELECT " COLUMNS("payload") " FROM engine_deliveries"
#define SELECT_LIST  "SELECT " COLUMNS("NULL /*postgres ::text*/") " FROM engine_deliveries"

bool delivery_insert(struct tx *tx, const struct delivery *delivery)
{
    return db_run(
        tx,
        "INSERT INTO engine_deliveries (" COLUMNS(
            "payload") ") VALUES ($1, $2, $3, $4, $5, $6, $7,"
                       " $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
                       " ON CONFLICT (agency_id, connection_id, delivery_key) DO UPDATE"
                       " SET repeats = engine_deliveries.repeats + 1",
        ARGS(db_int(delivery->agency_id), db_int(delivery->id), db_int(delivery->connection),
             db_text(delivery->key), db_int(delivery->state), db_text(delivery->payload),
             db_text(delivery->reason), db_text(delivery->field), db_text(delivery->detail),
             db_text(delivery->external_id), db_text(delivery->from), db_text(delivery->to),
             db_instant(delivery->started_at), db_int(delivery->duration_seconds),
             db_text(delivery->keys), db_int(delivery->received_at), db_int(delivery->repeats),
             db_id(delivery->call), db_id(delivery->settled_by), db_instant(delivery->settled_at),
             db_text(delivery->note), db_text(delivery->named)),
        NULL);
}

bool delivery_update(struct tx *tx, const struct delivery *delivery)
{
    return db_change_one(
        tx,
        "UPDATE engine_deliveries SET state = $3, payload = $4, reason = $5, field = $6, detail = $7,"
        " external_id = $8, from_number = $9, to_number = $10, started_at = $11,"
        " duration_seconds = $12, keys = $13, repeats = $14, call_id = $15, settled_by = $16,"
        " settled_at = $17, note = $18, named = $19 WHERE agency_id = $1 AND id = $2",
        ARGS(db_int(delivery->agency_id), db_int(delivery->id), db_int(delivery->state),
             db_text(delivery->payload), db_text(delivery->reason), db_text(delivery->field),
             db_text(delivery->detail), db_text(delivery->external_id), db_text(delivery->from),
             db_text(delivery->to), db_instant(delivery->started_at),
             db_int(delivery->duration_seconds), db_text(delivery->keys), db_int(delivery->repeats),
             db_id(delivery->call), db_id(delivery->settled_by), db_instant(delivery->settled_at),
             db_text(delivery->note), db_text(delivery->named)));
}

bool delivery_repeat(struct tx *tx, const struct delivery *delivery)
{
    return db_change_one(tx,
                         "UPDATE engine_deliveries SET repeats = repeats + 1"
                         " WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(delivery->agency_id), db_int(delivery->id)));
}

bool delivery_find(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                   struct delivery *out, bool *found)
{
    return db_find(tx,
                   SELECT_WHOLE " WHERE agency_id = $1 AND connection_id = $2 AND delivery_key = $3"
                                " /*postgres FOR UPDATE*/" /* engine_deliveries_by_key */,
                   ARGS(db_int(agency), db_int(connection), db_text(key)), row, out, found);
}

bool delivery_lock(struct tx *tx, id64_t agency, id64_t id, struct delivery *out)
{
    return db_find(tx, SELECT_WHOLE " WHERE agency_id = $1 AND id = $2 /*postgres FOR UPDATE*/",
                   ARGS(db_int(agency), db_int(id)), row, out, NULL);
}

bool delivery_load(struct tx *tx, id64_t agency, id64_t id, struct delivery *out)
{
    return db_find(tx, SELECT_WHOLE " WHERE agency_id = $1 AND id = $2" /* the key */,
                   ARGS(db_int(agency), db_int(id)), row, out, NULL);
}

bool delivery_list(struct tx *tx, id64_t agency, const struct delivery_filter *filter,
                   struct list *out)
{
    static const char waiting[] = SELECT_LIST
        " WHERE agency_id = $1 AND id < $2 AND state = 0 AND ($3 = 0 OR connection_id = $3)"
        " ORDER BY id DESC LIMIT $4" /* engine_deliveries_waiting */;
    static const char settled[] =
        SELECT_LIST " WHERE agency_id = $1 AND id < $2 AND state = $5"
                    " AND ($3 = 0 OR connection_id = $3) ORDER BY id DESC LIMIT $4" /* the key */;
    const struct db_value values[] = {
        db_int(agency),
        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
        db_int(filter->connection),
        db_int(filter->limit),
        db_int(filter->state),
    };
    bool is_waiting = filter->state == DELIVERY_UNMATCHED;

    return db_list(tx, is_waiting ? waiting : settled,
                   (struct db_args){ values, is_waiting ? 4 : 5 }, row, sizeof(struct delivery),
                   (size_t)filter->limit, out);
}

bool delivery_count_unmatched(struct tx *tx, id64_t agency, int64_t *out)
{
    return db_find_int(tx,
                       "SELECT COUNT(*) FROM engine_deliveries WHERE agency_id = $1"
                       " AND state = 0" /* engine_deliveries_waiting */,
                       ARGS(db_int(agency)), 0, out);
}

/* How a key stands in a delivery's list of keys. */
static struct db_value as_listed(struct tx *tx, struct str key)
{
    struct buffer quoted = buffer_new(tx->arena, 64);

    json_write_string(&quoted, key);
    return db_text(buffer_str(&quoted));
}

/* Both stores have REPLACE, which tells case; at most limits()->unmatched_calls rows are walked over. */
#define WAIT_WITH_KEY                                                                   \
    " FROM engine_deliveries WHERE agency_id = $1 AND state = 0 AND connection_id = $2" \
    " AND REPLACE(keys, $3, '') <> keys" /* engine_deliveries_waiting */

bool delivery_count_by_key(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                           int64_t *out)
{
    return db_find_int(tx, "SELECT COUNT(*)" WAIT_WITH_KEY,
                       ARGS(db_int(agency), db_int(connection), as_listed(tx, key)), 0, out);
}

bool delivery_list_by_key(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                          int64_t limit, struct list *out)
{
    static const struct field id_row[] = {
        FIELD_ID(struct delivery, id, ID_UNMATCHED_CALL),
        FIELD_END,
    };

    return db_list(tx, "SELECT id" WAIT_WITH_KEY " ORDER BY id LIMIT $4",
                   ARGS(db_int(agency), db_int(connection), as_listed(tx, key), db_int(limit)),
                   id_row, sizeof(struct delivery), (size_t)limit, out);
}

bool deliveries_delete_settled(struct tx *tx, int64_t *deleted)
{
    return db_run(tx,
                  "DELETE FROM engine_deliveries WHERE (agency_id, id) IN (SELECT agency_id, id"
                  " FROM engine_deliveries WHERE settled_at <= $1 ORDER BY settled_at LIMIT $2"
                  " /*postgres FOR UPDATE SKIP LOCKED*/)" /* engine_deliveries_settled */,
                  ARGS(db_int(tx->now - DELIVERIES_KEPT), db_int(SETTLED_BITE)), deleted);
}
