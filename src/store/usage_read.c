#include "store/usage_read.h"

/* clang-format off */
static const struct field hour_columns[] = {
    FIELD_ID(struct usage_hour, subaccount, ID_SUBACCOUNT),
    FIELD_INTEGER(struct usage_hour, hour_at),
    FIELD_INTEGER(struct usage_hour, calls),
    FIELD_INTEGER(struct usage_hour, answered),
    FIELD_INTEGER(struct usage_hour, inbound),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_COMPLETED]),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_VOICEMAIL]),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_NO_ANSWER]),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_BUSY]),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_FAILED]),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_CANCELED]),
    FIELD_INTEGER(struct usage_hour, by_status[CALL_TRANSFERRED]),
    FIELD_INTEGER(struct usage_hour, talk_seconds),
    FIELD_INTEGER(struct usage_hour, billed_seconds[TIER_BASIC]),
    FIELD_INTEGER(struct usage_hour, billed_seconds[TIER_PREMIUM]),
    FIELD_INTEGER(struct usage_hour, spent),
    FIELD_INTEGER(struct usage_hour, cost),
    FIELD_END,
};

static const struct field call_columns[] = {
    FIELD_INSTANT(struct usage_call, started_at),
    FIELD_NAME(struct usage_call, tier, tier_names),
    FIELD_NAME(struct usage_call, status, call_status_names),
    FIELD_NAME(struct usage_call, direction, call_direction_names),
    FIELD_INTEGER(struct usage_call, duration_seconds),
    FIELD_INTEGER(struct usage_call, billed_seconds),
    FIELD_MONEY(struct usage_call, price),
    FIELD_MONEY(struct usage_call, base_price),
    FIELD_END,
};

static const struct field purchase_columns[] = {
    FIELD_INSTANT(struct usage_purchase, succeeded_at),
    FIELD_INTEGER(struct usage_purchase, paid),
    FIELD_INTEGER(struct usage_purchase, profit),
    FIELD_END,
};
/* clang-format on */

bool usage_hours_each(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from, instant_t to,
                      usage_hour_function take, void *context)
{
    struct db_rows rows;

    if (!db_query(
            tx, &rows,
            "SELECT subaccount_id, hour_at, calls, answered, inbound, completed, voicemail, no_answer, busy,"
            " failed, canceled, transferred, talk_seconds, basic_seconds, premium_seconds, spent_micros,"
            " cost_micros FROM usage_hours WHERE agency_id = $1 AND subaccount_id = $2 AND hour_at >= $3"
            " AND hour_at < $4 ORDER BY hour_at" /* the primary key */,
            ARGS(db_int(agency), db_int(subaccount), db_int(from), db_int(to))))
        return false;
    while (db_next(&rows)) {
        struct usage_hour hour;

        row_read(&rows, hour_columns, &hour);
        take(context, &hour);
    }
    return db_done(&rows);
}

struct range {
    id64_t agency, subaccount; /* ID_NONE: `sql` is of the whole agency */
    instant_t from, to;
};

static bool query_range(struct tx *tx, struct db_rows *rows, const char *sql,
                        const struct range *range)
{
    struct db_args args = ARGS(db_int(range->agency), db_int(range->from), db_int(range->to),
                               db_int(range->subaccount));

    args.count -= range->subaccount == ID_NONE;
    return db_query(tx, rows, sql, args);
}

#define CALL_COLUMNS                                                                        \
    "SELECT started_at, tier, status, direction, duration_seconds, billed_seconds,"         \
    " price_micros, base_price_micros FROM calls WHERE agency_id = $1 AND started_at >= $2" \
    " AND started_at < $3"

bool usage_calls_each(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from, instant_t to,
                      usage_call_function take, void *context)
{
    static const char of_agency[] = CALL_COLUMNS /* calls_by_start */;
    static const char of_one[] = CALL_COLUMNS " AND subaccount_id = $4" /* calls_by_subaccount */;
    struct db_rows rows;

    if (!query_range(tx, &rows, subaccount == ID_NONE ? of_agency : of_one,
                     &(struct range){ agency, subaccount, from, to }))
        return false;
    while (db_next(&rows)) {
        struct usage_call call;

        row_read(&rows, call_columns, &call);
        take(context, &call);
    }
    return db_done(&rows);
}

#undef CALL_COLUMNS

/* What was given back counts from when it was, and only while it was not refused. */
#define PURCHASES_BETWEEN(condition)                                              \
    "SELECT succeeded_at, paid_micros, COALESCE(profit_micros, 0) FROM purchases" \
    " WHERE agency_id = $1 AND succeeded_at IS NOT NULL AND succeeded_at >= $2"   \
    " AND succeeded_at < $3" condition                                            \
    " UNION ALL SELECT created_at, -amount_micros, -profit_micros FROM refunds"   \
    " WHERE agency_id = $1 AND created_at >= $2 AND created_at < $3 AND state <> 'failed'" condition

bool usage_purchases_each(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from,
                          instant_t to, usage_purchase_function take, void *context)
{
    static const char of_agency[] =
        PURCHASES_BETWEEN(""); /* purchases_by_success, refunds_by_time */
    /* purchases_by_subaccount_success, refunds_by_subaccount_time */
    static const char of_one[] = PURCHASES_BETWEEN(" AND subaccount_id = $4");
    struct db_rows rows;

    if (!query_range(tx, &rows, subaccount == ID_NONE ? of_agency : of_one,
                     &(struct range){ agency, subaccount, from, to }))
        return false;
    while (db_next(&rows)) {
        struct usage_purchase purchase;

        row_read(&rows, purchase_columns, &purchase);
        take(context, &purchase);
    }
    return db_done(&rows);
}

#undef PURCHASES_BETWEEN

bool usage_spans(struct tx *tx, id64_t agency, struct list *out)
{
    /* clang-format off */
    static const struct field columns[] = {
        FIELD_ID(struct usage_span, subaccount, ID_SUBACCOUNT),
        FIELD_INSTANT(struct usage_span, first_hour_at),
        FIELD_INSTANT(struct usage_span, last_hour_at),
        FIELD_END,
    };
    /* clang-format on */

    return db_list(
        tx,
        "SELECT subaccount_id, MIN(hour_at), MAX(hour_at) FROM usage_hours WHERE agency_id = $1"
        " AND subaccount_id > 0 GROUP BY subaccount_id" /* the primary key */,
        ARGS(db_int(agency)), columns, sizeof(struct usage_span), SIZE_MAX, out);
}
