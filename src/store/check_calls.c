/* Calls, and what they took from wallets (domain.md §§3, 8, 9). */
#include "store/check_private.h"

static const struct check_column call_columns[] = {
    AGENCY,
    COLUMN_ID("call", ID_CALL),
    SUBACCOUNT,
    TIER,
    COLUMN_NAME("status", call_status_names),
    NUMBER("talk seconds"),
    NUMBER("billed seconds"),
    MONEY("price"),
    MONEY("base price"),
    COLUMN_ID("posting", ID_POSTING),
    COLUMNS_END,
};

static_assert(TIER_COUNT == 2 && CALL_DIRECTION_COUNT == 2 && CALL_STATUS_COUNT == 7,
              "ranges below");
static_assert(CALL_DURATION_MAX == 86400, "range below");

/* Billed seconds reach at most one step, an hour, beyond the talk; prices 1,000 USD (domain/prices.h). */
static const char strange_calls[] =
    "SELECT agency_id, id, subaccount_id, tier, status, duration_seconds, billed_seconds, price_micros,"
    " base_price_micros, posting_id FROM calls"
    " WHERE tier NOT IN (0, 1) OR direction NOT IN (0, 1) OR status NOT BETWEEN 0 AND 6"
    " OR duration_seconds NOT BETWEEN 0 AND 86400 OR billed_seconds < duration_seconds"
    " OR billed_seconds > duration_seconds + 3600 OR (duration_seconds = 0) <> (billed_seconds = 0)"
    " OR (billed_seconds = 0) <> (posting_id IS NULL)"
    " OR base_price_micros NOT BETWEEN 1 AND 1000000000 OR price_micros < base_price_micros"
    " OR price_micros > 1000000000"
    " OR COALESCE(answered_at, started_at) < started_at OR COALESCE(ended_at, started_at) < started_at"
    " ORDER BY agency_id, id LIMIT $1";

static const struct check_column charged_columns[] = {
    AGENCY,           COLUMN_ID("call", ID_CALL),
    SUBACCOUNT,       COLUMN_ID("charged to", ID_SUBACCOUNT),
    NUMBER("source"), COLUMNS_END,
};

/* Late calls of a removed account are the primary's, at base price (domain.md §8). */
static const char misdirected_calls[] =
    "SELECT c.agency_id, c.id, c.subaccount_id, c.charged_id, c.source_id FROM calls c"
    " LEFT JOIN agencies g ON g.id = c.agency_id"
    " LEFT JOIN subaccounts s ON s.agency_id = c.agency_id AND s.id = c.subaccount_id"
    " LEFT JOIN call_sources o ON o.agency_id = c.agency_id AND o.id = c.source_id"
    " WHERE g.id IS NULL OR s.id IS NULL OR o.id IS NULL OR (c.charged_id <> c.subaccount_id"
    " AND (c.charged_id <> g.primary_id OR s.status <> 'removed' OR c.price_micros <> c.base_price_micros))"
    " ORDER BY c.agency_id, c.id LIMIT $1";

static const struct check_column used_columns[] = {
    AGENCY, TIER, NUMBER("billed seconds of calls"), NUMBER("used account"), COLUMNS_END,
};

static const char used_differs[] =
    "SELECT agency_id, tier, SUM(billed), SUM(used) FROM ("
    "SELECT agency_id, tier, SUM(billed_seconds) AS billed, 0 AS used FROM calls GROUP BY agency_id, tier"
    " UNION ALL SELECT agency_id, " SQL_TIER_OF_ACCOUNT ", 0, balance FROM ledger_accounts"
    " WHERE account IN (" SQL_USED_BASIC ", " SQL_USED_PREMIUM ")) AS both_sides"
    " GROUP BY agency_id, tier HAVING SUM(billed) <> SUM(used) ORDER BY agency_id, tier LIMIT $1";

