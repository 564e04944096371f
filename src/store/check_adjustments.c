/* Minutes given or taken by hand, and what that posted (domain.md §5). */
#include "store/check_private.h"

#include "domain/adjustments.h"

static const struct check_column columns[] = {
    AGENCY,
    COLUMN_ID("adjustment", ID_ADJUSTMENT),
    SUBACCOUNT,
    NUMBER("seconds"),
    MONEY("base price"),
    MONEY("credit"),
    POSTING,
    NUMBER("posted seconds"),
    MONEY("credit"),
    MONEY("base_revenue"),
    COLUMNS_END,
};

/* clang-format off */
#define MOVED(account) "SUM(CASE WHEN e.account = " account " THEN e.amount ELSE 0 END)"
#define POSTED                                                                                                         \
    "SELECT t.agency_id, t.id, t.kind, t.reference_id, t.once_key, t.subject_id, COUNT(e.seq) AS entries,"             \
    MOVED(SQL_WALLET_BASIC " AND e.owner_id = t.subject_id") " AS basic, "                                             \
    MOVED(SQL_WALLET_PREMIUM " AND e.owner_id = t.subject_id") " AS premium, "                                         \
    MOVED(SQL_CREDIT) " AS credit, " MOVED(SQL_BASE_REVENUE) " AS base_revenue"                                        \
    SQL_ENTRIES_OF_POSTINGS("t", "") " AND t.kind IN (" SQL_KIND_ADJUSTMENT ", " SQL_KIND_PLATFORM_GRANT ")"                                          \
    " GROUP BY t.agency_id, t.id, t.kind, t.reference_id, t.once_key, t.subject_id"
/* clang-format on */

/* An agency's cost it base, and what it takes back gives base back; the platform's cost nothing. */
static const char wrong_adjustments[] = "WITH posted AS (" POSTED "), " SQL_INDEXED(
    "given",
    "SELECT * FROM adjustments") ","
                                 " keys AS (SELECT agency_id, posting_id AS posting FROM adjustments UNION SELECT agency_id, id FROM posted)"
                                 " SELECT COALESCE(a.agency_id, t.agency_id) AS agency, COALESCE(a.id, t.reference_id) AS adjustment,"
                                 " COALESCE(a.subaccount_id, t.subject_id), a.seconds, a.base_price_micros, a.credit_micros,"
                                 " COALESCE(t.id, a.posting_id), t.basic + t.premium, t.credit, t.base_revenue"
                                 " FROM keys k LEFT JOIN given a ON a.agency_id = k.agency_id AND a.posting_id = k.posting"
                                 " LEFT JOIN posted t ON t.agency_id = k.agency_id AND t.id = k.posting"
                                 " WHERE a.id IS NULL OR t.id IS NULL OR COALESCE(t.reference_id, 0) <> a.id OR COALESCE(t.once_key, 0) <> a.id"
                                 " OR t.subject_id <> a.subaccount_id"
                                 " OR t.kind <> CASE a.by_platform WHEN 1 THEN " SQL_KIND_PLATFORM_GRANT
                                 " ELSE " SQL_KIND_ADJUSTMENT " END"
                                 " OR t.basic <> CASE WHEN a.tier = " SQL_BASIC
                                 " THEN a.seconds ELSE 0 END"
                                 " OR t.premium <> CASE WHEN a.tier = " SQL_PREMIUM
                                 " THEN a.seconds ELSE 0 END"
                                 " OR t.credit <> a.credit_micros OR t.base_revenue <> -a.credit_micros"
                                 " OR t.entries <> 2 + CASE a.credit_micros WHEN 0 THEN 0 ELSE 2 END"
                                 " OR a.credit_micros <> CASE WHEN a.by_platform = 1 THEN 0"
                                 " WHEN a.seconds > 0 THEN -" SQL_VALUE("a.seconds", "a.base_price_micros") " ELSE " SQL_VALUE(
                                     "-a.seconds",
                                     "a.base_price_micros") " END"
                                                            " OR LENGTH(a.reason) NOT BETWEEN 1 AND 200"
                                                            " ORDER BY agency, adjustment LIMIT $1";

static_assert(ADJUSTMENT_REASON_MAX == 200, "length above");

const struct invariant check_adjustments[] = {
    {
        .name = "adjustments_posted",
        .sentence =
            "minutes given or taken by hand were posted once, at base for the agency and for nothing by the platform",
        .subjects = { &check_adjustments_counted, &check_postings_counted },
        .sql = wrong_adjustments,
        .columns = columns,
    },
    INVARIANTS_END,
};
