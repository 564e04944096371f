#include "store/usage_write.h"

#include <stdlib.h>

static int compare_int64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_hours(const void *a, const void *b)
{
    const struct usage_hour *x = a, *y = b;
    int by_account = compare_int64(x->subaccount, y->subaccount);
    return by_account != 0 ? by_account : compare_int64(x->hour_at, y->hour_at);
}

static int compare_periods(const void *a, const void *b)
{
    const struct usage_period *x = a, *y = b;
    int by_start = compare_int64(x->start_at, y->start_at);
    return by_start != 0 ? by_start : compare_int64(x->subaccount, y->subaccount);
}

/* Columns from the int64 members of an array of structs. */
static void fill_columns(struct tx *tx, const void *rows, size_t row_bytes, size_t n,
                         const size_t *offsets, size_t n_offsets, struct db_column *columns)
{
    for (size_t c = 0; c < n_offsets; c++) {
        int64_t *numbers = ARENA_ARRAY(tx->arena, int64_t, n);
        for (size_t i = 0; i < n; i++)
            numbers[i] = *(const int64_t *)((const char *)rows + i * row_bytes + offsets[c]);
        columns[c] = (struct db_column){ .type = DB_COLUMN_INT, .numbers = numbers };
    }
}

static const size_t hour_offsets[] = {
    offsetof(struct usage_hour, subaccount),
    offsetof(struct usage_hour, hour_at),
    offsetof(struct usage_hour, calls),
    offsetof(struct usage_hour, answered),
    offsetof(struct usage_hour, inbound),
    offsetof(struct usage_hour, by_status[CALL_COMPLETED]),
    offsetof(struct usage_hour, by_status[CALL_VOICEMAIL]),
    offsetof(struct usage_hour, by_status[CALL_NO_ANSWER]),
    offsetof(struct usage_hour, by_status[CALL_BUSY]),
    offsetof(struct usage_hour, by_status[CALL_FAILED]),
    offsetof(struct usage_hour, by_status[CALL_CANCELED]),
    offsetof(struct usage_hour, by_status[CALL_TRANSFERRED]),
    offsetof(struct usage_hour, talk_seconds),
    offsetof(struct usage_hour, billed_seconds[TIER_BASIC]),
    offsetof(struct usage_hour, billed_seconds[TIER_PREMIUM]),
    offsetof(struct usage_hour, spent),
    offsetof(struct usage_hour, cost),
};

#define INSERT_HOURS                                                                                               \
    "INSERT INTO usage_hours (agency_id, subaccount_id, hour_at, calls, answered, inbound, completed, voicemail,"  \
    " no_answer, busy, failed, canceled, transferred, talk_seconds, basic_seconds, premium_seconds, spent_micros," \
    " cost_micros)"
#define ADD_TO_HOURS                                                                                             \
    " ON CONFLICT (agency_id, subaccount_id, hour_at) DO UPDATE SET calls = usage_hours.calls + excluded.calls," \
    " answered = usage_hours.answered + excluded.answered, inbound = usage_hours.inbound + excluded.inbound,"    \
    " completed = usage_hours.completed + excluded.completed,"                                                   \
    " voicemail = usage_hours.voicemail + excluded.voicemail,"                                                   \
    " no_answer = usage_hours.no_answer + excluded.no_answer, busy = usage_hours.busy + excluded.busy,"          \
    " failed = usage_hours.failed + excluded.failed, canceled = usage_hours.canceled + excluded.canceled,"       \
    " transferred = usage_hours.transferred + excluded.transferred,"                                             \
    " talk_seconds = usage_hours.talk_seconds + excluded.talk_seconds,"                                          \
    " basic_seconds = usage_hours.basic_seconds + excluded.basic_seconds,"                                       \
    " premium_seconds = usage_hours.premium_seconds + excluded.premium_seconds,"                                 \
    " spent_micros = usage_hours.spent_micros + excluded.spent_micros,"                                          \
    " cost_micros = usage_hours.cost_micros + excluded.cost_micros"

bool usage_hours_add(struct tx *tx, id64_t agency, struct usage_hour *hours, size_t n)
{
    static const struct db_bulk upsert = {
        .row_sql = INSERT_HOURS
        " VALUES ($18, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
        " $17)" ADD_TO_HOURS,
        .set_sql = INSERT_HOURS
        " SELECT $18::bigint, u.* FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],"
        " $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],"
        " $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],"
        " $15::bigint[], $16::bigint[], $17::bigint[]) AS u" ADD_TO_HOURS,
    };
    struct db_column columns[COUNT_OF(hour_offsets)];

    if (n == 0) return true;
    qsort(hours, n, sizeof(*hours), compare_hours);
    fill_columns(tx, hours, sizeof(*hours), n, hour_offsets, COUNT_OF(hour_offsets), columns);
    return db_bulk_run(tx, &upsert, columns, COUNT_OF(hour_offsets), n, ARGS(db_int(agency)), NULL,
                       NULL);
}

static const size_t period_offsets[] = {
    offsetof(struct usage_period, subaccount),     offsetof(struct usage_period, start_at),
    offsetof(struct usage_period, end_at),         offsetof(struct usage_period, calls),
    offsetof(struct usage_period, billed_seconds), offsetof(struct usage_period, spent),
    offsetof(struct usage_period, cost),
};

#define INSERT_PERIODS                                                                                            \
    "INSERT INTO usage_periods (agency_id, subaccount_id, start_at, end_at, calls, billed_seconds, spent_micros," \
    " cost_micros)"
#define ADD_TO_PERIODS                                                                                              \
    " ON CONFLICT (agency_id, start_at, subaccount_id) DO UPDATE SET calls = usage_periods.calls + excluded.calls," \
    " billed_seconds = usage_periods.billed_seconds + excluded.billed_seconds,"                                     \
    " spent_micros = usage_periods.spent_micros + excluded.spent_micros,"                                           \
    " cost_micros = usage_periods.cost_micros + excluded.cost_micros"

bool usage_periods_add(struct tx *tx, id64_t agency, struct usage_period *periods, size_t n)
{
    static const struct db_bulk upsert = {
        .row_sql = INSERT_PERIODS " VALUES ($8, $1, $2, $3, $4, $5, $6, $7)" ADD_TO_PERIODS,
        .set_sql = INSERT_PERIODS
        " SELECT $8::bigint, u.* FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],"
        " $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) AS u" ADD_TO_PERIODS,
    };
    struct db_column columns[COUNT_OF(period_offsets)];

    if (n == 0) return true;
    qsort(periods, n, sizeof(*periods), compare_periods);
    fill_columns(tx, periods, sizeof(*periods), n, period_offsets, COUNT_OF(period_offsets),
                 columns);
    return db_bulk_run(tx, &upsert, columns, COUNT_OF(period_offsets), n, ARGS(db_int(agency)),
                       NULL, NULL);
}

bool usage_periods_clear(struct tx *tx, id64_t agency)
{
    return db_run(tx, "DELETE FROM usage_periods WHERE agency_id = $1", ARGS(db_int(agency)), NULL);
}
