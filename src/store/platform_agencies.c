#include "store/platform_agencies.h"

#include "domain/ledger.h"
#include "store/many.h"

#include <assert.h>

static_assert(LEDGER_CREDIT == 8, "the account's number in the statements below");

/* clang-format off */
static const struct field agency_columns[] = {
    FIELD_ID(struct platform_agency, id, ID_AGENCY),
    FIELD_TEXT(struct platform_agency, name),
    FIELD_TEXT(struct platform_agency, plan_code),
    FIELD_TEXT(struct platform_agency, plan_name),
    FIELD_NAME(struct platform_agency, status, agency_status_names),
    FIELD_TEXT(struct platform_agency, owner_name),
    FIELD_TEXT(struct platform_agency, owner_email),
    FIELD_MONEY(struct platform_agency, credit),
    FIELD_INSTANT(struct platform_agency, created_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_AGENCY                                                                              \
    "SELECT g.id, g.name, g.plan_code, p.name, g.status, u.name, u.email, COALESCE(c.balance, 0)," \
    " g.created_at FROM agencies g JOIN plans p ON p.code = g.plan_code"                           \
    " LEFT JOIN users u ON u.agency_id = g.id AND u.role = 'agency_owner'" /* users_one_owner */   \
    " LEFT JOIN ledger_accounts c ON c.agency_id = g.id AND c.account = 8 AND c.owner_id = g.id"   \
    " WHERE g.status <> 'deleted'"

bool platform_agency_list(struct tx *tx, struct list *out)
{
    return db_list(tx, SELECT_AGENCY " ORDER BY g.id" /* the key */, NO_ARGS, agency_columns,
                   sizeof(struct platform_agency), SIZE_MAX, out);
}

bool platform_agency_load(struct tx *tx, id64_t agency, struct platform_agency *out)
{
    return db_find(tx, SELECT_AGENCY " AND g.id = $1", ARGS(db_int(agency)), agency_columns, out,
                   NULL)
        && platform_agency_counts(tx, out, 1);
}

bool platform_agency_must_be_there(struct tx *tx, id64_t agency)
{
    int64_t one;

    if (!db_find_int(tx, "SELECT 1 FROM agencies WHERE id = $1 AND status <> 'deleted'",
                     ARGS(db_int(agency)), 0, &one))
        return false;
    return one == 1 || fail_as(tx->problem, REASON_NOT_FOUND, NULL);
}

static void take_count(void *context, size_t position, const struct db_rows *row)
{
    ((struct platform_agency *)context)[position].subaccounts = row_int(row, 1);
}

bool platform_agency_counts(struct tx *tx, struct platform_agency *agencies, size_t n)
{
    static const struct db_bulk count = {
        .row_sql = "SELECT $2, COUNT(*) FROM subaccounts" /* the key */
                   " WHERE agency_id = $1 AND kind = 'secondary' AND status <> 'removed'",
        .set_sql = "SELECT u.position, COUNT(*) FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN subaccounts s ON s.agency_id = u.id"
                   " WHERE s.kind = 'secondary' AND s.status <> 'removed' GROUP BY u.position",
    };
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, n);

    for (size_t i = 0; i < n; i++) {
        ids[i] = agencies[i].id;
        agencies[i].subaccounts = 0;
    }
    return many_find_each(tx, &count, ids, n, NO_ARGS, take_count, agencies);
}

static void take_name(void *context, size_t position, const struct db_rows *row)
{
    ((struct str *)context)[position] = row_text(row, 1);
}

bool platform_agency_names(struct tx *tx, const id64_t *ids, size_t n, struct str *names)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, name FROM agencies WHERE id = $1 AND status <> 'deleted'",
        .set_sql = "SELECT u.position, g.name FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) JOIN agencies g ON g.id = u.id"
                   " WHERE g.status <> 'deleted'",
    };

    for (size_t i = 0; i < n; i++)
        names[i] = STR_NONE;
    return many_find_each(tx, &find, ids, n, NO_ARGS, take_name, names);
}

/* Whole tables, as their names say; usage by the key of usage_hours, whose sub-account 0 has each agency's sums. */
bool platform_totals_load(struct tx *tx, instant_t day_start, instant_t month_start,
                          struct platform_totals *out)
{
    static const struct field columns[] = {
        FIELD_INTEGER(struct platform_totals, active),
        FIELD_INTEGER(struct platform_totals, deleting),
        FIELD_INTEGER(struct platform_totals, active_subaccounts),
        FIELD_INTEGER(struct platform_totals, suspended_subaccounts),
        FIELD_MONEY(struct platform_totals, owed),
        FIELD_INTEGER(struct platform_totals, calls_today),
        FIELD_INTEGER(struct platform_totals, used_month),
        FIELD_END,
    };

    return db_find(
        tx,
        "SELECT (SELECT COUNT(*) FROM agencies WHERE status = 'active'),"
        " (SELECT COUNT(*) FROM agencies WHERE status = 'deleting'),"
        " (SELECT COUNT(*) FROM subaccounts WHERE status = 'active'),"
        " (SELECT COUNT(*) FROM subaccounts WHERE status = 'suspended'),"
        " (SELECT CAST(COALESCE(SUM(-c.balance), 0) AS BIGINT) FROM agencies g JOIN ledger_accounts c"
        " ON c.agency_id = g.id AND c.account = 8 AND c.owner_id = g.id WHERE c.balance < 0),"
        " (SELECT CAST(COALESCE(SUM(h.calls), 0) AS BIGINT) FROM agencies g JOIN usage_hours h"
        " ON h.agency_id = g.id AND h.subaccount_id = 0 WHERE h.hour_at >= $1),"
        " (SELECT CAST(COALESCE(SUM(h.basic_seconds + h.premium_seconds), 0) AS BIGINT)"
        " FROM agencies g JOIN usage_hours h ON h.agency_id = g.id AND h.subaccount_id = 0"
        " WHERE h.hour_at >= $2)",
        ARGS(db_int(day_start), db_int(month_start)), columns, out, NULL);
}
