#include "store/purchases.h"

#include "store/many.h"

/* clang-format off */
static const struct field purchase_row[] = {
    FIELD_ID(struct purchase, agency_id, ID_AGENCY),
    FIELD_ID(struct purchase, id, ID_PURCHASE),
    FIELD_ID(struct purchase, subaccount_id, ID_SUBACCOUNT),
    FIELD_NAME(struct purchase, tier, tier_names, .flags = FIELD_NUMBERED),
    FIELD_NAME(struct purchase, provider, purchase_provider_names),
    FIELD_NAME(struct purchase, origin, purchase_origin_names),
    FIELD_NAME(struct purchase, state, purchase_state_names),
    FIELD_INTEGER(struct purchase, seconds),
    FIELD_MONEY(struct purchase, paid),
    FIELD_MONEY(struct purchase, unit_price),
    FIELD_MONEY(struct purchase, base_price),
    FIELD_MONEY(struct purchase, profit),
    FIELD_ID(struct purchase, payer_id, ID_SUBACCOUNT),
    FIELD_ID(struct purchase, payment_method_id, ID_PAYMENT_METHOD),
    FIELD_TEXT(struct purchase, charge_reference),
    FIELD_TEXT(struct purchase, failure),
    FIELD_INTEGER(struct purchase, refunded),
    FIELD_MONEY(struct purchase, refunded_amount),
    FIELD_INSTANT(struct purchase, disputed_at),
    FIELD_ID(struct purchase, posting_id, ID_POSTING),
    FIELD_ID(struct purchase, created_by, ID_USER),
    FIELD_INSTANT(struct purchase, created_at),
    FIELD_INSTANT(struct purchase, succeeded_at),
    FIELD_END,
};
/* clang-format on */

#define PURCHASE_COLUMNS                                                                      \
    "agency_id, id, subaccount_id, tier, provider, origin, state, seconds, paid_micros,"      \
    " unit_price_micros, base_price_micros, profit_micros, payer_id, payment_method_id,"      \
    " charge_reference, failure, refunded_seconds, refunded_micros, disputed_at, posting_id," \
    " created_by, created_at, succeeded_at"
#define SELECT_PURCHASE "SELECT " PURCHASE_COLUMNS " FROM purchases"

static struct db_value name_of(const char *const *names, int index)
{
    return db_text(str_from_c(names[index]));
}

bool purchases_insert(struct tx *tx, const struct purchase *const *purchases, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql =
            "INSERT INTO purchases (" PURCHASE_COLUMNS ")"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
            " $19, $20, $21, $22, $23)",
        .set_sql =
            "INSERT INTO purchases (" PURCHASE_COLUMNS
            ") SELECT u.* FROM unnest($1::bigint[], $2::bigint[],"
            " $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],"
            " $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[], $16::text[],"
            " $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[],"
            " $23::bigint[]) AS u",
    };

    return db_bulk_write(tx, &insert, purchase_row, (const void *const *)purchases, n, NO_ARGS);
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
    return db_change_one(
        tx,
        "UPDATE purchases SET state = $3, base_price_micros = $4, profit_micros = $5,"
        " charge_reference = $6, failure = $7, refunded_seconds = $8, refunded_micros = $9,"
        " disputed_at = $10, posting_id = $11, succeeded_at = $12 WHERE agency_id = $1 AND id = $2",
        ARGS(db_int(purchase->agency_id), db_int(purchase->id),
             name_of(purchase_state_names, purchase->state), db_int(purchase->base_price),
             db_micros(purchase->profit), db_text(purchase->charge_reference),
             db_text(purchase->failure), db_int(purchase->refunded),
             db_int(purchase->refunded_amount), db_instant(purchase->disputed_at),
             db_id(purchase->posting_id), db_instant(purchase->succeeded_at)));
}

/* clang-format off */
static const struct field success_columns[] = {
    FIELD_ID(struct purchase, id, ID_PURCHASE),
    FIELD_NAME(struct purchase, state, purchase_state_names),
    FIELD_MONEY(struct purchase, base_price),
    FIELD_MONEY(struct purchase, profit),
    FIELD_TEXT(struct purchase, failure),
    FIELD_ID(struct purchase, posting_id, ID_POSTING),
    FIELD_INSTANT(struct purchase, succeeded_at),
    FIELD_END,
};
/* clang-format on */

/* They are locked, so that they stay where they are. PostgreSQL seeks each by its key: joined to the table itself it reads
   all of an agency's, until it has counted them. */
bool purchases_succeeded(struct tx *tx, id64_t agency, const struct purchase *const *purchases,
                         size_t n)
{
    static const struct db_bulk update = {
        .row_sql =
            "UPDATE purchases SET state = $2, base_price_micros = $3, profit_micros = $4, failure = $5,"
            " posting_id = $6, succeeded_at = $7 WHERE agency_id = $8 AND id = $1",
        .set_sql =
            "UPDATE purchases p SET state = u.state, base_price_micros = u.base_price, profit_micros = u.profit,"
            " failure = u.failure, posting_id = u.posting, succeeded_at = u.succeeded_at"
            " FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[],"
            " $7::bigint[]) AS u (id, state, base_price, profit, failure, posting, succeeded_at)"
            " CROSS JOIN LATERAL (SELECT ctid AS place FROM purchases WHERE agency_id = $8::bigint AND id = u.id"
            " LIMIT 1) AS k WHERE p.ctid = k.place",
    };

    return db_bulk_write(tx, &update, success_columns, (const void *const *)purchases, n,
                         ARGS(db_int(agency)));
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

static void take_locked(void *context, size_t position, const struct db_rows *row)
{
    row_read_from(row, 1, purchase_row, (struct purchase *)context + position);
}

bool purchases_lock(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, struct purchase *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, " PURCHASE_COLUMNS
                   " FROM purchases WHERE agency_id = $3 AND id = $1" /* the key */,
        .set_sql =
            "SELECT u.position, p.* FROM unnest($1::bigint[], $2::bigint[]) AS u (wanted, position)"
            " CROSS JOIN LATERAL (SELECT " PURCHASE_COLUMNS " FROM purchases"
            " WHERE agency_id = $3::bigint AND id = u.wanted FOR UPDATE) AS p",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct purchase){ .id = ID_NONE };
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_locked, out);
}
