#include "store/agencies.h"

/* A row as the store has it: dates as text. */
struct agency_row {
    struct agency agency;
    struct str subscription_start;
};

/* clang-format off */
static const struct field agency_columns[] = {
    FIELD_ID(struct agency_row, agency.id, ID_AGENCY),
    FIELD_TEXT(struct agency_row, agency.name),
    FIELD_TEXT(struct agency_row, agency.timezone),
    FIELD_TEXT(struct agency_row, agency.plan_code),
    FIELD_TEXT(struct agency_row, agency.next_plan_code),
    FIELD_INSTANT(struct agency_row, agency.next_plan_at),
    FIELD_NAME(struct agency_row, agency.status, agency_status_names),
    FIELD_TEXT(struct agency_row, subscription_start),
    FIELD_TEXT(struct agency_row, agency.branding_name),
    FIELD_TEXT(struct agency_row, agency.branding_colour),
    FIELD_MONEY(struct agency_row, agency.default_prices[TIER_BASIC]),
    FIELD_MONEY(struct agency_row, agency.default_prices[TIER_PREMIUM]),
    FIELD_MONEY(struct agency_row, agency.payout_threshold),
    FIELD_MONEY(struct agency_row, agency.credit_limit),
    FIELD_ID(struct agency_row, agency.primary_id, ID_SUBACCOUNT),
    FIELD_INSTANT(struct agency_row, agency.deletes_at),
    FIELD_INTEGER(struct agency_row, agency.requests_per_second),
    FIELD_INTEGER(struct agency_row, agency.queue_share),
    FIELD_BOOLEAN(struct agency_row, agency.two_factor_required),
    FIELD_INTEGER(struct agency_row, agency.holds.hold_seconds),
    FIELD_INTEGER(struct agency_row, agency.holds.extension_seconds),
    FIELD_INTEGER(struct agency_row, agency.holds.grace_seconds),
    FIELD_INTEGER(struct agency_row, agency.holds.concurrency_limit),
    FIELD_INTEGER(struct agency_row, agency.version),
    FIELD_INSTANT(struct agency_row, agency.created_at),
    FIELD_INTEGER(struct agency_row, agency.increment.first_seconds),
    FIELD_INTEGER(struct agency_row, agency.increment.step_seconds),
    FIELD_END,
};
/* clang-format on */

bool agency_insert(struct tx *tx, const struct agency *agency)
{
    return db_run(
               tx,
               "INSERT INTO agencies (id, name, timezone, plan_code, status, subscription_start,"
               " default_basic_micros, default_premium_micros, payout_threshold_micros, credit_limit_micros,"
               " primary_id, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
               ARGS(db_int(agency->id), db_text(agency->name), db_text(agency->timezone),
                    db_text(agency->plan_code),
                    db_text(str_from_c(agency_status_names[agency->status])),
                    db_text(date_format(tx->arena, agency->subscription_start)),
                    db_micros(agency->default_prices[TIER_BASIC]),
                    db_micros(agency->default_prices[TIER_PREMIUM]),
                    db_int(agency->payout_threshold), db_micros(agency->credit_limit),
                    db_int(agency->primary_id), db_int(agency->version),
                    db_instant(agency->created_at)),
               NULL)
        && increment_point_insert(tx, agency->id, 0, agency->increment);
}

bool agency_load(struct tx *tx, id64_t agency, struct agency *out)
{
    struct agency_row row;

    if (!db_find(
            tx,
            "SELECT a.id, a.name, a.timezone, a.plan_code, a.next_plan_code, a.next_plan_at, a.status,"
            " a.subscription_start, a.branding_name, a.branding_colour, a.default_basic_micros, a.default_premium_micros, a.payout_threshold_micros,"
            " a.credit_limit_micros, a.primary_id, a.deletes_at,"
            " COALESCE(a.requests_per_second, 0), a.queue_share, a.two_factor_required, a.hold_seconds,"
            " a.extension_seconds, a.hold_grace_seconds, COALESCE(a.concurrency_limit, 0), a.version, a.created_at,"
            " i.first_seconds, i.step_seconds"
            " FROM agencies a JOIN increment_points i ON i.agency_id = a.id"
            " WHERE a.id = $1 AND i.effective_at <= $2 ORDER BY i.effective_at DESC LIMIT 1",
            ARGS(db_int(agency), db_int(tx->now)), agency_columns, &row, NULL))
        return false;
    *out = row.agency;
    if (!date_parse(row.subscription_start, &out->subscription_start))
        return fail(tx->problem, REASON_INTERNAL, NULL,
                    "an agency's subscription start is no date");
    return true;
}

