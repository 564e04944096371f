/* Purchases and what they posted (domain.md §5). */
#include "store/check_private.h"

#include "domain/purchases.h"

#define PURCHASE COLUMN_ID("purchase", ID_PURCHASE)

/* clang-format off */
/* Every purchase that succeeded, with what its posting should have moved: base, and the markup, which is rounding at
   base price unless it is a loss (domain.md §4). */
#define EXPECTED                                                                                                       \
    "SELECT agency_id, id, subaccount_id, tier, provider, seconds, paid_micros, profit_micros,"                        \
    " COALESCE(posting_id, 0) AS posting_id, succeeded_at, "                                                           \
    SQL_VALUE("seconds", "base_price_micros") " AS base,"                                                              \
    " paid_micros - " SQL_VALUE("seconds", "base_price_micros") " AS markup,"                                          \
    " CASE WHEN unit_price_micros <= base_price_micros"                                                                \
    " AND paid_micros >= " SQL_VALUE("seconds", "base_price_micros") " THEN 1 ELSE 0 END AS is_rounding"               \
    " FROM purchases WHERE state IN ('succeeded', 'refunded')"

/* What each posting of a purchase did move. */
#define MOVED(condition) "SUM(CASE WHEN e.account = " condition " THEN e.amount ELSE 0 END)"
#define POSTED                                                                                                         \
    "SELECT t.agency_id, t.id, t.reference_id, t.once_key, t.subject_id, "                                             \
    MOVED(SQL_WALLET_BASIC " AND e.owner_id = t.subject_id") " AS wallet_basic, "                                      \
    MOVED(SQL_WALLET_PREMIUM " AND e.owner_id = t.subject_id") " AS wallet_premium, "                                  \
    MOVED(SQL_BASE_REVENUE) " AS base_revenue, " MOVED(SQL_CREDIT) " AS credit, " MOVED(SQL_CASH) " AS cash, "         \
    MOVED(SQL_PROFIT) " AS profit, " MOVED(SQL_COLLECTED) " AS collected, " MOVED(SQL_OUTSIDE) " AS outside, "         \
    MOVED(SQL_ROUNDING) " AS rounding"                                                                                 \
    SQL_ENTRIES_OF_POSTINGS("t", "") " AND t.kind = " SQL_KIND_PURCHASE " GROUP BY t.agency_id, t.id, t.reference_id, t.once_key, t.subject_id"
/* clang-format on */

static const struct check_column posted_columns[] = {
    AGENCY,
    PURCHASE,
    SUBACCOUNT,
    TEXT("provider"),
    NUMBER("seconds"),
    MONEY("paid"),
    MONEY("base"),
    MONEY("profit"),
    POSTING,
    NUMBER("posted basic seconds"),
    NUMBER("premium seconds"),
    MONEY("base_revenue"),
    MONEY("credit"),
    MONEY("cash"),
    MONEY("profit"),
    MONEY("collected"),
    MONEY("outside"),
    MONEY("rounding"),
    COLUMNS_END,
};

/* Not a FULL JOIN, for which SQLite makes no index. */
static const char wrong_purchases[] =
    "WITH expected AS (" EXPECTED "), posted AS (" POSTED "),"
    " keys AS (SELECT agency_id, posting_id AS posting FROM expected UNION SELECT agency_id, id FROM posted)"
    " SELECT COALESCE(x.agency_id, t.agency_id) AS agency, COALESCE(x.id, t.reference_id) AS purchase,"
    " COALESCE(x.subaccount_id, t.subject_id), x.provider, x.seconds, x.paid_micros, x.base, x.profit_micros,"
    " COALESCE(t.id, NULLIF(x.posting_id, 0)), t.wallet_basic, t.wallet_premium, t.base_revenue, t.credit, t.cash,"
    " t.profit, t.collected, t.outside, t.rounding"
    " FROM keys k LEFT JOIN expected x ON x.agency_id = k.agency_id AND x.posting_id = k.posting"
    " LEFT JOIN posted t ON t.agency_id = k.agency_id AND t.id = k.posting"
    " WHERE x.id IS NULL OR t.id IS NULL OR COALESCE(t.reference_id, 0) <> x.id OR COALESCE(t.once_key, 0) <> x.id"
    " OR t.subject_id <> x.subaccount_id OR x.succeeded_at IS NULL OR x.profit_micros IS NULL"
    " OR t.wallet_basic <> CASE WHEN x.tier = " SQL_BASIC " THEN x.seconds ELSE 0 END"
    " OR t.wallet_premium <> CASE WHEN x.tier = " SQL_PREMIUM " THEN x.seconds ELSE 0 END"
    " OR t.base_revenue <> x.base OR t.rounding <> x.is_rounding * x.markup"
    " OR x.profit_micros <> (1 - x.is_rounding) * x.markup OR CASE x.provider WHEN 'manual'"
    " THEN t.credit <> -x.base OR t.outside <> -x.markup OR t.collected <> (1 - x.is_rounding) * x.markup"
    " OR t.cash <> 0 OR t.profit <> 0"
    " ELSE t.cash <> -x.paid_micros OR t.profit <> (1 - x.is_rounding) * x.markup"
    " OR t.credit <> 0 OR t.collected <> 0 OR t.outside <> 0 END"
    " ORDER BY agency, purchase LIMIT $1";

