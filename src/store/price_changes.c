#include "store/price_changes.h"

/* clang-format off */
static const struct field row_columns[] = {
    FIELD_ID(struct price_change_row, change.id, ID_PRICE_CHANGE),
    FIELD_TEXT(struct price_change_row, change.plan_code),
    FIELD_INSTANT(struct price_change_row, change.effective_at),
    FIELD_MONEY(struct price_change_row, change.prices[TIER_BASIC]),
    FIELD_MONEY(struct price_change_row, change.prices[TIER_PREMIUM]),
    FIELD_ID(struct price_change_row, change.created_by, ID_PLATFORM_USER),
    FIELD_INSTANT(struct price_change_row, change.created_at),
    FIELD_ID(struct price_change_row, change.canceled_by, ID_PLATFORM_USER),
    FIELD_INSTANT(struct price_change_row, change.canceled_at),
    FIELD_TEXT(struct price_change_row, created_by_name),
    FIELD_INSTANT(struct price_change_row, newest_at),
    FIELD_END,
};
/* clang-format on */

#define CHANGE_COLUMNS                                                                   \
    "c.id, c.plan_code, c.effective_at, c.basic_micros, c.premium_micros, c.created_by," \
    " c.created_at, c.canceled_by, c.canceled_at"

/* $1: now. */
#define SELECT_ROW                                                                             \
    "SELECT " CHANGE_COLUMNS ", u.name, (SELECT MAX(n.effective_at) FROM base_price_changes n" \
    " WHERE n.plan_code = c.plan_code AND n.canceled_at IS NULL AND n.effective_at <= $1)"     \
    " FROM base_price_changes c LEFT JOIN platform_users u ON u.id = c.created_by"

bool price_change_insert(struct tx *tx, const struct price_change *change)
{
    int64_t inserted;

    if (!db_run(tx,
                "INSERT INTO base_price_changes (id, plan_code, effective_at, basic_micros,"
                " premium_micros, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                " ON CONFLICT (plan_code, effective_at) WHERE canceled_at IS NULL DO NOTHING",
                ARGS(db_int(change->id), db_text(change->plan_code), db_int(change->effective_at),
                     db_int(change->prices[TIER_BASIC]), db_int(change->prices[TIER_PREMIUM]),
                     db_int(change->created_by), db_int(change->created_at)),
                &inserted))
        return false;
    return inserted == 1 || fail_as(tx->problem, REASON_PRICES_ORDERED_ALREADY, "effective_at");
}

bool price_change_row_load(struct tx *tx, id64_t id, struct price_change_row *out)
{
    return db_find(tx, SELECT_ROW " WHERE c.id = $2", ARGS(db_int(tx->now), db_int(id)),
                   row_columns, out, NULL);
}

bool price_change_load(struct tx *tx, id64_t id, struct price_change *out)
{
    struct price_change_row row;

    if (!price_change_row_load(tx, id, &row)) return false;
    *out = row.change;
    return true;
}

bool price_change_cancel(struct tx *tx, const struct price_change *change)
{
    return db_change_one(
        tx,
        "UPDATE base_price_changes SET canceled_by = $2, canceled_at = $3"
        " WHERE id = $1 AND canceled_at IS NULL",
        ARGS(db_int(change->id), db_int(change->canceled_by), db_int(change->canceled_at)));
}

bool price_change_list(struct tx *tx, const struct price_change_filter *filter, struct list *out)
{
    return db_list(
        tx,
        SELECT_ROW " WHERE c.id < $2 AND ($3 = '' OR c.plan_code = $3)"
                   " ORDER BY c.id DESC LIMIT $4" /* the key */,
        ARGS(db_int(tx->now), db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
             db_text(str_is_absent(filter->plan) ? STR("") : filter->plan), db_int(filter->limit)),
        row_columns, sizeof(struct price_change_row), (size_t)filter->limit, out);
}

bool plan_agencies_after(struct tx *tx, struct str plan, id64_t after, int64_t limit,
                         struct list *out)
{
    static const struct field columns[] = {
        FIELD_ID(struct agency_id, id, ID_AGENCY),
        FIELD_END,
    };

    return db_list(
        tx,
        "SELECT id FROM (SELECT id FROM agencies WHERE plan_code = $1 AND id > $2"
        " AND status <> 'deleted' UNION SELECT id FROM agencies WHERE next_plan_code = $1"
        " AND id > $2 AND status <> 'deleted') AS g ORDER BY id LIMIT $3"
        /* agencies_by_plan, agencies_by_next_plan */,
        ARGS(db_text(plan), db_int(after), db_int(limit)), columns, sizeof(struct agency_id),
        (size_t)limit, out);
}

/* Those that are on the plan at $2, unless another change comes first. */
#define ON_PLAN                                                                                \
    "SELECT id, name FROM agencies WHERE plan_code = $1 AND status <> 'deleted'"               \
    " AND (next_plan_at IS NULL OR next_plan_at > $2) UNION ALL SELECT id, name FROM agencies" \
    " WHERE next_plan_code = $1 AND status <> 'deleted' AND next_plan_at <= $2"

/* The client price in force at $2; every account has one from the beginning of time. */
#define PRICE_BELOW(tier, base)                                                            \
    "CASE WHEN (SELECT p.price_micros FROM price_points p WHERE p.agency_id = s.agency_id" \
    " AND p.owner_id = s.id AND p.tier = " tier " AND p.effective_at <= $2"                \
    " ORDER BY p.effective_at DESC LIMIT 1) < " base " THEN 1 ELSE 0 END" /* the key */

bool price_effect_load(struct tx *tx, struct str plan, const micros_t prices[TIER_COUNT],
                       instant_t at, struct price_effect *out)
{
    static const struct field columns[] = {
        FIELD_ID(struct price_effect_row, agency, ID_AGENCY),
        FIELD_TEXT(struct price_effect_row, name),
        FIELD_INTEGER(struct price_effect_row, accounts),
        FIELD_INTEGER(struct price_effect_row, prices),
        FIELD_END,
    };

    return db_find_int(tx, "SELECT COUNT(*) FROM (" ON_PLAN ") AS g",
                       ARGS(db_text(plan), db_int(at)), 0, &out->agencies)
        && db_list(
               tx,
               "SELECT b.id, b.name, COUNT(*), CAST(SUM(b.basic + b.premium) AS BIGINT) FROM ("
               "SELECT g.id, g.name, " PRICE_BELOW("0", "$3") " AS basic, " PRICE_BELOW(
                   "1",
                   "$4") " AS premium FROM (" ON_PLAN
                         ") AS g JOIN subaccounts s ON s.agency_id = g.id"
                         " WHERE s.kind = 'secondary' AND s.status <> 'removed') AS b"
                         " WHERE b.basic + b.premium > 0 GROUP BY b.id, b.name ORDER BY 4 DESC, b.id",
               ARGS(db_text(plan), db_int(at), db_int(prices[TIER_BASIC]),
                    db_int(prices[TIER_PREMIUM])),
               columns, sizeof(struct price_effect_row), SIZE_MAX, &out->rows);
}
