#include "store/refunds.h"

#include "store/many.h"

/* clang-format off */
static const struct field refund_row[] = {
    FIELD_ID(struct refund, agency_id, ID_AGENCY),
    FIELD_ID(struct refund, id, ID_REFUND),
    FIELD_ID(struct refund, purchase_id, ID_PURCHASE),
    FIELD_ID(struct refund, subaccount_id, ID_SUBACCOUNT),
    FIELD_NAME(struct refund, kind, refund_kind_names),
    FIELD_NAME(struct refund, state, refund_state_names),
    FIELD_NAME(struct refund, tier, tier_names),
    FIELD_INTEGER(struct refund, seconds),
    FIELD_MONEY(struct refund, amount),
    FIELD_MONEY(struct refund, base),
    FIELD_MONEY(struct refund, profit),
    FIELD_TEXT(struct refund, failure),
    FIELD_ID(struct refund, posting_id, ID_POSTING),
    FIELD_ID(struct refund, return_posting_id, ID_POSTING),
    FIELD_ID(struct refund, created_by, ID_USER),
    FIELD_INSTANT(struct refund, created_at),
    FIELD_INSTANT(struct refund, settled_at),
    FIELD_END,
};
/* clang-format on */

#define REFUND_COLUMNS                                                                      \
    "agency_id, id, purchase_id, subaccount_id, kind, state, tier, seconds, amount_micros," \
    " base_micros, profit_micros, failure, posting_id, return_posting_id, created_by,"      \
    " created_at, settled_at"

static struct db_value name_of(const char *const *names, int index)
{
    return db_text(str_from_c(names[index]));
}

bool refund_insert(struct tx *tx, const struct refund *refund)
{
    return db_run(tx,
                  "INSERT INTO refunds (" REFUND_COLUMNS
                  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                  " $11, $12, $13, $14, $15, $16, $17)",
                  ARGS(db_int(refund->agency_id), db_int(refund->id), db_int(refund->purchase_id),
                       db_int(refund->subaccount_id), name_of(refund_kind_names, refund->kind),
                       name_of(refund_state_names, refund->state), db_int(refund->tier),
                       db_int(refund->seconds), db_int(refund->amount), db_int(refund->base),
                       db_int(refund->profit), db_text(refund->failure), db_int(refund->posting_id),
                       db_id(refund->return_posting_id), db_id(refund->created_by),
                       db_int(refund->created_at), db_instant(refund->settled_at)),
                  NULL);
}

bool refund_update(struct tx *tx, const struct refund *refund)
{
    return db_change_one(tx,
                         "UPDATE refunds SET state = $3, failure = $4, return_posting_id = $5,"
                         " settled_at = $6 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(refund->agency_id), db_int(refund->id),
                              name_of(refund_state_names, refund->state), db_text(refund->failure),
                              db_id(refund->return_posting_id), db_instant(refund->settled_at)));
}

bool refund_find(struct tx *tx, id64_t agency, id64_t id, struct refund *out)
{
    return db_find(tx,
                   "SELECT " REFUND_COLUMNS " FROM refunds WHERE agency_id = $1 AND id = $2"
                   /* the key */,
                   ARGS(db_int(agency), db_int(id)), refund_row, out, NULL);
}

bool refund_is_pending(struct tx *tx, id64_t agency, id64_t purchase, bool *out)
{
    int64_t one;

    if (!db_find_int(tx,
                     "SELECT 1 FROM refunds WHERE agency_id = $1 AND purchase_id = $2"
                     " AND state = 'pending'" /* refunds_pending */,
                     ARGS(db_int(agency), db_int(purchase)), 0, &one))
        return false;
    *out = one == 1;
    return true;
}

bool refund_is_pending_for(struct tx *tx, id64_t agency, id64_t subaccount, bool *out)
{
    int64_t count;

    if (!db_find_int(tx,
                     "SELECT COUNT(*) FROM refunds WHERE agency_id = $1 AND subaccount_id = $2"
                     " AND state = 'pending'" /* refunds_pending */,
                     ARGS(db_int(agency), db_int(subaccount)), 0, &count))
        return false;
    *out = count > 0;
    return true;
}

bool refund_list(struct tx *tx, id64_t agency, const struct refund_filter *filter, struct list *out)
{
    return db_list(tx,
                   "SELECT " REFUND_COLUMNS " FROM refunds WHERE agency_id = $1"
                   " AND purchase_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
                   /* refunds_by_purchase */,
                   ARGS(db_int(agency), db_int(filter->purchase),
                        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
                        db_int(filter->limit)),
                   refund_row, sizeof(struct refund), (size_t)filter->limit, out);
}

static void take_brief(void *context, size_t position, const struct db_rows *row)
{
    ((struct refund_brief *)context)[position] =
        (struct refund_brief){ row_id(row, 1), row_micros(row, 2) };
}

bool refunds_brief(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                   struct refund_brief *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, purchase_id, amount_micros FROM refunds"
                   " WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, f.purchase_id, f.amount_micros"
                   " FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
                   " JOIN refunds f ON f.agency_id = $3::bigint AND f.id = u.id",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct refund_brief){ ID_NONE, MICROS_NONE };
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_brief, out);
}