static const struct check_column waiting_columns[] = {
    AGENCY,          PURCHASE, SUBACCOUNT,           TEXT("state"),
    MONEY("profit"), POSTING,  INSTANT("succeeded"), COLUMNS_END,
};

static const char early_purchases[] =
    "SELECT p.agency_id, p.id, p.subaccount_id, p.state, p.profit_micros, COALESCE(p.posting_id, t.id),"
    " p.succeeded_at FROM purchases p LEFT JOIN ledger_postings t ON t.agency_id = p.agency_id"
    " AND t.kind = " SQL_KIND_PURCHASE " AND t.once_key = p.id" /* ledger_postings_once */
    " WHERE p.state NOT IN ('succeeded', 'refunded') AND (p.posting_id IS NOT NULL OR p.profit_micros IS NOT NULL"
    " OR p.succeeded_at IS NOT NULL OR t.id IS NOT NULL"
    " OR p.state NOT IN ('pending', 'processing', 'requires_action', 'failed', 'canceled'))"
    " ORDER BY p.agency_id, p.id LIMIT $1";

static const struct check_column price_columns[] = {
    AGENCY,        PURCHASE,       SUBACCOUNT,          NUMBER("seconds"),
    MONEY("paid"), MONEY("price"), MONEY("base price"), COLUMNS_END,
};

/* A purchase by minutes pays card_amount; one by an amount gets seconds_for, so that one second more
   would cost more than was paid (domain.md §§1, 5). Either way what is paid covers the seconds at
   their price, and is whole cents. */
static const char badly_priced_purchases[] =
    "SELECT agency_id, id, subaccount_id, seconds, paid_micros, unit_price_micros, base_price_micros FROM purchases"
    " WHERE tier NOT IN (0, 1) OR paid_micros % 10000 <> 0 OR seconds > 6000000000"
    " OR unit_price_micros > 1000000000 OR base_price_micros > 1000000000"
    " OR paid_micros * 60 < seconds * unit_price_micros"
    " OR (paid_micros * 60 >= (seconds + 1) * unit_price_micros"
    " AND paid_micros <> (seconds * unit_price_micros + 599999) / 600000 * 10000)"
    " ORDER BY agency_id, id LIMIT $1";

static_assert(PURCHASE_SECONDS_MAX == 6000000000, "range above");

const struct invariant check_purchases[] = {
    {
        .name = "purchases_posted",
        .sentence =
            "every purchase that succeeded posted its minutes and its money once, and nothing else did",
        .subjects = { &check_purchases_counted, &check_postings_counted },
        .sql = wrong_purchases,
        .columns = posted_columns,
    },
    {
        .name = "purchases_waiting",
        .sentence = "no purchase posted anything before it succeeded",
        .subjects = { &check_purchases_counted },
        .sql = early_purchases,
        .columns = waiting_columns,
    },
    {
        .name = "purchases_priced",
        .sentence = "every purchase pays whole cents, and what its seconds cost",
        .subjects = { &check_purchases_counted },
        .sql = badly_priced_purchases,
        .columns = price_columns,
    },
    INVARIANTS_END,
};
