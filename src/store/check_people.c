/* People, their addresses, and whom rows name (domain.md §§12, 13). */
#include "store/check_private.h"

#include "domain/accounts.h"
#include "domain/roles.h"

#define USER   COLUMN_ID("user", ID_USER)

/* A user of an agency, or with the agency 0 one of the platform's staff. */
#define PERSON COLUMN("", SHOW_KIND), USER

static const struct check_column address_columns[] = {
    AGENCY, PERSON, TEXT("address"), TEXT("it"), COLUMNS_END,
};

static const char wrong_addresses[] =
    "SELECT agency_id, CASE agency_id WHEN 0 THEN 'plt' ELSE 'usr' END, user_id, address, fault FROM ("
    "SELECT u.agency_id, u.id AS user_id, u.email AS address,"
    " CASE COUNT(e.user_id) WHEN 0 THEN 'signs nobody in' ELSE 'signs in under several keys' END AS fault"
    " FROM users u LEFT JOIN user_emails e ON e.agency_id = u.agency_id AND e.user_id = u.id"
    " GROUP BY u.agency_id, u.id, u.email HAVING COUNT(e.user_id) <> 1"
    " UNION ALL SELECT e.agency_id, e.user_id, e.email_key, 'is of a user that is not there' FROM user_emails e"
    " LEFT JOIN users u ON u.agency_id = e.agency_id AND u.id = e.user_id"
    " WHERE e.agency_id <> 0 AND u.id IS NULL"
    " UNION ALL SELECT 0, p.id, p.email,"
    " CASE COUNT(e.user_id) WHEN 0 THEN 'signs nobody in' ELSE 'signs in under several keys' END"
    " FROM platform_users p LEFT JOIN user_emails e ON e.agency_id = 0 AND e.user_id = p.id"
    " GROUP BY p.id, p.email HAVING COUNT(e.user_id) <> 1"
    " UNION ALL SELECT 0, e.user_id, e.email_key, 'is of a platform admin that is not there' FROM user_emails e"
    " LEFT JOIN platform_users p ON p.id = e.user_id WHERE e.agency_id = 0 AND p.id IS NULL"
    " UNION ALL SELECT u.agency_id, u.id, u.email, 'is of a user who is a platform admin too' FROM users u"
    " JOIN platform_users p ON p.id = u.id) AS faults"
    " ORDER BY agency_id, user_id, address, fault LIMIT $1";

static const struct check_column user_columns[] = {
    AGENCY, USER, HIDDEN, TEXT("email"), TEXT("key"), COLUMNS_END,
};

static const char all_users[] =
    "SELECT agency_id, id, 0, email, email_key FROM ("
    "SELECT u.agency_id, u.id, u.email, e.email_key FROM users u"
    " JOIN user_emails e ON e.agency_id = u.agency_id AND e.user_id = u.id"
    " UNION ALL SELECT 0, p.id, p.email, e.email_key FROM platform_users p"
    " JOIN user_emails e ON e.agency_id = 0 AND e.user_id = p.id) AS people"
    " WHERE (agency_id, id, 0) > ($2, $3, $4) ORDER BY agency_id, id LIMIT $1";

static struct str judge_user(struct tx *tx, const struct db_rows *row)
{
    struct str key;

    if (!email_key(tx->arena, row_text(row, 3), &key)) return STR("it is no address");
    if (str_equal(key, row_text(row, 4))) return STR_NONE;
    return str_format(tx->arena, "its key is %.*s", STR_ARG(key));
}

static const struct check_column grant_columns[] = {
    AGENCY, USER, COLUMN_ID("granted", ID_SUBACCOUNT), TEXT("role"), COLUMNS_END,
};

static const char wrong_grants[] =
    "SELECT t.agency_id, t.user_id, t.subaccount_id, u.role FROM user_grants t"
    " LEFT JOIN users u ON u.agency_id = t.agency_id AND u.id = t.user_id"
    " LEFT JOIN subaccounts s ON s.agency_id = t.agency_id AND s.id = t.subaccount_id"
    " WHERE u.id IS NULL OR s.id IS NULL OR s.status = 'removed'"
    " ORDER BY t.agency_id, t.user_id, t.subaccount_id LIMIT $1";

static const struct check_column invitation_columns[] = {
    AGENCY,
    COLUMN_ID("invitation", ID_INVITATION),
    TEXT("it"),
    COLUMNS_END,
};

