/* What accounts buy by themselves (domain.md §5): once at a time, and each month once. */
#include "store/check_private.h"

#include "domain/allocation.h"

#define OPEN_STATES   "('pending', 'processing', 'requires_action')"
#define BOUGHT_STATES "('succeeded', 'refunded')"

static const struct check_column flight_columns[] = {
    AGENCY,
    SUBACCOUNT,
    COLUMN_ID("in flight", ID_PURCHASE),
    COLUMN_ID("purchase", ID_PURCHASE),
    TEXT("state"),
    COLUMNS_END,
};

/* An agency that is being deleted loses its settings first. */
static const char wrong_flights[] =
    "WITH " SQL_INDEXED("flying", "SELECT * FROM auto_recharges WHERE purchase_id IS NOT NULL") ", " SQL_INDEXED(
        "open",
        "SELECT * FROM purchases WHERE origin = 'auto_recharge' AND state IN " OPEN_STATES) ", keys AS (SELECT agency_id, purchase_id AS id FROM flying UNION SELECT agency_id, id FROM open)"
                                                                                            " SELECT k.agency_id AS agency, COALESCE(r.subaccount_id, p.subaccount_id) AS account,"
                                                                                            " r.purchase_id, p.id, p.state FROM keys k"
                                                                                            " LEFT JOIN flying r ON r.agency_id = k.agency_id AND r.purchase_id = k.id"
                                                                                            " LEFT JOIN open p ON p.agency_id = k.agency_id AND p.id = k.id"
                                                                                            " JOIN agencies g ON g.id = k.agency_id AND g.status = 'active'"
                                                                                            " WHERE r.agency_id IS NULL OR p.id IS NULL OR p.subaccount_id <> r.subaccount_id"
                                                                                            " ORDER BY agency, account LIMIT $1";

static const struct check_column run_columns[] = {
    AGENCY, SUBACCOUNT, NUMBER("month"), TEXT("state"), TEXT("what is wrong"), COLUMNS_END,
};

/* What each try at each tier came to, in one row a month. */
#define COUNT_OF_TRIES(condition) "SUM(CASE WHEN " condition " THEN 1 ELSE 0 END)"
#define TIER_BOUGHT(tier)         COUNT_OF_TRIES("a.tier = " tier " AND p.state IN " BOUGHT_STATES)

static const char wrong_runs[] =
    "WITH tries AS (SELECT a.agency_id, a.subaccount_id, a.month, " TIER_BOUGHT(SQL_BASIC) " AS basic, " TIER_BOUGHT(SQL_PREMIUM) " AS premium, " COUNT_OF_TRIES("p.state IN " OPEN_STATES) " AS open, " COUNT_OF_TRIES(
        "p.origin <> 'auto_allocation' OR p.subaccount_id <> a.subaccount_id OR p.tier <> a.tier"
        " OR p.seconds <> CASE a.tier WHEN " SQL_BASIC
        " THEN r.basic_seconds ELSE r.premium_seconds END") " AS foreign_ones FROM allocation_purchases a JOIN purchases p ON p.agency_id = a.agency_id"
                                                            " AND p.id = a.purchase_id JOIN allocation_runs r ON r.agency_id = a.agency_id"
                                                            " AND r.subaccount_id = a.subaccount_id AND r.month = a.month"
                                                            " GROUP BY a.agency_id, a.subaccount_id, a.month)"
                                                            " SELECT agency_id, subaccount_id, month, state, fault FROM (SELECT r.*, CASE"
                                                            " WHEN t.basic > 1 OR t.premium > 1 THEN 'minutes were bought twice'"
                                                            " WHEN t.foreign_ones > 0 THEN 'a purchase is not of this month'"
                                                            " WHEN r.state = 'succeeded' AND (COALESCE(t.basic, 0) < CASE WHEN r.basic_seconds > 0 THEN 1 ELSE 0 END"
                                                            " OR COALESCE(t.premium, 0) < CASE WHEN r.premium_seconds > 0 THEN 1 ELSE 0 END)"
                                                            " THEN 'it succeeded and was not paid'"
                                                            " WHEN r.state = 'processing' AND COALESCE(t.open, 0) = 0 THEN 'nothing is being paid'"
                                                            " WHEN r.state <> 'processing' AND t.open > 0 THEN 'something is still being paid'"
                                                            " WHEN r.state IN ('processing', 'retrying') AND EXISTS (SELECT 1 FROM allocation_runs e"
                                                            " WHERE e.agency_id = r.agency_id AND e.subaccount_id = r.subaccount_id AND e.month < r.month"
                                                            " AND e.settled_at IS NULL) THEN 'a month before it is not settled'"
                                                            " WHEN a.enabled = 1 AND a.next_month <= r.month THEN 'it comes once more'"
                                                            " END AS fault FROM allocation_runs r LEFT JOIN tries t ON t.agency_id = r.agency_id"
                                                            " AND t.subaccount_id = r.subaccount_id AND t.month = r.month"
                                                            " LEFT JOIN auto_allocations a ON a.agency_id = r.agency_id AND a.subaccount_id = r.subaccount_id"
                                                            ") AS judged WHERE fault IS NOT NULL ORDER BY agency_id, subaccount_id, month LIMIT $1";

static const struct check_column orphan_columns[] = {
    AGENCY,
    COLUMN_ID("purchase", ID_PURCHASE),
    COLUMN_ID("of a month", ID_PURCHASE),
    COLUMNS_END,
};

static const char wrong_orphans[] =
    "WITH " SQL_INDEXED("bought", "SELECT agency_id, id FROM purchases WHERE origin = 'auto_allocation'") ", " SQL_INDEXED(
        "known",
        "SELECT agency_id, purchase_id FROM allocation_purchases") ", keys AS (SELECT agency_id, id FROM bought UNION SELECT agency_id, purchase_id FROM known)"
                                                                   " SELECT k.agency_id AS agency, p.id, a.purchase_id FROM keys k"
                                                                   " LEFT JOIN bought p ON p.agency_id = k.agency_id AND p.id = k.id"
                                                                   " LEFT JOIN known a ON a.agency_id = k.agency_id AND a.purchase_id = k.id"
                                                                   " WHERE p.id IS NULL OR a.purchase_id IS NULL ORDER BY agency, p.id, a.purchase_id LIMIT $1";

const struct invariant check_automatic[] = {
    {
        .name = "recharges_in_flight",
        .sentence = "every auto-recharge has the one purchase in flight that it made, or none",
        .subjects = { &check_recharges_counted, &check_purchases_counted },
        .sql = wrong_flights,
        .columns = flight_columns,
    },
    {
        .name = "allocations_once",
        .sentence = "every month of an allocation was bought once at most, in order, and succeeded "
                    "only when paid",
        .subjects = { &check_runs_counted, &check_purchases_counted },
        .sql = wrong_runs,
        .columns = run_columns,
    },
    {
        .name = "allocations_known",
        .sentence =
            "every purchase that an allocation made is of one of its months, and no other is",
        .subjects = { &check_runs_counted, &check_purchases_counted },
        .sql = wrong_orphans,
        .columns = orphan_columns,
    },
    INVARIANTS_END,
};
