#include "store/purchases.h"

#include "store/many.h"

/* clang-format off */
static const struct field purchase_row[] = {
    FIELD_ID(struct purchase, agency_id, ID_AGENCY),
    FIELD_ID(struct purchase, id, ID_PURCHASE),
    FIELD_ID(struct purchase, subaccount_id, ID_SUBACCOUNT),
    FIELD_NAME(struct purchase, tier, tier_names),
    FIELD_NAME(struct purchase, provider, purchase_provider_names),
    FIELD_NAME(struct purchase, state, purchase_state_names),
    FIELD_INTEGER(struct purchase, seconds),
    FIELD_MONEY(struct purchase, paid),
    FIELD_MONEY(struct purchase, unit_price),
    FIELD_MONEY(struct purchase, base_price),
    FIELD_MONEY(struct purchase, profit),
    FIELD_ID(struct purchase, posting_id, ID_POSTING),
    FIELD_ID(struct purchase, created_by, ID_USER),
    FIELD_INSTANT(struct purchase, created_at),
    FIELD_INSTANT(struct purchase, succeeded_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_PURCHASE                                                                         \
    "SELECT agency_id, id, subaccount_id, tier, provider, state, seconds, paid_micros,"         \
    " unit_price_micros, base_price_micros, profit_micros, posting_id, created_by, created_at," \
    " succeeded_at FROM purchases"

static struct db_value name_of(const char *const *names, int index)
{
    return db_text(str_from_c(names[index]));
}

bool purchase_insert(struct tx *tx, const struct purchase *purchase)
{
    return db_run(
        tx,
        "INSERT INTO purchases (agency_id, id, subaccount_id, tier, provider, state,"
        " seconds, paid_micros, unit_price_micros, base_price_micros, profit_micros,"
        " posting_id, created_by, created_at, succeeded_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        ARGS(db_int(purchase->agency_id), db_int(purchase->id), db_int(purchase->subaccount_id),
             db_int(purchase->tier), name_of(purchase_provider_names, purchase->provider),
             name_of(purchase_state_names, purchase->state), db_int(purchase->seconds),
             db_int(purchase->paid), db_int(purchase->unit_price), db_int(purchase->base_price),
             db_micros(purchase->profit), db_id(purchase->posting_id), db_id(purchase->created_by),
             db_int(purchase->created_at), db_instant(purchase->succeeded_at)),
        NULL);
}

bool purchase_load(struct tx *tx, id64_t agency, id64_t id, struct purchase *out)
{
    return db_find(tx,
                   SELECT_PURCHASE " WHERE agency_id = $1 AND id = $2" /* the key */
                                   " /*postgres FOR UPDATE*/",
                   ARGS(db_int(agency), db_int(id)), purchase_row, out, NULL);
}

bool purchase_find(struct tx *tx, id64_t agency, id64_t id, struct purchase *out)
{
    return db_find(tx, SELECT_PURCHASE " WHERE agency_id = $1 AND id = $2" /* the key */,
                   ARGS(db_int(agency), db_int(id)), purchase_row, out, NULL);
}

bool purchase_update(struct tx *tx, const struct purchase *purchase)
{
    return db_change_one(tx,
                         "UPDATE purchases SET state = $3, base_price_micros = $4,"
                         " profit_micros = $5, posting_id = $6, succeeded_at = $7"
                         " WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(purchase->agency_id), db_int(purchase->id),
                              name_of(purchase_state_names, purchase->state),
                              db_int(purchase->base_price), db_micros(purchase->profit),
                              db_id(purchase->posting_id), db_instant(purchase->succeeded_at)));
}

bool purchase_list(struct tx *tx, id64_t agency, const struct purchase_filter *filter,
                   struct list *out)
{
    struct db_value state =
        filter->state >= 0 ? name_of(purchase_state_names, filter->state) : db_text(STR(""));

    return db_list(
        tx,
        SELECT_PURCHASE " WHERE agency_id = $1 AND subaccount_id = $2 AND id < $3"
                        /* purchases_by_subaccount */
                        " AND created_at >= $4 AND created_at < $5 AND ($6 = '' OR state = $6)"
                        " ORDER BY id DESC LIMIT $7",
        ARGS(db_int(agency), db_int(filter->subaccount),
             db_int(filter->before != ID_NONE ? filter->before : INT64_MAX), db_int(filter->from),
             db_int(filter->to != INSTANT_NONE ? filter->to : INT64_MAX), state,
             db_int(filter->limit)),
        purchase_row, sizeof(struct purchase), (size_t)filter->limit, out);
}

static void take_paid(void *context, size_t position, const struct db_rows *row)
{
    ((micros_t *)context)[position] = row_micros(row, 1);
}

bool purchases_paid(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, micros_t *paid)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, paid_micros FROM purchases WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, p.paid_micros FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN purchases p ON p.agency_id = $3::bigint"
                   " AND p.id = u.id",
    };

    for (size_t i = 0; i < n; i++)
        paid[i] = MICROS_NONE;
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_paid, paid);
}
