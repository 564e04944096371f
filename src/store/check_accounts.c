/* Agencies, their sub-accounts and prices (domain.md §§2, 3, 4). */
#include "store/check_private.h"

#include "domain/accounts.h"
#include "domain/price_changes.h"
#include "domain/prices.h"

static const struct check_column primary_columns[] = {
    AGENCY,
    NUMBER("primaries"),
    COLUMN_ID("its primary", ID_SUBACCOUNT),
    COLUMN_ID("the primary there", ID_SUBACCOUNT),
    TEXT("status"),
    COLUMNS_END,
};

static const char wrong_primaries[] =
    "SELECT g.id, COUNT(s.id), g.primary_id, MIN(s.id), MIN(s.status) FROM agencies g"
    " LEFT JOIN subaccounts s ON s.agency_id = g.id AND s.kind = 'primary'" /* subaccounts_one_primary */
    " GROUP BY g.id, g.primary_id HAVING COUNT(s.id) <> 1 OR MIN(s.id) <> g.primary_id OR MIN(s.status) <> 'active'"
    " ORDER BY g.id LIMIT $1";

static const struct check_column agency_owner_columns[] = { AGENCY, NUMBER("owners"), COLUMNS_END };

static const char wrong_owners[] =
    "SELECT g.id, COUNT(u.id) FROM agencies g"
    " LEFT JOIN users u ON u.agency_id = g.id AND u.role = 'agency_owner'" /* users_one_owner */
    " WHERE g.status <> 'deleted' GROUP BY g.id HAVING COUNT(u.id) <> 1 ORDER BY g.id LIMIT $1";

static const struct check_column priced_columns[] = {
    AGENCY, COLUMN_ID("sub-account", ID_SUBACCOUNT), TIER, TEXT("it"), COLUMNS_END,
};

/* The first point counts for all time before it, so one is enough. */
static const char missing_prices[] =
    "SELECT agency_id, subaccount_id, tier, fault FROM ("
    "SELECT g.id AS agency_id, 0 AS subaccount_id, t.tier, 'has no base price' AS fault"
    " FROM agencies g CROSS JOIN (SELECT 0 AS tier UNION ALL SELECT 1) AS t"
    " WHERE NOT EXISTS (SELECT 1 FROM price_points p WHERE p.agency_id = g.id AND p.owner_id = g.id"
    " AND p.tier = t.tier)"
    " UNION ALL SELECT p.agency_id, 0, p.tier, 'has a base price that is none' FROM price_points p"
    " WHERE p.owner_id = p.agency_id AND p.price_micros IS NULL"
    " UNION ALL SELECT s.agency_id, s.id, t.tier, 'has no client price'"
    " FROM subaccounts s CROSS JOIN (SELECT 0 AS tier UNION ALL SELECT 1) AS t"
    " WHERE NOT EXISTS (SELECT 1 FROM price_points p WHERE p.agency_id = s.agency_id AND p.owner_id = s.id"
    " AND p.tier = t.tier)"
    " UNION ALL SELECT g.id, 0, NULL, 'has no billing increment' FROM agencies g"
    " WHERE NOT EXISTS (SELECT 1 FROM increment_points i WHERE i.agency_id = g.id)) AS missing"
    " ORDER BY agency_id, subaccount_id, tier, fault LIMIT $1";

static const struct check_column status_columns[] = {
    AGENCY,       SUBACCOUNT,           TEXT("kind"),       TEXT("status"),
    TEXT("note"), INSTANT("suspended"), INSTANT("removed"), COLUMNS_END,
};

static const char wrong_statuses[] =
    "SELECT agency_id, id, kind, status, suspension_note, suspended_at, removed_at FROM subaccounts"
    " WHERE (status = 'suspended') <> (suspended_at IS NOT NULL) OR (status = 'removed') <> (removed_at IS NOT NULL)"
    " OR (suspension_note IS NOT NULL AND (status <> 'suspended' OR LENGTH(suspension_note) NOT BETWEEN 1 AND 150))"
    " ORDER BY agency_id, id LIMIT $1";

