#include "store/minute_moves.h"

#include "store/many.h"

/* clang-format off */
static const struct field move_row[] = {
    FIELD_ID(struct minute_move, agency_id, ID_AGENCY),
    FIELD_ID(struct minute_move, id, ID_MINUTE_MOVE),
    FIELD_ID(struct minute_move, from_id, ID_SUBACCOUNT),
    FIELD_ID(struct minute_move, to_id, ID_SUBACCOUNT),
    FIELD_NAME(struct minute_move, tier, tier_names, .flags = FIELD_NUMBERED),
    FIELD_INTEGER(struct minute_move, sent),
    FIELD_INTEGER(struct minute_move, received),
    FIELD_MONEY(struct minute_move, price_from),
    FIELD_MONEY(struct minute_move, price_to),
    FIELD_MONEY(struct minute_move, base_price),
    FIELD_MONEY(struct minute_move, adjustment),
    FIELD_BOOLEAN(struct minute_move, capped),
    FIELD_ID(struct minute_move, posting_id, ID_POSTING),
    FIELD_ID(struct minute_move, created_by, ID_USER),
    FIELD_INSTANT(struct minute_move, created_at),
    FIELD_END,
};
/* clang-format on */

#define MOVE_COLUMNS                                                                          \
    "agency_id, id, from_id, to_id, tier, sent_seconds, received_seconds, price_from_micros," \
    " price_to_micros, base_price_micros, adjustment_micros, capped, posting_id, created_by," \
    " created_at"

bool minute_moves_insert(struct tx *tx, const struct minute_move *const *moves, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql = "INSERT INTO minute_moves (" MOVE_COLUMNS ")"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        .set_sql =
            "INSERT INTO minute_moves (" MOVE_COLUMNS ") SELECT u.* FROM unnest($1::bigint[],"
            " $2::bigint[], $3::bigint[], $4::bigint[], $5::smallint[], $6::bigint[],"
            " $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],"
            " $12::smallint[], $13::bigint[], $14::bigint[], $15::bigint[]) AS u",
    };

    return db_bulk_write(tx, &insert, move_row, (const void *const *)moves, n, NO_ARGS);
}

/* Those of one account are sought on two indexes, each newest first, and of both the newest are taken. */
#define WITHIN " AND id < $2 AND created_at >= $3 AND created_at < $4"
#define ONE_END(column)                                                                         \
    "SELECT * FROM (SELECT " MOVE_COLUMNS " FROM minute_moves WHERE agency_id = $1 AND " column \
    " = $6" WITHIN " ORDER BY id DESC LIMIT $5) AS " column "s"

bool minute_move_list(struct tx *tx, id64_t agency, const struct minute_move_filter *filter,
                      struct list *out)
{
    static const char all[] =
        "SELECT " MOVE_COLUMNS " FROM minute_moves"
        " WHERE agency_id = $1 AND $6 = 0" WITHIN " ORDER BY id DESC LIMIT $5" /* the key */;
    static const char of_one[] =
        ONE_END("from_id") " UNION ALL " ONE_END("to_id") " ORDER BY id DESC LIMIT $5";

    return db_list(
        tx, filter->subaccount == ID_NONE ? all : of_one,
        ARGS(db_int(agency), db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
             db_int(filter->from), db_int(filter->to != INSTANT_NONE ? filter->to : INT64_MAX),
             db_int(filter->limit), db_int(filter->subaccount)),
        move_row, sizeof(struct minute_move), (size_t)filter->limit, out);
}

static void take_ends(void *context, size_t position, const struct db_rows *row)
{
    ((struct minute_move_ends *)context)[position] =
        (struct minute_move_ends){ row_id(row, 1), row_id(row, 2) };
}

bool minute_moves_ends(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                       struct minute_move_ends *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, from_id, to_id FROM minute_moves WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, m.from_id, m.to_id FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN minute_moves m ON m.agency_id = $3::bigint"
                   " AND m.id = u.id",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct minute_move_ends){ ID_NONE, ID_NONE };
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_ends, out);
}
