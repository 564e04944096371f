#include "store/erasure.h"

enum { ERASURE_ROWS = 1000 };

/* A step deletes or blanks some rows of one table; it is over when it touches none. */
struct step {
    const char *sql; /* $1: the agency, $2: rows at most */
};

/* clang-format off */
#define DELETE_SOME(table, key)                                                                          \
    "DELETE FROM " table " WHERE agency_id = $1 AND " key " IN (SELECT " key " FROM " table              \
    " WHERE agency_id = $1 LIMIT $2)"

/* In this order: what refers to others goes before them. */
static const struct step steps[] = {
    { DELETE_SOME("sessions", "id") },
    { DELETE_SOME("api_keys", "id") },
    { DELETE_SOME("idempotency_keys", "created_at") },
    { DELETE_SOME("invitation_grants", "invitation_id") },
    { DELETE_SOME("invitations", "id") },
    { DELETE_SOME("user_grants", "user_id") },
    { DELETE_SOME("user_emails", "user_id") },
    { DELETE_SOME("user_totp", "user_id") },
    { DELETE_SOME("recovery_codes", "user_id") },
    { DELETE_SOME("users", "id") },
    { DELETE_SOME("engine_deliveries", "id") },
    { DELETE_SOME("engine_rules", "rule_key") },
    { DELETE_SOME("engine_connections", "id") },
    { DELETE_SOME("payment_methods", "id") },
    { DELETE_SOME("outbox", "id") },
    { DELETE_SOME("jobs", "id") },
    { DELETE_SOME("auto_recharges", "subaccount_id") },
    { DELETE_SOME("auto_allocations", "subaccount_id") },
    { DELETE_SOME("audit_events", "id") },
    { DELETE_SOME("audit_heads", "agency_id") },
    { "UPDATE purchases SET created_by = NULL WHERE agency_id = $1 AND id IN (SELECT id FROM purchases"
      " WHERE agency_id = $1 AND created_by IS NOT NULL LIMIT $2)" },
    { "UPDATE distribution_changes SET changed_by = NULL WHERE agency_id = $1 AND changed_at IN (SELECT changed_at"
      " FROM distribution_changes WHERE agency_id = $1 AND changed_by IS NOT NULL LIMIT $2)" },
    { "UPDATE refunds SET created_by = NULL WHERE agency_id = $1 AND id IN (SELECT id FROM refunds"
      " WHERE agency_id = $1 AND created_by IS NOT NULL LIMIT $2)" },
    { "UPDATE adjustments SET created_by = NULL, reason = 'Removed' WHERE agency_id = $1 AND id IN"
      " (SELECT id FROM adjustments WHERE agency_id = $1 AND (created_by IS NOT NULL OR reason <> 'Removed')"
      " LIMIT $2)" },
    { "UPDATE minute_moves SET created_by = NULL WHERE agency_id = $1 AND id IN (SELECT id FROM minute_moves"
      " WHERE agency_id = $1 AND created_by IS NOT NULL LIMIT $2)" },
    { "UPDATE knowledge_transfers SET created_by = NULL WHERE agency_id = $1 AND id IN (SELECT id"
      " FROM knowledge_transfers WHERE agency_id = $1 AND created_by IS NOT NULL LIMIT $2)" },
    { "UPDATE reservations SET agent = NULL, campaign = NULL WHERE agency_id = $1 AND id IN (SELECT id FROM reservations"
      " WHERE agency_id = $1 AND (agent IS NOT NULL OR campaign IS NOT NULL) LIMIT $2)" },
    { "UPDATE subaccounts SET name = 'Removed', name_key = 'removed', email = 'removed-' || id || '@removed.invalid',"
      " email_key = 'removed-' || id || '@removed.invalid', reference = NULL, suspension_note = NULL, timezone = NULL"
      " WHERE agency_id = $1 AND id IN (SELECT id FROM subaccounts WHERE agency_id = $1"
      " AND email NOT LIKE 'removed-%@removed.invalid' LIMIT $2)" },
};
/* clang-format on */

/* An agency whose data goes, and how far that is. */
struct erasure {
    id64_t agency;
    int64_t step;     /* of `steps`, then the calls, then the end */
    instant_t cursor; /* when the last calls that were blanked began */
};

/* Calls are many and keep when they began, so a cursor walks over them: what they were, without who and what about. Those
   of one instant go together. */
static bool blank_calls(struct tx *tx, struct erasure *erasure)
{
    int64_t last;

    if (!db_find_int(
            tx,
            "SELECT MAX(started_at) FROM (SELECT started_at FROM calls WHERE agency_id = $1"
            " AND started_at > $2 ORDER BY started_at LIMIT $3) AS bite" /* calls_by_start */,
            ARGS(db_int(erasure->agency), db_int(erasure->cursor), db_int(ERASURE_ROWS)), 0, &last))
        return false;
    if (last == 0) {
        erasure->step++;
        return true;
    }
    if (!db_run(
            tx,
            "UPDATE calls SET external_id = 'removed-' || id, reservation = NULL, agent = NULL,"
            " project = NULL, campaign = NULL, contact = NULL, from_number = NULL,"
            " to_number = NULL, outcome = NULL, sentiment = NULL, summary = NULL,"
            " recording_url = NULL WHERE agency_id = $1 AND started_at > $2 AND started_at <= $3",
            ARGS(db_int(erasure->agency), db_int(erasure->cursor), db_int(last)), NULL))
        return false;
    erasure->cursor = last;
    return true;
}

static bool close_agency(struct tx *tx, const struct erasure *erasure)
{
    tx_mark(tx, erasure->agency, ID_NONE, CHANGED_ACCESS);
    return db_change_one(tx,
                         "UPDATE agencies SET name = 'Deleted agency', branding_name = NULL,"
                         " branding_colour = NULL, status = 'deleted', version = version + 1"
                         " WHERE id = $1 AND status = 'deleting'",
                         ARGS(db_int(erasure->agency)));
}

static bool run_step(struct tx *tx, struct erasure *erasure)
{
    const int64_t calls = COUNT_OF(steps);
    int64_t touched;

    if (erasure->step == calls) return blank_calls(tx, erasure);
    if (erasure->step > calls) return close_agency(tx, erasure);
    if (!db_run(tx, steps[erasure->step].sql, ARGS(db_int(erasure->agency), db_int(ERASURE_ROWS)),
                &touched))
        return false;
    if (touched == 0) erasure->step++;
    return true;
}

static bool find_due(struct tx *tx, struct erasure *out, bool *found)
{
    static const struct field row[] = {
        FIELD_ID(struct erasure, agency, ID_AGENCY),
        FIELD_INTEGER(struct erasure, step),
        FIELD_INTEGER(struct erasure, cursor),
        FIELD_END,
    };

    return db_find(tx,
                   "SELECT id, erasure_step, erasure_cursor FROM agencies WHERE status = 'deleting'"
                   " AND deletes_at <= $1 ORDER BY deletes_at, id LIMIT 1" /* agencies_deleting */
                   " /*postgres FOR UPDATE SKIP LOCKED*/",
                   ARGS(db_int(tx->now)), row, out, found);
}

bool agencies_erase_some(struct tx *tx, int64_t *touched)
{
    struct erasure erasure;
    bool found;

    *touched = 0;
    if (!find_due(tx, &erasure, &found)) return false;
    if (!found) return true;
    *touched = 1;
    return run_step(tx, &erasure)
        && db_run(tx, "UPDATE agencies SET erasure_step = $2, erasure_cursor = $3 WHERE id = $1",
                  ARGS(db_int(erasure.agency), db_int(erasure.step), db_int(erasure.cursor)), NULL);
}