static const struct check_column charge_columns[] = {
    AGENCY,      COLUMN_ID("posting", ID_POSTING),  COLUMN_ID("wallet of", ID_SUBACCOUNT),
    TIER,        NUMBER("billed seconds of calls"), NUMBER("taken from the wallet"),
    COLUMNS_END,
};

static const char wrong_charges[] =
    "SELECT agency_id, posting_id, wallet, tier, SUM(billed), SUM(taken) FROM ("
    "SELECT agency_id, posting_id, charged_id AS wallet, tier, billed_seconds AS billed, 0 AS taken FROM calls"
    " WHERE posting_id IS NOT NULL"
    " UNION ALL SELECT e.agency_id, e.posting_id, e.owner_id, " SQL_TIER_OF_ACCOUNT ", 0, -e.amount"
    " FROM ledger_entries e JOIN ledger_postings p ON p.agency_id = e.agency_id AND p.id = e.posting_id"
    " WHERE e.account IN " SQL_MINUTES " AND p.kind IN (" SQL_KIND_CALLS ", " SQL_KIND_ENDED_CALLS
    ")) AS both_sides"
    " GROUP BY agency_id, posting_id, wallet, tier HAVING SUM(billed) <> SUM(taken)"
    " ORDER BY agency_id, posting_id, wallet, tier LIMIT $1";

static const struct check_column wallet_columns[] = {
    AGENCY,
    COLUMN_ID("wallet of", ID_SUBACCOUNT),
    TIER,
    NUMBER("billed seconds of calls"),
    NUMBER("taken by calls"),
    COLUMNS_END,
};

static const char wrong_wallets[] =
    "SELECT agency_id, wallet, tier, SUM(billed), SUM(taken) FROM ("
    "SELECT agency_id, charged_id AS wallet, tier, SUM(billed_seconds) AS billed, 0 AS taken FROM calls"
    " GROUP BY agency_id, charged_id, tier"
    " UNION ALL SELECT e.agency_id, e.owner_id, " SQL_TIER_OF_ACCOUNT ", 0, -e.amount"
    " FROM ledger_entries e JOIN ledger_postings p ON p.agency_id = e.agency_id AND p.id = e.posting_id"
    " WHERE e.account IN " SQL_MINUTES " AND p.kind IN (" SQL_KIND_CALLS ", " SQL_KIND_ENDED_CALLS
    ")) AS both_sides"
    " GROUP BY agency_id, wallet, tier HAVING SUM(billed) <> SUM(taken)"
    " ORDER BY agency_id, wallet, tier LIMIT $1";

const struct invariant check_calls[] = {
    {
        .name = "calls_consistent",
        .sentence =
            "every call's times, seconds and prices fit together, and it has a posting if it cost anything",
        .subjects = { &check_calls_counted },
        .sql = strange_calls,
        .columns = call_columns,
    },
    {
        .name = "calls_owned",
        .sentence =
            "every call is of an account and a source of its agency and was charged to whom it should be",
        .subjects = { &check_calls_counted, &check_subaccounts_counted },
        .sql = misdirected_calls,
        .columns = charged_columns,
    },
    {
        .name = "used_is_calls",
        .sentence = "billed seconds of calls sum to the used accounts",
        .subjects = { &check_calls_counted },
        .sql = used_differs,
        .columns = used_columns,
    },
    {
        .name = "postings_charge_calls",
        .sentence =
            "every posting for calls takes from a wallet, and what was held of it, what its calls were billed",
        .subjects = { &check_calls_counted, &check_postings_counted },
        .sql = wrong_charges,
        .columns = charge_columns,
    },
    {
        .name = "wallets_charge_calls",
        .sentence = "what calls took from each wallet is what the calls charged to it were billed",
        .subjects = { &check_calls_counted, &check_subaccounts_counted },
        .sql = wrong_wallets,
        .columns = wallet_columns,
    },
    INVARIANTS_END,
};