static_assert(SUSPENSION_NOTE_MAX == 150, "length above");

static const struct check_column left_columns[] = {
    AGENCY,
    SUBACCOUNT,
    TEXT("it still has"),
    COLUMNS_END,
};

/* What a removal ends; a call that is told late is charged to the primary. */
static const char left_after_removal[] =
    "SELECT s.agency_id, s.id, t.rest FROM subaccounts s JOIN ("
    "SELECT agency_id, owner_id AS id, 'minutes' AS rest FROM ledger_accounts WHERE account BETWEEN 0 AND 3"
    " AND balance <> 0 UNION ALL SELECT agency_id, owner_id, 'knowledge credits' FROM ledger_accounts"
    " WHERE account = " SQL_KNOWLEDGE
    " AND balance <> 0 UNION ALL SELECT agency_id, subaccount_id, 'an API key' FROM api_keys"
    " WHERE subaccount_id IS NOT NULL AND revoked_at IS NULL"
    " UNION ALL SELECT agency_id, subaccount_id, 'a card' FROM payment_methods WHERE removed_at IS NULL) AS t ON t.agency_id = s.agency_id AND t.id = s.id"
    " WHERE s.status = 'removed' ORDER BY s.agency_id, s.id, t.rest LIMIT $1";

static const struct check_column zone_columns[] = {
    AGENCY, HIDDEN, HIDDEN, TEXT("zone"), TEXT("subscription start"), COLUMNS_END,
};

static const char all_agencies[] =
    "SELECT id, 0, 0, timezone, subscription_start FROM agencies WHERE (id, 0, 0) > ($2, $3, $4)"
    " ORDER BY id LIMIT $1";

static struct str judge_agency(struct tx *tx, const struct db_rows *row)
{
    struct date start;

    (void)tx;
    if (zone_find(row_text(row, 3)) == NULL) return STR("there is no such zone");
    if (!date_parse(row_text(row, 4), &start)) return STR("its subscription start is no date");
    return STR_NONE;
}

static const struct check_column key_columns[] = {
    AGENCY,
    SUBACCOUNT,
    HIDDEN,
    TEXT("name"),
    TEXT("email"),
    TEXT("name_key"),
    TEXT("email_key"),
    TEXT("billing anchor"),
    COLUMNS_END,
};

static const char all_subaccounts[] =
    "SELECT agency_id, id, 0, name, email, name_key, email_key, billing_anchor, timezone FROM subaccounts"
    " WHERE (agency_id, id, 0) > ($2, $3, $4) ORDER BY agency_id, id LIMIT $1";

/* Lists are ordered by and searched in the keys, so they must be what the names fold to. */
static struct str judge_subaccount(struct tx *tx, const struct db_rows *row)
{
    struct str key, zone = row_text(row, 8);
    struct date anchor;

    if (!str_equal(str_fold(tx->arena, row_text(row, 3)), row_text(row, 5)))
        return STR("its name does not fold to its name_key");
    if (!email_key(tx->arena, row_text(row, 4), &key) || !str_equal(key, row_text(row, 6)))
        return STR("its email does not fold to its email_key");
    if (!date_parse(row_text(row, 7), &anchor)) return STR("its billing anchor is no date");
    if (!str_is_absent(zone) && zone_find(zone) == NULL) return STR("its zone is none");
    return STR_NONE;
}

static const struct check_column plan_columns[] = {
    AGENCY,
    TEXT("plan"),
    TEXT("it"),
    COLUMNS_END,
};

static const char wrong_plans[] =
    "SELECT id, code, fault FROM ("
    "SELECT g.id, g.plan_code AS code, 'was never begun' AS fault FROM agencies g WHERE NOT EXISTS"
    " (SELECT 1 FROM plan_starts s WHERE s.agency_id = g.id AND s.plan_code = g.plan_code)"
    " UNION ALL SELECT g.id, g.next_plan_code, 'is ordered for no instant, or is the plan already' FROM agencies g"
    " WHERE (g.next_plan_code IS NULL) <> (g.next_plan_at IS NULL) OR g.next_plan_code = g.plan_code"
    ") AS faults ORDER BY id, fault LIMIT $1";

