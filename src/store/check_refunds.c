/* Refunds and lost disputes, and what they posted (domain.md §5). */
#include "store/check_private.h"

#include "domain/refunds.h"

#define REFUND COLUMN_ID("refund", ID_REFUND)

/* clang-format off */
/* What a posting did move, of the accounts that a refund is about. */
#define MOVED(account) "SUM(CASE WHEN e.account = " account " THEN e.amount ELSE 0 END)"
#define POSTED                                                                                                         \
    "SELECT t.agency_id, t.id, t.kind, t.reference_id, t.once_key, t.subject_id, COUNT(e.seq) AS entries,"             \
    " SUM(CASE WHEN e.account IN " SQL_WALLETS " AND e.owner_id = t.subject_id THEN e.amount ELSE 0 END) AS wallet, "  \
    MOVED(SQL_BASE_REVENUE) " AS base_revenue, " MOVED(SQL_CREDIT) " AS credit, " MOVED(SQL_CASH) " AS cash, "         \
    MOVED(SQL_PROFIT) " AS profit, " MOVED(SQL_COLLECTED) " AS collected, " MOVED(SQL_OUTSIDE) " AS outside, "         \
    MOVED(SQL_ROUNDING) " AS rounding"                                                                                 \
    SQL_ENTRIES_OF_POSTINGS("t", "") " AND t.kind IN (" SQL_KIND_REFUND ", " SQL_KIND_DISPUTE ", " SQL_KIND_REFUND_RETURN ")"                         \
    " GROUP BY t.agency_id, t.id, t.kind, t.reference_id, t.once_key, t.subject_id"

/* What should have been: a posting for each refund, and one the other way for each that failed. */
#define EXPECTED                                                                                                       \
    "SELECT f.agency_id, f.id, f.posting_id, f.subaccount_id, f.purchase_id, f.state, f.seconds, f.amount_micros,"     \
    " f.base_micros, f.profit_micros, -1 AS sign, CASE f.kind WHEN 'refund' THEN " SQL_KIND_REFUND                     \
    " ELSE " SQL_KIND_DISPUTE " END AS kind FROM refunds f"                                                            \
    " UNION ALL SELECT f.agency_id, f.id, COALESCE(f.return_posting_id, 0), f.subaccount_id, f.purchase_id, f.state, f.seconds,"    \
    " f.amount_micros, f.base_micros, f.profit_micros, 1, " SQL_KIND_REFUND_RETURN " FROM refunds f"                   \
    " WHERE f.state = 'failed' OR f.return_posting_id IS NOT NULL"
/* clang-format on */

static const struct check_column posted_columns[] = {
    AGENCY,
    REFUND,
    SUBACCOUNT,
    TEXT("state"),
    NUMBER("seconds"),
    MONEY("amount"),
    MONEY("base"),
    MONEY("profit"),
    POSTING,
    NUMBER("posted seconds"),
    MONEY("base_revenue"),
    MONEY("credit"),
    MONEY("cash"),
    MONEY("profit"),
    MONEY("collected"),
    MONEY("outside"),
    MONEY("rounding"),
    COLUMNS_END,
};

/* Not a FULL JOIN, for which SQLite makes no index. A share of nothing, which a dispute after a whole refund would be, posts nothing and is not made. */
static const char wrong_postings[] =
    "WITH expected AS (" EXPECTED "), posted AS (" POSTED "),"
    " keys AS (SELECT agency_id, posting_id AS posting FROM expected UNION SELECT agency_id, id FROM posted)"
    " SELECT COALESCE(x.agency_id, t.agency_id) AS agency, COALESCE(x.id, t.reference_id) AS refund,"
    " COALESCE(x.subaccount_id, t.subject_id), x.state, x.seconds, x.amount_micros, x.base_micros, x.profit_micros,"
    " COALESCE(t.id, NULLIF(x.posting_id, 0)) AS posting, t.wallet, t.base_revenue, t.credit, t.cash, t.profit, t.collected,"
    " t.outside, t.rounding"
    " FROM keys k LEFT JOIN expected x ON x.agency_id = k.agency_id AND x.posting_id = k.posting"
    " LEFT JOIN posted t ON t.agency_id = k.agency_id AND t.id = k.posting"
    " LEFT JOIN purchases p ON p.agency_id = x.agency_id AND p.id = x.purchase_id"
    " WHERE x.id IS NULL OR t.id IS NULL OR p.id IS NULL OR t.kind <> x.kind OR COALESCE(t.reference_id, 0) <> x.id"
    " OR COALESCE(t.once_key, 0) <> x.id OR t.subject_id <> x.subaccount_id OR x.subaccount_id NOT IN (p.subaccount_id,"
    " (SELECT primary_id FROM agencies g WHERE g.id = x.agency_id))"
    " OR (x.sign = 1 AND x.state <> 'failed') OR t.wallet <> x.sign * x.seconds"
    " OR t.base_revenue <> x.sign * x.base_micros"
    " OR t.rounding <> x.sign * (x.amount_micros - x.base_micros - x.profit_micros)"
    " OR CASE p.provider WHEN 'manual' THEN t.credit <> -x.sign * x.base_micros"
    " OR t.outside <> -x.sign * (x.amount_micros - x.base_micros) OR t.collected <> x.sign * x.profit_micros"
    " OR t.cash <> 0 OR t.profit <> 0"
    " ELSE t.cash <> -x.sign * x.amount_micros OR t.profit <> x.sign * x.profit_micros"
    " OR t.credit <> 0 OR t.collected <> 0 OR t.outside <> 0 END"
    " ORDER BY agency, refund, posting LIMIT $1";

