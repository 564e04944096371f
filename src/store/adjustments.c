#include "store/adjustments.h"

#include "store/many.h"

/* clang-format off */
static const struct field adjustment_row[] = {
    FIELD_ID(struct adjustment, agency_id, ID_AGENCY),
    FIELD_ID(struct adjustment, id, ID_ADJUSTMENT),
    FIELD_ID(struct adjustment, subaccount_id, ID_SUBACCOUNT),
    FIELD_BOOLEAN(struct adjustment, by_platform),
    FIELD_NAME(struct adjustment, tier, tier_names),
    FIELD_INTEGER(struct adjustment, seconds),
    FIELD_MONEY(struct adjustment, base_price),
    FIELD_MONEY(struct adjustment, credit),
    FIELD_TEXT(struct adjustment, reason),
    FIELD_ID(struct adjustment, posting_id, ID_POSTING),
    FIELD_ID(struct adjustment, created_by, ID_USER),
    FIELD_INSTANT(struct adjustment, created_at),
    FIELD_END,
};
/* clang-format on */

#define ADJUSTMENT_COLUMNS                                                         \
    "agency_id, id, subaccount_id, by_platform, tier, seconds, base_price_micros," \
    " credit_micros, reason, posting_id, created_by, created_at"

bool adjustment_insert(struct tx *tx, const struct adjustment *adjustment)
{
    return db_run(tx,
                  "INSERT INTO adjustments (" ADJUSTMENT_COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                  ARGS(db_int(adjustment->agency_id), db_int(adjustment->id),
                       db_int(adjustment->subaccount_id), db_bool(adjustment->by_platform),
                       db_int(adjustment->tier), db_int(adjustment->seconds),
                       db_int(adjustment->base_price), db_int(adjustment->credit),
                       db_text(adjustment->reason), db_int(adjustment->posting_id),
                       db_id(adjustment->created_by), db_int(adjustment->created_at)),
                  NULL);
}

#define SELECT_OLDER                                                                  \
    "SELECT " ADJUSTMENT_COLUMNS " FROM adjustments WHERE agency_id = $1 AND id < $2" \
    " AND ($4 < 0 OR by_platform = $4)"
#define NEWEST_FIRST " ORDER BY id DESC LIMIT $3"

bool adjustment_list(struct tx *tx, id64_t agency, const struct adjustment_filter *filter,
                     struct list *out)
{
    static const char all[] = SELECT_OLDER NEWEST_FIRST /* the key */;
    static const char of_one[] =
        SELECT_OLDER " AND subaccount_id = $5" NEWEST_FIRST /* adjustments_by_subaccount */;
    struct db_args args =
        ARGS(db_int(agency), db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
             db_int(filter->limit), db_int(filter->by_platform), db_int(filter->subaccount));

    args.count -= filter->subaccount == ID_NONE;
    return db_list(tx, filter->subaccount == ID_NONE ? all : of_one, args, adjustment_row,
                   sizeof(struct adjustment), (size_t)filter->limit, out);
}

static void take_reason(void *context, size_t position, const struct db_rows *row)
{
    ((struct str *)context)[position] = row_text(row, 1);
}

bool adjustments_reasons(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, struct str *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, reason FROM adjustments WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, a.reason FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN adjustments a ON a.agency_id = $3::bigint"
                   " AND a.id = u.id",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = STR_NONE;
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_reason, out);
}
