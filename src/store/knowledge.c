#include "store/knowledge.h"

#include "store/many.h"

/* clang-format off */
static const struct field transfer_row[] = {
    FIELD_ID(struct knowledge_transfer, agency_id, ID_AGENCY),
    FIELD_ID(struct knowledge_transfer, id, ID_KNOWLEDGE_TRANSFER),
    FIELD_ID(struct knowledge_transfer, from_id, ID_SUBACCOUNT),
    FIELD_ID(struct knowledge_transfer, to_id, ID_SUBACCOUNT),
    FIELD_INTEGER(struct knowledge_transfer, credits),
    FIELD_ID(struct knowledge_transfer, posting_id, ID_POSTING),
    FIELD_ID(struct knowledge_transfer, created_by, ID_USER),
    FIELD_INSTANT(struct knowledge_transfer, created_at),
    FIELD_END,
};
/* clang-format on */

#define TRANSFER_COLUMNS \
    "agency_id, id, from_id, to_id, credits, posting_id, created_by, created_at"

bool knowledge_transfer_insert(struct tx *tx, const struct knowledge_transfer *transfer)
{
    return db_run(tx,
                  "INSERT INTO knowledge_transfers (" TRANSFER_COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  ARGS(db_int(transfer->agency_id), db_int(transfer->id), db_int(transfer->from_id),
                       db_int(transfer->to_id), db_int(transfer->credits),
                       db_int(transfer->posting_id), db_id(transfer->created_by),
                       db_int(transfer->created_at)),
                  NULL);
}

/* Those of one account are sought on two indexes, each newest first, and of both the newest are taken. */
#define ONE_END(column)                                                                 \
    "SELECT * FROM (SELECT " TRANSFER_COLUMNS " FROM knowledge_transfers"               \
    " WHERE agency_id = $1 AND " column " = $4 AND id < $2 ORDER BY id DESC LIMIT $3) " \
    "AS " column "s"

bool knowledge_transfer_list(struct tx *tx, id64_t agency, const struct knowledge_filter *filter,
                             struct list *out)
{
    static const char all[] = "SELECT " TRANSFER_COLUMNS " FROM knowledge_transfers"
                              " WHERE agency_id = $1 AND $4 = 0 AND id < $2" /* the key */
                              " ORDER BY id DESC LIMIT $3";
    static const char of_one[] =
        ONE_END("from_id") " UNION ALL " ONE_END("to_id") " ORDER BY id DESC LIMIT $3";

    return db_list(tx, filter->subaccount == ID_NONE ? all : of_one,
                   ARGS(db_int(agency),
                        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
                        db_int(filter->limit), db_int(filter->subaccount)),
                   transfer_row, sizeof(struct knowledge_transfer), (size_t)filter->limit, out);
}

static void take_ends(void *context, size_t position, const struct db_rows *row)
{
    ((struct minute_move_ends *)context)[position] =
        (struct minute_move_ends){ row_id(row, 1), row_id(row, 2) };
}

bool knowledge_transfers_ends(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                              struct minute_move_ends *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, from_id, to_id FROM knowledge_transfers"
                   " WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, t.from_id, t.to_id FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN knowledge_transfers t ON t.agency_id = $3::bigint"
                   " AND t.id = u.id",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct minute_move_ends){ ID_NONE, ID_NONE };
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_ends, out);
}

/* Each grant's key is what there was in all with it. */
bool knowledge_granted(struct tx *tx, id64_t agency, int64_t *out)
{
    return db_find_int(
        tx,
        "SELECT MAX(once_key) FROM ledger_postings WHERE agency_id = $1 AND kind = $2"
        " AND once_key IS NOT NULL" /* ledger_postings_once */,
        ARGS(db_int(agency), db_int(POSTING_KNOWLEDGE_GRANT)), 0, out);
}