static const struct check_column share_columns[] = {
    AGENCY,
    COLUMN_ID("purchase", ID_PURCHASE),
    TEXT("state"),
    NUMBER("seconds"),
    MONEY("paid"),
    NUMBER("refunded seconds"),
    MONEY("refunded"),
    NUMBER("seconds of its refunds"),
    MONEY("their amount"),
    MONEY("base"),
    MONEY("profit"),
    INSTANT("disputed"),
    COLUMNS_END,
};

#define EXACT_PAID \
    "(paid_micros / seconds * given + (paid_micros % seconds * given + seconds / 2) / seconds)"
#define CENTS "(paid_micros / 10000)"
#define WHOLE_CENTS \
    "((" CENTS " / seconds * given + " CENTS " % seconds * given / seconds) * 10000)"

/* What all refunds of a purchase gave back is the pro rata of their seconds (domain/refunds.h). The products are split
   so that they fit; where they would not, the markup is not looked at. */
static const char wrong_shares[] =
    "WITH given AS (SELECT agency_id, purchase_id, CAST(SUM(seconds) AS BIGINT) AS seconds,"
    " CAST(SUM(amount_micros) AS BIGINT) AS amount, CAST(SUM(base_micros) AS BIGINT) AS base,"
    " CAST(SUM(profit_micros) AS BIGINT) AS profit,"
    " CAST(SUM(CASE kind WHEN 'dispute' THEN 1 ELSE 0 END) AS BIGINT) AS disputes"
    " FROM refunds WHERE state <> 'failed' GROUP BY agency_id, purchase_id),"
    " sums AS (SELECT p.agency_id, p.id, p.state, p.seconds, p.paid_micros, p.unit_price_micros, p.base_price_micros,"
    " p.refunded_seconds, p.refunded_micros, p.disputed_at, COALESCE(g.seconds, 0) AS given,"
    " COALESCE(g.amount, 0) AS amount, COALESCE(g.base, 0) AS base, COALESCE(g.profit, 0) AS profit,"
    " COALESCE(g.disputes, 0) AS disputes FROM purchases p"
    " LEFT JOIN given g ON g.agency_id = p.agency_id AND g.purchase_id = p.id)"
    " SELECT agency_id, id, state, seconds, paid_micros, refunded_seconds, refunded_micros, given, amount, base, profit,"
    " disputed_at FROM sums WHERE refunded_seconds <> given OR refunded_micros <> amount"
    " OR (given > 0 AND state NOT IN ('succeeded', 'refunded'))"
    " OR (state = 'refunded') <> (given = seconds AND disputes = 0) OR (disputed_at IS NOT NULL) <> (disputes > 0)"
    " OR (disputes > 0 AND given <> seconds) OR given > seconds OR amount <> " WHOLE_CENTS
    " OR base <> " SQL_VALUE(
        "given",
        "base_price_micros") " OR (seconds <= 3000000000 AND profit <> CASE WHEN unit_price_micros <= base_price_micros"
                             " AND paid_micros >= " SQL_VALUE(
                                 "seconds",
                                 "base_price_micros") " THEN 0"
                                                      " ELSE " EXACT_PAID " - " SQL_VALUE(
                                                          "given",
                                                          "base_price_micros") " END)"
                                                                               " ORDER BY agency_id, id LIMIT $1";

static_assert(PURCHASE_SECONDS_MAX == 6000000000 && PURCHASE_AMOUNT_MAX == 10000000000000,
              "products of a remainder and seconds would not fit");

const struct invariant check_refunds[] = {
    {
        .name = "refunds_posted",
        .sentence =
            "every refund and lost dispute took back its share once, and gave it again when it failed",
        .subjects = { &check_refunds_counted, &check_postings_counted },
        .sql = wrong_postings,
        .columns = posted_columns,
    },
    {
        .name = "refunds_are_shares",
        .sentence =
            "what was refunded of a purchase is the pro rata of its seconds, to the micro-dollar",
        .subjects = { &check_purchases_counted, &check_refunds_counted },
        .sql = wrong_shares,
        .columns = share_columns,
    },
    INVARIANTS_END,
};