static const struct check_column ordered_columns[] = {
    COLUMN_ID("base prices", ID_PRICE_CHANGE),
    TEXT("plan"),
    MONEY("basic"),
    MONEY("premium"),
    INSTANT("ordered"),
    INSTANT("from"),
    INSTANT("canceled"),
    COLUMNS_END,
};

/* The last minute before they count (domain/price_changes.h) is for telling agencies. */
static const char wrong_orders[] =
    "SELECT c.id, c.plan_code, c.basic_micros, c.premium_micros, c.created_at, c.effective_at, c.canceled_at"
    " FROM base_price_changes c WHERE c.basic_micros NOT BETWEEN 1 AND 1000000000"
    " OR c.premium_micros NOT BETWEEN 1 AND 1000000000 OR c.effective_at < c.created_at"
    " OR (c.canceled_at IS NULL) <> (c.canceled_by IS NULL) OR c.canceled_at < c.created_at"
    " OR c.canceled_at > c.effective_at - 60000000"
    " OR NOT EXISTS (SELECT 1 FROM plans p WHERE p.code = c.plan_code) ORDER BY c.id LIMIT $1";

static_assert(PRICE_CHANGE_NOTICE == 60000000 && PRICE_MAX == 1000000000, "numbers above");

const struct invariant check_accounts[] = {
    {
        .name = "one_primary",
        .sentence = "every agency has exactly one primary account, which is active",
        .subjects = { &check_agencies_counted, &check_subaccounts_counted },
        .sql = wrong_primaries,
        .columns = primary_columns,
    },
    {
        .name = "one_owner",
        .sentence = "every agency has exactly one owner",
        .subjects = { &check_agencies_counted, &check_users_counted },
        .sql = wrong_owners,
        .columns = agency_owner_columns,
    },
    {
        .name = "prices_present",
        .sentence =
            "every agency has base prices and an increment, every sub-account its client prices",
        .subjects = { &check_agencies_counted, &check_subaccounts_counted, &check_prices_counted },
        .sql = missing_prices,
        .columns = priced_columns,
    },
    {
        .name = "plans_begun",
        .sentence =
            "every agency has begun its plan, and an ordered one is another from an instant on",
        .subjects = { &check_agencies_counted },
        .sql = wrong_plans,
        .columns = plan_columns,
    },
    {
        .name = "prices_ordered",
        .sentence =
            "base prices were ordered for a plan before they count, and canceled in good time or not",
        .subjects = { &check_orders_counted },
        .sql = wrong_orders,
        .columns = ordered_columns,
    },
    {
        .name = "statuses_whole",
        .sentence =
            "a suspended sub-account says since when and a removed one when, and no other does",
        .subjects = { &check_subaccounts_counted },
        .sql = wrong_statuses,
        .columns = status_columns,
    },
    {
        .name = "removed_are_empty",
        .sentence =
            "a removed sub-account has no minutes, no knowledge credits, no card and no API key in force",
        .subjects = { &check_subaccounts_counted },
        .sql = left_after_removal,
        .columns = left_columns,
    },
    {
        .name = "zones_known",
        .sentence = "every agency's time zone and subscription start are what they say",
        .subjects = { &check_agencies_counted },
        .sql = all_agencies,
        .columns = zone_columns,
        .judge = judge_agency,
    },
    {
        .name = "subaccount_keys",
        .sentence = "every sub-account's search keys, billing anchor and zone are what they say",
        .subjects = { &check_subaccounts_counted },
        .sql = all_subaccounts,
        .columns = key_columns,
        .judge = judge_subaccount,
    },
    INVARIANTS_END,
};
