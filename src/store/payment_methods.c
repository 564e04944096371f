#include "store/payment_methods.h"

/* clang-format off */
static const struct field method_row[] = {
    FIELD_ID(struct payment_method, agency_id, ID_AGENCY),
    FIELD_ID(struct payment_method, id, ID_PAYMENT_METHOD),
    FIELD_ID(struct payment_method, subaccount_id, ID_SUBACCOUNT),
    FIELD_NAME(struct payment_method, provider, purchase_provider_names),
    FIELD_TEXT(struct payment_method, card.token),
    FIELD_TEXT(struct payment_method, card.brand),
    FIELD_TEXT(struct payment_method, card.last4),
    FIELD_INTEGER(struct payment_method, card.exp_year),
    FIELD_INTEGER(struct payment_method, card.exp_month),
    FIELD_BOOLEAN(struct payment_method, is_default),
    FIELD_ID(struct payment_method, created_by, ID_USER),
    FIELD_INSTANT(struct payment_method, created_at),
    FIELD_INSTANT(struct payment_method, removed_at),
    FIELD_END,
};
/* clang-format on */

#define METHOD_COLUMNS                                                                  \
    "agency_id, id, subaccount_id, provider, token, brand, last4, exp_year, exp_month," \
    " is_default, created_by, created_at, removed_at"
#define SELECT_METHOD "SELECT " METHOD_COLUMNS " FROM payment_methods"
#define OF_ACCOUNT    " WHERE agency_id = $1 AND subaccount_id = $2 AND removed_at IS NULL"

bool payment_method_insert(struct tx *tx, const struct payment_method *method)
{
    const struct card *card = &method->card;

    return db_run(tx,
                  "INSERT INTO payment_methods (" METHOD_COLUMNS ")"
                  " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                  ARGS(db_int(method->agency_id), db_int(method->id), db_int(method->subaccount_id),
                       db_text(str_from_c(purchase_provider_names[method->provider])),
                       db_text(card->token), db_text(card->brand), db_text(card->last4),
                       db_int(card->exp_year), db_int(card->exp_month), db_bool(method->is_default),
                       db_id(method->created_by), db_int(method->created_at),
                       db_instant(method->removed_at)),
                  NULL);
}

bool payment_method_find(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                         struct payment_method *out, bool *found)
{
    return db_find(tx, SELECT_METHOD OF_ACCOUNT " AND id = $3" /* the key */,
                   ARGS(db_int(agency), db_int(subaccount), db_int(id)), method_row, out, found);
}

bool payment_method_load(struct tx *tx, id64_t agency, id64_t id, struct payment_method *out)
{
    return db_find(tx, SELECT_METHOD " WHERE agency_id = $1 AND id = $2" /* the key */,
                   ARGS(db_int(agency), db_int(id)), method_row, out, NULL);
}

bool payment_method_default(struct tx *tx, id64_t agency, id64_t subaccount,
                            struct payment_method *out, bool *found)
{
    return db_find(tx, SELECT_METHOD OF_ACCOUNT " AND is_default = 1" /* payment_methods_default */,
                   ARGS(db_int(agency), db_int(subaccount)), method_row, out, found);
}

bool payment_method_list(struct tx *tx, id64_t agency, id64_t subaccount, struct list *out)
{
    return db_list(tx,
                   SELECT_METHOD OF_ACCOUNT " ORDER BY id DESC LIMIT $3"
                   /* payment_methods_by_subaccount */,
                   ARGS(db_int(agency), db_int(subaccount), db_int(PAYMENT_METHODS_MAX)),
                   method_row, sizeof(struct payment_method), PAYMENT_METHODS_MAX, out);
}

bool payment_method_set_default(struct tx *tx, const struct payment_method *method)
{
    return db_run(tx,
                  "UPDATE payment_methods SET is_default = 0" OF_ACCOUNT " AND is_default = 1"
                  /* payment_methods_default */,
                  ARGS(db_int(method->agency_id), db_int(method->subaccount_id)), NULL)
        && db_change_one(tx,
                         "UPDATE payment_methods SET is_default = 1 WHERE agency_id = $1"
                         " AND id = $2",
                         ARGS(db_int(method->agency_id), db_int(method->id)));
}

bool payment_method_remove(struct tx *tx, const struct payment_method *method)
{
    return db_change_one(tx,
                         "UPDATE payment_methods SET removed_at = $3, is_default = 0"
                         " WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(method->agency_id), db_int(method->id), db_int(tx->now)));
}