static const char wrong_invitations[] =
    "SELECT agency_id, id, fault FROM ("
    "SELECT i.agency_id, i.id, 'has a settled time and is pending, or none and is not' AS fault"
    " FROM invitations i WHERE (i.state = 'pending') <> (i.settled_at IS NULL)"
    " UNION ALL SELECT i.agency_id, i.id, 'names no sub-account' FROM invitations i"
    " WHERE i.role IN ('subaccount_admin', 'subaccount_member') AND i.reaches_all = 0"
    " AND NOT EXISTS (SELECT 1 FROM invitation_grants g WHERE g.agency_id = i.agency_id"
    " AND g.invitation_id = i.id)"
    " UNION ALL SELECT g.agency_id, g.invitation_id, 'names what is not there' FROM invitation_grants g"
    " WHERE NOT EXISTS (SELECT 1 FROM invitations i WHERE i.agency_id = g.agency_id"
    " AND i.id = g.invitation_id) OR NOT EXISTS (SELECT 1 FROM subaccounts s"
    " WHERE s.agency_id = g.agency_id AND s.id = g.subaccount_id)"
    ") AS faults ORDER BY agency_id, id, fault LIMIT $1";

static const struct check_column factor_columns[] = {
    AGENCY,
    PERSON,
    TEXT("it"),
    COLUMNS_END,
};

/* Everybody who signs in, and since when by a code. */
#define SIGNING_IN                                    \
    "(SELECT agency_id, id, two_factor_at FROM users" \
    " UNION ALL SELECT 0, id, two_factor_at FROM platform_users)"

static const char broken_factors[] =
    "SELECT agency_id, CASE agency_id WHEN 0 THEN 'plt' ELSE 'usr' END, id, fault FROM ("
    "SELECT u.agency_id, u.id, 'is asked for a code that nobody can check' AS fault FROM " SIGNING_IN
    " AS u LEFT JOIN user_totp t ON t.agency_id = u.agency_id AND t.user_id = u.id"
    " WHERE u.two_factor_at IS NOT NULL AND t.sealed IS NULL"
    " UNION ALL SELECT t.agency_id, t.user_id, 'has a second factor that is not asked for'"
    " FROM user_totp t LEFT JOIN " SIGNING_IN " AS u ON u.agency_id = t.agency_id"
    " AND u.id = t.user_id WHERE u.id IS NULL OR (u.two_factor_at IS NULL AND t.sealed IS NOT NULL)"
    " UNION ALL SELECT c.agency_id, c.user_id, 'has recovery codes for nothing, or too many'"
    " FROM recovery_codes c LEFT JOIN " SIGNING_IN " AS u ON u.agency_id = c.agency_id"
    " AND u.id = c.user_id"
    " GROUP BY c.agency_id, c.user_id, u.two_factor_at HAVING u.two_factor_at IS NULL OR COUNT(*) > 10"
    ") AS faults ORDER BY agency_id, id, fault LIMIT $1";

const struct invariant check_people[] = {
    {
        .name = "addresses_sign_in",
        .sentence =
            "everybody signs in by one address, and every address is of one user or platform admin",
        .subjects = { &check_users_counted, &check_staff_counted },
        .sql = wrong_addresses,
        .columns = address_columns,
    },
    {
        .name = "address_keys",
        .sentence = "everybody's address is found by its key",
        .subjects = { &check_users_counted, &check_staff_counted },
        .sql = all_users,
        .columns = user_columns,
        .judge = judge_user,
    },
    {
        .name = "grants_inside",
        .sentence =
            "every grant is of a user to a sub-account of the same agency that is not removed",
        .subjects = { &check_users_counted, &check_subaccounts_counted },
        .sql = wrong_grants,
        .columns = grant_columns,
    },
    {
        .name = "invitations_whole",
        .sentence = "every invitation is pending or settled, and names sub-accounts of its agency",
        .subjects = { &check_invitations_counted },
        .sql = wrong_invitations,
        .columns = invitation_columns,
    },
    {
        .name = "second_factors_whole",
        .sentence = "every second factor that is asked for can be checked, and no other is kept",
        .subjects = { &check_users_counted, &check_staff_counted },
        .sql = broken_factors,
        .columns = factor_columns,
    },
    INVARIANTS_END,
};

static const struct check_column reference_columns[] = {
    TEXT("table"),    AGENCY,      COLUMN("", SHOW_KIND), COLUMN_ID("row", ID_AGENCY),
    TEXT("names no"), COLUMNS_END,
};

/* clang-format off */
/* Not whom a row was made by: that user may have been removed since, and what was stored for their requests is left to
   the janitor.
   A part of the union for each reference: the table, the prefix of its rows' ids ('' where they have none), and what
   each row names. */