bool agency_update(struct tx *tx, const struct agency *agency)
{
    tx_mark(tx, agency->id, ID_NONE, CHANGED_ACCESS | CHANGED_STATE);
    return db_change_one(
        tx,
        "UPDATE agencies SET name = $2, timezone = $3, branding_name = $4, branding_colour = $5,"
        " default_basic_micros = $6, default_premium_micros = $7, two_factor_required = $8,"
        " hold_seconds = $9, extension_seconds = $10, hold_grace_seconds = $11, concurrency_limit = $12"
        " WHERE id = $1",
        ARGS(db_int(agency->id), db_text(agency->name), db_text(agency->timezone),
             db_text(agency->branding_name), db_text(agency->branding_colour),
             db_micros(agency->default_prices[TIER_BASIC]),
             db_micros(agency->default_prices[TIER_PREMIUM]), db_bool(agency->two_factor_required),
             db_int(agency->holds.hold_seconds), db_int(agency->holds.extension_seconds),
             db_int(agency->holds.grace_seconds), db_limit(agency->holds.concurrency_limit)));
}

bool agency_set_terms(struct tx *tx, const struct agency *agency)
{
    return db_change_one(
        tx,
        "UPDATE agencies SET credit_limit_micros = $2, payout_threshold_micros = $3,"
        " requests_per_second = $4, queue_share = $5 WHERE id = $1",
        ARGS(db_int(agency->id), db_micros(agency->credit_limit), db_int(agency->payout_threshold),
             db_limit(agency->requests_per_second), db_int(agency->queue_share)));
}

bool agency_set_status(struct tx *tx, const struct agency *agency)
{
    tx_mark(tx, agency->id, ID_NONE, CHANGED_ACCESS | CHANGED_STATE);
    return db_change_one(tx, "UPDATE agencies SET status = $2, deletes_at = $3 WHERE id = $1",
                         ARGS(db_int(agency->id),
                              db_text(str_from_c(agency_status_names[agency->status])),
                              db_instant(agency->deletes_at)));
}

bool agencies_count(struct tx *tx, int64_t *out)
{
    return db_find_int(tx, "SELECT COUNT(*) FROM agencies", NO_ARGS, 0, out);
}

bool agency_only(struct tx *tx, id64_t *out)
{
    int64_t count;

    *out = ID_NONE;
    return agencies_count(tx, &count)
        && (count != 1 || db_find_int(tx, "SELECT id FROM agencies", NO_ARGS, ID_NONE, out));
}

/* A clock that is further ahead than this is wrong, and nobody follows it. */
#define CLOCK_SKEW_MAX (10 * MICROS_PER_SECOND)

void agency_come_after(struct tx *tx, instant_t changed_at)
{
    if (changed_at > tx->now && changed_at <= tx->now + CLOCK_SKEW_MAX) tx->now = changed_at;
}

bool agency_next_version(struct tx *tx, id64_t agency, int64_t *version)
{
    struct db_rows rows;

    *version = 0;
    if (!db_query(tx, &rows,
                  "UPDATE agencies SET version = version + 1,"
                  " changed_at = CASE WHEN changed_at BETWEEN $2 AND $3 THEN changed_at ELSE $2 END"
                  " WHERE id = $1 RETURNING version, changed_at",
                  ARGS(db_int(agency), db_int(tx->now), db_int(tx->now + CLOCK_SKEW_MAX))))
        return false;
    if (db_next(&rows)) {
        *version = row_int(&rows, 0);
        agency_come_after(tx, row_instant(&rows, 1));
    }
    if (!db_done(&rows)) return false;
    return *version > 0 || fail(tx->problem, REASON_NOT_FOUND, NULL, "there is no such agency");
}

bool agency_stamp_find(struct tx *tx, id64_t agency, struct agency_stamp *out)
{
    static const struct field columns[] = {
        FIELD_INTEGER(struct agency_stamp, version),
        FIELD_INSTANT(struct agency_stamp, changed_at),
        FIELD_END,
    };

    return db_find(tx, "SELECT version, changed_at FROM agencies WHERE id = $1",
                   ARGS(db_int(agency)), columns, out, NULL);
}

bool agency_credit_lock(struct tx *tx, id64_t agency, micros_t *limit)
{
    struct db_rows rows;

    *limit = MICROS_NONE;
    if (!db_query(tx, &rows,
                  "SELECT credit_limit_micros, changed_at FROM agencies WHERE id = $1"
                  " /*postgres FOR NO KEY UPDATE*/",
                  ARGS(db_int(agency))))
        return false;
    if (db_next(&rows)) {
        *limit = row_micros(&rows, 0);
        agency_come_after(tx, row_instant(&rows, 1));
    }
    return db_done(&rows);
}

bool agency_hold(struct tx *tx, id64_t agency)
{
    micros_t limit;

    return agency_credit_lock(tx, agency, &limit);
}

bool agency_credit_limit(struct tx *tx, id64_t agency, micros_t *limit)
{
    return db_find_int(tx, "SELECT credit_limit_micros FROM agencies WHERE id = $1",
                       ARGS(db_int(agency)), MICROS_NONE, limit);
}
