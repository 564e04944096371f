#include "store/allocations.h"

/* clang-format off */
static const struct field allocation_row[] = {
    FIELD_ID(struct allocation, agency_id, ID_AGENCY),
    FIELD_ID(struct allocation, subaccount_id, ID_SUBACCOUNT),
    FIELD_BOOLEAN(struct allocation, enabled),
    FIELD_INTEGER(struct allocation, seconds[TIER_BASIC]),
    FIELD_INTEGER(struct allocation, seconds[TIER_PREMIUM]),
    FIELD_INTEGER(struct allocation, day),
    FIELD_INTEGER(struct allocation, next_month),
    FIELD_INSTANT(struct allocation, updated_at),
    FIELD_END,
};

static const struct field run_row[] = {
    FIELD_ID(struct allocation_run, agency_id, ID_AGENCY),
    FIELD_ID(struct allocation_run, subaccount_id, ID_SUBACCOUNT),
    FIELD_INTEGER(struct allocation_run, month),
    FIELD_NAME(struct allocation_run, state, allocation_state_names),
    FIELD_INTEGER(struct allocation_run, seconds[TIER_BASIC]),
    FIELD_INTEGER(struct allocation_run, seconds[TIER_PREMIUM]),
    FIELD_INSTANT(struct allocation_run, due_at),
    FIELD_INTEGER(struct allocation_run, failures),
    FIELD_TEXT(struct allocation_run, reason),
    FIELD_INSTANT(struct allocation_run, retry_at),
    FIELD_INSTANT(struct allocation_run, settled_at),
    FIELD_END,
};
/* clang-format on */

bool allocation_load(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation *out)
{
    bool found;

    if (!db_find(tx,
                 "SELECT agency_id, subaccount_id, enabled, basic_seconds, premium_seconds, day,"
                 " COALESCE(next_month, -1), updated_at FROM auto_allocations"
                 " WHERE agency_id = $1 AND subaccount_id = $2",
                 ARGS(db_int(agency), db_int(subaccount)), allocation_row, out, &found))
        return false;
    if (!found)
        *out = (struct allocation){ .agency_id = agency,
                                    .subaccount_id = subaccount,
                                    .next_month = MONTH_NONE,
                                    .updated_at = INSTANT_NONE };
    return true;
}

static struct db_value db_month(month_t month)
{
    struct db_value value = db_int(month);

    value.is_null = month == MONTH_NONE;
    return value;
}

bool allocation_save(struct tx *tx, const struct allocation *allocation)
{
    return db_run(
        tx,
        "INSERT INTO auto_allocations (agency_id, subaccount_id, enabled, basic_seconds,"
        " premium_seconds, day, next_month, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (agency_id, subaccount_id) DO UPDATE SET enabled = excluded.enabled,"
        " basic_seconds = excluded.basic_seconds, premium_seconds = excluded.premium_seconds,"
        " day = excluded.day, next_month = excluded.next_month, updated_at = excluded.updated_at",
        ARGS(db_int(allocation->agency_id), db_int(allocation->subaccount_id),
             db_bool(allocation->enabled), db_int(allocation->seconds[TIER_BASIC]),
             db_int(allocation->seconds[TIER_PREMIUM]), db_int(allocation->day),
             db_month(allocation->next_month), db_instant(allocation->updated_at)),
        NULL);
}

bool allocation_delete(struct tx *tx, id64_t agency, id64_t subaccount)
{
    return db_run(tx, "DELETE FROM auto_allocations WHERE agency_id = $1 AND subaccount_id = $2",
                  ARGS(db_int(agency), db_int(subaccount)), NULL);
}

bool allocation_last_month(struct tx *tx, id64_t agency, id64_t subaccount, month_t *out)
{
    return db_find_int(tx,
                       "SELECT MAX(month) FROM allocation_runs WHERE agency_id = $1"
                       " AND subaccount_id = $2" /* the key */,
                       ARGS(db_int(agency), db_int(subaccount)), MONTH_NONE, out);
}

#define RUN_COLUMNS                                                                   \
    "agency_id, subaccount_id, month, state, basic_seconds, premium_seconds, due_at," \
    " failures, reason, retry_at, settled_at"