#define MISSING(table, prefix, id, names, condition)                                                                   \
    "SELECT '" table "' AS of_table, t.agency_id, '" prefix "' AS id_kind, " id " AS id, '" names "' AS missing"       \
    " FROM " table " t WHERE NOT EXISTS (SELECT 1 FROM " condition ")"
#define OF_AGENCY(table, prefix, id) MISSING(table, prefix, id, "agency", "agencies o WHERE o.id = t.agency_id")
#define OF_SUBACCOUNT(table, prefix, id, column)                                                                       \
    MISSING(table, prefix, id, "sub-account", "subaccounts o WHERE o.agency_id = t.agency_id AND o.id = t." column)
#define OF_USER(table, prefix, id, column)                                                                             \
    MISSING(table, prefix, id, "user", "users o WHERE o.agency_id = t.agency_id AND o.id = t." column)
#define AND " UNION ALL "

static const char dangling_references[] =
    "SELECT of_table, agency_id, id_kind, id, missing FROM ("
    OF_AGENCY("subaccounts", "sub", "t.id")
    AND OF_AGENCY("users", "usr", "t.id")
    AND OF_AGENCY("price_points", "sub", "t.owner_id")
    AND OF_SUBACCOUNT("price_points", "sub", "t.owner_id", "owner_id") " AND t.owner_id <> t.agency_id"
    AND OF_AGENCY("increment_points", "", "0")
    AND OF_AGENCY("api_keys", "key", "t.id")
    AND OF_SUBACCOUNT("api_keys", "key", "t.id", "subaccount_id") " AND t.subaccount_id IS NOT NULL"
    AND OF_USER("sessions", "ses", "t.id", "user_id")
    AND OF_SUBACCOUNT("purchases", "pur", "t.id", "subaccount_id")
    AND OF_SUBACCOUNT("payment_methods", "pmt", "t.id", "subaccount_id")
    AND OF_SUBACCOUNT("refunds", "ref", "t.id", "subaccount_id")
    AND OF_SUBACCOUNT("adjustments", "adj", "t.id", "subaccount_id")
    AND OF_SUBACCOUNT("minute_moves", "mov", "t.id", "from_id")
    AND OF_SUBACCOUNT("minute_moves", "mov", "t.id", "to_id")
    AND OF_SUBACCOUNT("knowledge_transfers", "kno", "t.id", "from_id")
    AND OF_SUBACCOUNT("knowledge_transfers", "kno", "t.id", "to_id")
    AND OF_SUBACCOUNT("profit_changes", "pst", "t.posting_id", "subaccount_id")
    AND MISSING("profit_changes", "pst", "t.posting_id", "purchase",
                "purchases o WHERE o.agency_id = t.agency_id AND o.id = t.purchase_id") " AND t.purchase_id IS NOT NULL"
    AND OF_AGENCY("call_sources", "", "0")
    AND OF_AGENCY("idempotency_keys", "", "0") " AND t.agency_id <> 0" /* the staff's own */
    AND OF_AGENCY("audit_events", "aud", "t.id")
    AND OF_AGENCY("invitations", "inv", "t.id")
    AND OF_AGENCY("outbox", "mail", "t.id")
    AND "SELECT 'platform_sessions', 0, 'ses', s.id, 'platform admin' FROM platform_sessions s"
    " WHERE NOT EXISTS (SELECT 1 FROM platform_users o WHERE o.id = s.user_id)"
    AND "SELECT 'platform_sessions', s.entered_agency_id, 'ses', s.id, 'agency' FROM platform_sessions s"
    " WHERE s.entered_agency_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM agencies o WHERE o.id = s.entered_agency_id)"
    AND "SELECT 'agencies', g.id, 'agy', g.id, 'plan' FROM agencies g"
    " WHERE NOT EXISTS (SELECT 1 FROM plans o WHERE o.code = g.plan_code)"
    AND "SELECT 'agencies', g.id, 'agy', g.id, 'ordered plan' FROM agencies g WHERE g.next_plan_code IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM plans o WHERE o.code = g.next_plan_code)"
    AND OF_AGENCY("plan_starts", "", "0")
    ") AS faults ORDER BY of_table, agency_id, id, missing LIMIT $1";
/* clang-format on */

const struct invariant check_references[] = {
    {
        .name = "references_exist",
        .sentence = "whatever a row names is there",
        .subjects = { &check_subaccounts_counted, &check_keys_counted, &check_sessions_counted },
        .sql = dangling_references,
        .columns = reference_columns,
    },
    INVARIANTS_END,
};
