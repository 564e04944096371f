/* The audit trail is an unbroken chain (domain/audit.h). */
#include "store/check_private.h"

#include "domain/audit.h"

#include <string.h>

#define EVENT COLUMN_ID("event", ID_AUDIT_EVENT)

static const struct check_column chain_columns[] = {
    AGENCY, NUMBER("number"), HIDDEN, EVENT, TEXT("action"), COLUMNS_END,
};

/* Each event beside the one before it. */
static const char all_events[] =
    "SELECT e.agency_id, e.seq, 0, e.id, e.action, e.at, e.user_id, e.api_key_id, e.actor_name, e.target_kind,"
    " e.target_id, e.address, e.user_agent, e.request_id, e.before_json, e.after_json, e.hash, p.hash"
    " FROM audit_events e LEFT JOIN audit_events p ON p.agency_id = e.agency_id AND p.seq = e.seq - 1"
    " WHERE (e.agency_id, e.seq, 0) > ($2, $3, $4) ORDER BY e.agency_id, e.seq LIMIT $1";

static struct audit_event event_of(const struct db_rows *row)
{
    return (struct audit_event){
        .agency_id = row_id(row, 0),
        .seq = row_int(row, 1),
        .id = row_id(row, 3),
        .action = row_text(row, 4),
        .at = row_instant(row, 5),
        .user_id = row_id(row, 6),
        .api_key_id = row_id(row, 7),
        .actor_name = row_text(row, 8),
        .target_kind = row_text(row, 9),
        .target_id = row_id(row, 10),
        .address = row_text(row, 11),
        .user_agent = row_text(row, 12),
        .request_id = row_text(row, 13),
        .before = row_text(row, 14),
        .after = row_text(row, 15),
    };
}

static struct str judge_event(struct tx *tx, const struct db_rows *row)
{
    struct audit_event event = event_of(row);
    struct bytes kept = row_bytes(row, 16), before = row_bytes(row, 17);
    struct hash previous = { { 0 } };

    if (event.seq > 1 && before.len != HASH_BYTES) return STR("the event before it is missing");
    if (event.seq > 1) memcpy(previous.at, before.at, HASH_BYTES);
    struct hash hash = audit_chain_hash(tx->arena, &previous, &event);
    if (kept.len == HASH_BYTES && memcmp(kept.at, hash.at, HASH_BYTES) == 0) return STR_NONE;
    return STR("it is not what was written");
}

static const struct check_column head_columns[] = {
    AGENCY, NUMBER("events"), NUMBER("counted"), TEXT("its end"), COLUMNS_END,
};

/* The end cannot be cut off either: the head knows how many there are, and the last one's hash. */
static const char wrong_heads[] =
    "SELECT agency_id, events, counted, fault FROM ("
    "SELECT h.agency_id, h.events, COUNT(e.id) AS counted,"
    " CASE WHEN COUNT(CASE WHEN e.seq = h.events AND e.hash = h.hash THEN 1 END) = 1"
    " THEN 'is kept' ELSE 'is another' END AS fault"
    " FROM audit_heads h LEFT JOIN audit_events e ON e.agency_id = h.agency_id"
    " GROUP BY h.agency_id, h.events, h.hash"
    " UNION ALL SELECT e.agency_id, 0, COUNT(*), 'is not kept' FROM audit_events e"
    " WHERE NOT EXISTS (SELECT 1 FROM audit_heads h WHERE h.agency_id = e.agency_id)"
    " GROUP BY e.agency_id) AS heads WHERE events <> counted OR fault <> 'is kept'"
    " ORDER BY agency_id LIMIT $1";

const struct invariant check_audit[] = {
    {
        .name = "audit_chain",
        .sentence = "every audit event is as it was written, after the one before it",
        .subjects = { &check_events_counted },
        .sql = all_events,
        .columns = chain_columns,
        .judge = judge_event,
    },
    {
        .name = "audit_end",
        .sentence = "no audit event is missing at the end of an agency's chain",
        .subjects = { &check_events_counted, &check_agencies_counted },
        .sql = wrong_heads,
        .columns = head_columns,
    },
    INVARIANTS_END,
};
