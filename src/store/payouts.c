#include "store/payouts.h"

/* clang-format off */
static const struct field payout_columns[] = {
    FIELD_ID(struct payout, agency_id, ID_AGENCY),
    FIELD_ID(struct payout, id, ID_PAYOUT),
    FIELD_MONEY(struct payout, amount),
    FIELD_NAME(struct payout, state, payout_state_names),
    FIELD_ID(struct payout, renewal_id, ID_RENEWAL),
    FIELD_ID(struct payout, posting_id, ID_POSTING),
    FIELD_ID(struct payout, return_posting_id, ID_POSTING),
    FIELD_TEXT(struct payout, failure),
    FIELD_INSTANT(struct payout, created_at),
    FIELD_INSTANT(struct payout, settled_at),
    FIELD_ID(struct payout, settled_by, ID_PLATFORM_USER),
    FIELD_END,
};
/* clang-format on */

#define PAYOUT_COLUMNS                                                                         \
    "agency_id, id, amount_micros, state, renewal_id, posting_id, return_posting_id, failure," \
    " created_at, settled_at, settled_by"

bool payout_insert(struct tx *tx, const struct payout *payout)
{
    return db_run(
        tx,
        "INSERT INTO payouts (agency_id, id, amount_micros, state, renewal_id, posting_id,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        ARGS(db_int(payout->agency_id), db_int(payout->id), db_int(payout->amount),
             db_text(str_from_c(payout_state_names[payout->state])), db_int(payout->renewal_id),
             db_int(payout->posting_id), db_int(payout->created_at)),
        NULL);
}

bool payout_find(struct tx *tx, id64_t id, struct payout *out, bool *found)
{
    return db_find(tx, "SELECT " PAYOUT_COLUMNS " FROM payouts WHERE id = $1" /* payouts_by_id */,
                   ARGS(db_int(id)), payout_columns, out, found);
}

bool payout_settle(struct tx *tx, const struct payout *payout)
{
    return db_change_one(tx,
                         "UPDATE payouts SET state = $3, return_posting_id = $4, failure = $5,"
                         " settled_at = $6, settled_by = $7 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(payout->agency_id), db_int(payout->id),
                              db_text(str_from_c(payout_state_names[payout->state])),
                              db_id(payout->return_posting_id), db_text(payout->failure),
                              db_instant(payout->settled_at), db_id(payout->settled_by)));
}

bool payout_list(struct tx *tx, const struct payout_filter *filter, struct list *out)
{
#define LIST_PAYOUTS(whose)                               \
    "SELECT " PAYOUT_COLUMNS " FROM payouts WHERE " whose \
    " AND id < $2 AND ($3 IS NULL OR state = $3)"         \
    " ORDER BY id DESC LIMIT $4"
    static const char of_one[] = LIST_PAYOUTS("agency_id = $1") /* the key */;
    static const char of_all[] = LIST_PAYOUTS("$1 = 0") /* payouts_by_id */;
#undef LIST_PAYOUTS
    struct str state = filter->state < 0 ? STR_NONE : str_from_c(payout_state_names[filter->state]);

    return db_list(tx, filter->agency == ID_NONE ? of_all : of_one,
                   ARGS(db_int(filter->agency),
                        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
                        db_text(state), db_int(filter->limit)),
                   payout_columns, sizeof(struct payout), (size_t)filter->limit, out);
}

bool payout_connected_find(struct tx *tx, id64_t agency, bool *connected)
{
    int64_t is_connected;

    if (!db_find_int(tx, "SELECT payout_connected FROM agencies WHERE id = $1",
                     ARGS(db_int(agency)), 0, &is_connected))
        return false;
    *connected = is_connected == 1;
    return true;
}

bool payout_connected_set(struct tx *tx, id64_t agency, bool connected)
{
    return db_change_one(tx,
                         "UPDATE agencies SET payout_connected = $2 WHERE id = $1"
                         " AND status <> 'deleted'",
                         ARGS(db_int(agency), db_bool(connected)));
}