bool allocation_run_insert(struct tx *tx, const struct allocation_run *run)
{
    return db_run(tx,
                  "INSERT INTO allocation_runs (" RUN_COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                  ARGS(db_int(run->agency_id), db_int(run->subaccount_id), db_int(run->month),
                       db_text(str_from_c(allocation_state_names[run->state])),
                       db_int(run->seconds[TIER_BASIC]), db_int(run->seconds[TIER_PREMIUM]),
                       db_instant(run->due_at), db_int(run->failures), db_text(run->reason),
                       db_instant(run->retry_at), db_instant(run->settled_at)),
                  NULL);
}

bool allocation_run_update(struct tx *tx, const struct allocation_run *run)
{
    return db_change_one(
        tx,
        "UPDATE allocation_runs SET state = $4, failures = $5, reason = $6,"
        " retry_at = $7, settled_at = $8"
        " WHERE agency_id = $1 AND subaccount_id = $2 AND month = $3",
        ARGS(db_int(run->agency_id), db_int(run->subaccount_id), db_int(run->month),
             db_text(str_from_c(allocation_state_names[run->state])), db_int(run->failures),
             db_text(run->reason), db_instant(run->retry_at), db_instant(run->settled_at)));
}

bool allocation_run_load(struct tx *tx, id64_t agency, id64_t subaccount, month_t month,
                         struct allocation_run *out)
{
    return db_find(tx,
                   "SELECT " RUN_COLUMNS " FROM allocation_runs WHERE agency_id = $1"
                   " AND subaccount_id = $2 AND month = $3",
                   ARGS(db_int(agency), db_int(subaccount), db_int(month)), run_row, out, NULL);
}

bool allocation_run_open(struct tx *tx, id64_t agency, id64_t subaccount,
                         struct allocation_run *out, bool *found)
{
    return db_find(tx,
                   "SELECT " RUN_COLUMNS " FROM allocation_runs WHERE agency_id = $1"
                   " AND subaccount_id = $2 AND settled_at IS NULL"
                   " ORDER BY month LIMIT 1" /* allocation_runs_open */,
                   ARGS(db_int(agency), db_int(subaccount)), run_row, out, found);
}

bool allocation_runs_open(struct tx *tx, id64_t agency, id64_t subaccount, struct list *out)
{
    return db_list(tx,
                   "SELECT " RUN_COLUMNS " FROM allocation_runs WHERE agency_id = $1"
                   " AND subaccount_id = $2 AND settled_at IS NULL"
                   " ORDER BY month" /* allocation_runs_open */,
                   ARGS(db_int(agency), db_int(subaccount)), run_row, sizeof(struct allocation_run),
                   SIZE_MAX, out);
}

bool allocation_run_past_due(struct tx *tx, id64_t agency, id64_t subaccount,
                             struct allocation_run *out, bool *found)
{
    return db_find(
        tx,
        "SELECT " RUN_COLUMNS " FROM allocation_runs d WHERE d.agency_id = $1"
        " AND d.subaccount_id = $2 AND d.state = 'past_due'" /* allocation_runs_past_due */
        " AND NOT EXISTS (SELECT 1 FROM allocation_runs s WHERE s.agency_id = $1"
        " AND s.subaccount_id = $2 AND s.month > d.month AND s.state = 'succeeded')"
        " ORDER BY d.month LIMIT 1",
        ARGS(db_int(agency), db_int(subaccount)), run_row, out, found);
}

bool allocation_runs_list(struct tx *tx, id64_t agency, id64_t subaccount, month_t before,
                          int64_t limit, struct list *out)
{
    return db_list(
        tx,
        "SELECT " RUN_COLUMNS " FROM allocation_runs WHERE agency_id = $1"
        " AND subaccount_id = $2 AND month < $3 ORDER BY month DESC LIMIT $4" /* the key */,
        ARGS(db_int(agency), db_int(subaccount), db_int(before > 0 ? before : INT64_MAX),
             db_int(limit)),
        run_row, sizeof(struct allocation_run), (size_t)limit, out);
}
