/* Minutes moved between sub-accounts, and what that posted (domain.md §6). */
#include "store/check_private.h"

#include "domain/purchases.h"

#define MOVE COLUMN_ID("move", ID_MINUTE_MOVE)

/* clang-format off */
/* What each posting of a move did move. */
#define MOVED(condition) "SUM(CASE WHEN " condition " THEN e.amount ELSE 0 END)"
#define WALLET_OF(end) "e.account = CASE WHEN m.tier = " SQL_BASIC " THEN " SQL_WALLET_BASIC " ELSE "                  \
                       SQL_WALLET_PREMIUM " END AND e.owner_id = m." end
#define POSTED                                                                                                         \
    "SELECT m.agency_id, m.id, COUNT(*) AS entries, "                                                                  \
    MOVED(WALLET_OF("from_id")) " AS sent, " MOVED(WALLET_OF("to_id")) " AS received, "                                \
    MOVED("e.account = " SQL_CREDIT) " AS credit, " MOVED("e.account = " SQL_BASE_REVENUE) " AS base_revenue"          \
    SQL_ENTRIES_OF_POSTINGS("t", " CROSS JOIN minute_moves m")                                                         \
    " AND t.kind = " SQL_KIND_MOVE " AND m.agency_id = t.agency_id AND m.id = t.reference_id AND m.posting_id = t.id"  \
    " GROUP BY m.agency_id, m.id"
/* clang-format on */

static const struct check_column posted_columns[] = {
    AGENCY,
    MOVE,
    COLUMN_ID("from", ID_SUBACCOUNT),
    COLUMN_ID("to", ID_SUBACCOUNT),
    POSTING,
    NUMBER("sent"),
    NUMBER("received"),
    MONEY("adjustment"),
    NUMBER("posted sent"),
    NUMBER("received"),
    MONEY("credit"),
    MONEY("base_revenue"),
    COLUMNS_END,
};

/* Both ends, what was lost or won between them, and the adjustment: five entries, fewer where something is zero. That
   conversion takes the rest follows from the sum of the posting. */
static const char wrong_postings[] = "WITH posted AS (" POSTED "), " SQL_INDEXED(
    "moves",
    "SELECT * FROM minute_moves") ", postings AS (SELECT agency_id, id, subject_id, reference_id, once_key"
                                  " FROM ledger_postings WHERE kind = " SQL_KIND_MOVE "),"
                                  " keys AS (SELECT agency_id, posting_id AS posting FROM minute_moves UNION SELECT agency_id, id FROM postings)"
                                  " SELECT COALESCE(m.agency_id, t.agency_id) AS agency, COALESCE(m.id, t.reference_id) AS move, m.from_id, m.to_id,"
                                  " COALESCE(t.id, m.posting_id), m.sent_seconds, m.received_seconds, m.adjustment_micros, p.sent, p.received,"
                                  " p.credit, p.base_revenue FROM keys k"
                                  " LEFT JOIN moves m ON m.agency_id = k.agency_id AND m.posting_id = k.posting"
                                  " LEFT JOIN postings t ON t.agency_id = k.agency_id AND t.id = k.posting"
                                  " LEFT JOIN posted p ON p.agency_id = m.agency_id AND p.id = m.id"
                                  " WHERE m.id IS NULL OR t.id IS NULL OR COALESCE(t.reference_id, 0) <> m.id OR COALESCE(t.once_key, 0) <> m.id"
                                  " OR t.subject_id <> m.from_id OR COALESCE(p.sent, 0) <> -m.sent_seconds"
                                  " OR COALESCE(p.received, 0) <> m.received_seconds OR COALESCE(p.credit, 0) <> m.adjustment_micros"
                                  " OR COALESCE(p.base_revenue, 0) <> -m.adjustment_micros OR COALESCE(p.entries, 0) <> 1"
                                  " + CASE WHEN m.received_seconds <> 0 THEN 1 ELSE 0 END"
                                  " + CASE WHEN m.received_seconds <> m.sent_seconds THEN 1 ELSE 0 END"
                                  " + CASE WHEN m.adjustment_micros <> 0 THEN 2 ELSE 0 END"
                                  " ORDER BY agency, move LIMIT $1";

static const struct check_column value_columns[] = {
    AGENCY,
    MOVE,
    NUMBER("sent"),
    NUMBER("received"),
    MONEY("price from"),
    MONEY("price to"),
    MONEY("base price"),
    MONEY("adjustment"),
    NUMBER("capped"),
    COLUMNS_END,
};

#define AT_PRICES                                                          \
    "CASE WHEN price_from_micros = price_to_micros OR price_to_micros = 0" \
    " THEN sent_seconds ELSE sent_seconds * price_from_micros / price_to_micros END"

static const char wrong_values[] =
    "SELECT agency_id, id, sent_seconds, received_seconds, price_from_micros, price_to_micros, base_price_micros,"
    " adjustment_micros, capped FROM minute_moves WHERE tier NOT IN (0, 1) OR from_id = to_id"
    " OR sent_seconds NOT BETWEEN 1 AND 6000000000 OR price_from_micros NOT BETWEEN 0 AND 1000000000"
    " OR price_to_micros NOT BETWEEN 0 AND 1000000000 OR base_price_micros NOT BETWEEN 0 AND 1000000000"
    " OR price_from_micros < base_price_micros OR price_to_micros < base_price_micros"
    " OR adjustment_micros <> " SQL_VALUE("sent_seconds", "base_price_micros") " - " SQL_VALUE(
        "received_seconds",
        "base_price_micros") " OR CASE WHEN capped = 0 THEN received_seconds <> " AT_PRICES
                             " ELSE received_seconds < sent_seconds OR received_seconds >= " AT_PRICES
                             " END"
                             " ORDER BY agency_id, id LIMIT $1";

static_assert(PURCHASE_SECONDS_MAX == 6000000000 && PRICE_MAX == 1000000000, "ranges above");

const struct invariant check_moves[] = {
    {
        .name = "moves_posted",
        .sentence =
            "every move of minutes posted both wallets and its adjustment once, and nothing else did",
        .subjects = { &check_moves_counted, &check_postings_counted },
        .sql = wrong_postings,
        .columns = posted_columns,
    },
    {
        .name = "moves_kept_value",
        .sentence = "every move kept the minutes' value at client prices, and base covered",
        .subjects = { &check_moves_counted },
        .sql = wrong_values,
        .columns = value_columns,
    },
    INVARIANTS_END,
};
