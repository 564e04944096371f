/* Postings, entries, balances (domain.md §3). */
#include "store/check_private.h"

static const struct check_column sum_columns[] = {
    AGENCY, POSTING, COLUMN("unit", SHOW_UNIT), AMOUNT("sum"), COLUMNS_END,
};

static const char unbalanced_postings[] =
    "SELECT agency_id, posting_id, SUBSTR($2, account + 1, 1) AS unit, SUM(amount)"
    " FROM ledger_entries GROUP BY agency_id, posting_id, unit HAVING SUM(amount) <> 0"
    " ORDER BY agency_id, posting_id, unit LIMIT $1";

static const struct check_column half_columns[] = {
    AGENCY,
    POSTING,
    TEXT("it"),
    COLUMNS_END,
};

static const char half_postings[] =
    "SELECT agency_id, posting_id, fault FROM ("
    "SELECT agency_id, posting_id, 'has no entries' AS fault FROM"
    " (SELECT agency_id, id AS posting_id FROM ledger_postings"
    " EXCEPT SELECT agency_id, posting_id FROM ledger_entries) AS bare"
    " UNION ALL SELECT agency_id, posting_id, 'has entries but is not there' FROM"
    " (SELECT agency_id, posting_id FROM ledger_entries"
    " EXCEPT SELECT agency_id, id FROM ledger_postings) AS lost) AS half"
    " ORDER BY agency_id, posting_id, fault LIMIT $1";

static const struct check_column posting_columns[] = {
    AGENCY,
    POSTING,
    COLUMN_NAME("kind", posting_kind_names),
    COLUMN_ID("about", ID_SUBACCOUNT),
    COLUMNS_END,
};

static const char strange_postings[] =
    "SELECT p.agency_id, p.id, p.kind, p.subject_id FROM ledger_postings p"
    " LEFT JOIN subaccounts s ON s.agency_id = p.agency_id AND s.id = p.subject_id"
    " WHERE s.id IS NULL OR p.kind < 0 OR SUBSTR($4, p.kind + 1, 1) = ''"
    " OR (p.user_id IS NOT NULL AND p.api_key_id IS NOT NULL)"
    " ORDER BY p.agency_id, p.id LIMIT $1";

static const struct check_column settlement_columns[] = {
    AGENCY, POSTING, NUMBER("entries"), MONEY("cash"), MONEY("credit"), COLUMNS_END,
};

/* Money that an agency paid the platform, recorded by somebody of its staff: nothing else moves. */
static const char wrong_settlements[] =
    "WITH entries AS MATERIALIZED (SELECT e.* " SQL_ENTRIES_OF_POSTINGS(
        "t",
        "") " AND t.kind = " SQL_KIND_SETTLEMENT ") SELECT p.agency_id, p.id, COUNT(e.posting_id),"
            " SUM(CASE WHEN e.account = " SQL_CASH " THEN e.amount ELSE 0 END),"
            " SUM(CASE WHEN e.account = " SQL_CREDIT " THEN e.amount ELSE 0 END)"
            " FROM ledger_postings p LEFT JOIN entries e ON e.agency_id = p.agency_id AND e.posting_id = p.id"
            " WHERE p.kind = " SQL_KIND_SETTLEMENT " GROUP BY p.agency_id, p.id, p.user_id"
            " HAVING COUNT(e.posting_id) <> 2"
            " OR SUM(CASE WHEN e.account = " SQL_CREDIT " AND e.amount > 0 THEN 1 ELSE 0 END) <> 1"
            " OR SUM(CASE WHEN e.account = " SQL_CASH " AND e.amount < 0 THEN 1 ELSE 0 END) <> 1"
            " OR NOT EXISTS (SELECT 1 FROM platform_users u WHERE u.id = p.user_id)"
            " ORDER BY p.agency_id, p.id LIMIT $1";

static const struct check_column sequence_columns[] = {
    AGENCY,
    LEDGER_ACCOUNT_OF,
    NUMBER("seq"),
    NUMBER("after seq"),
    AMOUNT("amount"),
    AMOUNT("balance"),
    AMOUNT("balance before"),
    POSTING,
    COLUMNS_END,
};

static const char entries_out_of_sequence[] =
    "SELECT agency_id, account, owner_id, seq, seq_before, amount, balance, balance_before, posting_id FROM ("
    "SELECT agency_id, account, owner_id, seq, amount, balance, posting_id, posted_at,"
    " LAG(seq, 1, 0) OVER w AS seq_before, LAG(balance, 1, 0) OVER w AS balance_before,"
    " LAG(posted_at, 1, posted_at) OVER w AS posted_before FROM ledger_entries"
    " WINDOW w AS (PARTITION BY agency_id, account, owner_id ORDER BY seq)) AS e"
    " WHERE seq <> seq_before + 1 OR amount = 0 OR balance <> balance_before + amount OR posted_at < posted_before"
    " ORDER BY agency_id, account, owner_id, seq LIMIT $1";

static const struct check_column balance_columns[] = {
    AGENCY,
    LEDGER_ACCOUNT_OF,
    AMOUNT("balance"),
    AMOUNT("sum of its entries"),
    NUMBER("entries stored"),
    NUMBER("entries there"),
    INSTANT("posted"),
    INSTANT("last entry"),
    COLUMNS_END,
};

static const char wrong_balances[] =
    "SELECT COALESCE(a.agency_id, e.agency_id) AS agency, COALESCE(a.account, e.account) AS number,"
    " COALESCE(a.owner_id, e.owner_id) AS owner, a.balance, e.balance, a.entries, e.entries, a.posted_at, e.posted_at"
    " FROM (SELECT agency_id, account, owner_id, SUM(amount) AS balance,"
    " COUNT(*) AS entries, MAX(posted_at) AS posted_at FROM ledger_entries"
    " GROUP BY agency_id, account, owner_id) AS e" /* ledger_entries' key */
    " FULL JOIN ledger_accounts a" /* its key; SQLite makes no index for a FULL JOIN */
    " ON a.agency_id = e.agency_id AND a.account = e.account AND a.owner_id = e.owner_id"
    " WHERE a.agency_id IS NULL OR e.agency_id IS NULL OR a.balance <> e.balance OR a.entries <> e.entries"
    " OR a.posted_at <> e.posted_at ORDER BY agency, number, owner LIMIT $1";

static const struct check_column unit_columns[] = {
    AGENCY,
    COLUMN("unit", SHOW_UNIT),
    AMOUNT("sum"),
    COLUMNS_END,
};

static const char units_that_leak[] =
    "SELECT agency_id, SUBSTR($2, account + 1, 1) AS unit, SUM(balance) FROM ledger_accounts"
    " GROUP BY agency_id, unit HAVING SUM(balance) <> 0 ORDER BY agency_id, unit LIMIT $1";

static const struct check_column owner_columns[] = {
    AGENCY,
    LEDGER_ACCOUNT_OF,
    AMOUNT("balance"),
    COLUMNS_END,
};

static const char strange_owners[] =
    "SELECT a.agency_id, a.account, a.owner_id, a.balance FROM ledger_accounts a"
    " LEFT JOIN agencies g ON g.id = a.agency_id"
    " LEFT JOIN subaccounts s ON s.agency_id = a.agency_id AND s.id = a.owner_id"
    " WHERE g.id IS NULL OR a.account < 0 OR CASE SUBSTR($3, a.account + 1, 1)"
    " WHEN 's' THEN s.id IS NULL WHEN 'a' THEN a.owner_id <> a.agency_id WHEN 'p' THEN a.owner_id <> 0"
    " ELSE 1 = 1 END ORDER BY a.agency_id, a.account, a.owner_id LIMIT $1";

const struct invariant check_ledger[] = {
    {
        .name = "postings_balance",
        .sentence = "every posting sums to zero in each unit",
        .subjects = { &check_postings_counted, &check_entries_counted },
        .sql = unbalanced_postings,
        .columns = sum_columns,
    },
    {
        .name = "postings_whole",
        .sentence = "every posting has entries, and every entry its posting",
        .subjects = { &check_postings_counted, &check_entries_counted },
        .sql = half_postings,
        .columns = half_columns,
    },
    {
        .name = "postings_known",
        .sentence =
            "every posting is of a known kind, about an account of its agency, by one actor at most",
        .subjects = { &check_postings_counted },
        .sql = strange_postings,
        .columns = posting_columns,
    },
    {
        .name = "settlements_posted",
        .sentence =
            "every settlement moves cash to the agency's credit, and was recorded by a platform admin",
        .subjects = { &check_postings_counted, &check_staff_counted },
        .sql = wrong_settlements,
        .columns = settlement_columns,
    },
    {
        .name = "entries_in_sequence",
        .sentence =
            "the entries of each account are numbered 1, 2, 3 … and each carries the balance on",
        .subjects = { &check_entries_counted, &check_ledger_accounts_counted },
        .sql = entries_out_of_sequence,
        .columns = sequence_columns,
    },
    {
        .name = "balances_are_sums",
        .sentence = "every stored balance equals the sum of its entries",
        .subjects = { &check_ledger_accounts_counted, &check_entries_counted },
        .sql = wrong_balances,
        .columns = balance_columns,
    },
    {
        .name = "units_sum_to_zero",
        .sentence = "the accounts of each agency sum to zero in each unit",
        .subjects = { &check_ledger_accounts_counted },
        .sql = units_that_leak,
        .columns = unit_columns,
    },
    {
        .name = "owners_fit",
        .sentence =
            "every ledger account belongs to a sub-account, the agency or the platform, as its kind says",
        .subjects = { &check_ledger_accounts_counted },
        .sql = strange_owners,
        .columns = owner_columns,
    },
    INVARIANTS_END,
};

static const struct check_column wallet_entry_columns[] = {
    AGENCY,           LEDGER_ACCOUNT_OF, NUMBER("entry"),
    AMOUNT("amount"), AMOUNT("balance"), COLUMN_NAME("kind", posting_kind_names),
    POSTING,          COLUMNS_END,
};

#define SELECT_WALLET_ENTRIES                                                                                   \
    "SELECT e.agency_id, e.account, e.owner_id, e.seq, e.amount, e.balance, p.kind, p.id FROM ledger_entries e" \
    " JOIN ledger_postings p ON p.agency_id = e.agency_id AND p.id = e.posting_id"                              \
    " WHERE e.account IN " SQL_WALLETS
#define IN_ORDER " ORDER BY e.agency_id, e.account, e.owner_id, e.seq LIMIT $1"

static const char wrong_ways[] = SELECT_WALLET_ENTRIES
    " AND CASE SUBSTR($4, p.kind + 1, 1) WHEN 'u' THEN e.amount <= 0"
    " WHEN 'd' THEN e.amount >= 0 WHEN 'n' THEN 1 = 1 ELSE 1 = 0 END" IN_ORDER;

static const char overdrafts[] = SELECT_WALLET_ENTRIES
    " AND e.balance < 0 AND e.amount < 0 AND SUBSTR($5, p.kind + 1, 1) <> 'y'" IN_ORDER;

static const char held_below_zero[] =
    "SELECT agency_id, account, owner_id, balance FROM ledger_accounts"
    " WHERE balance < 0 AND account NOT IN " SQL_WALLETS " AND SUBSTR($3, account + 1, 1) = 's'"
    " ORDER BY agency_id, account, owner_id LIMIT $1";

const struct invariant check_wallets[] = {
    {
        .name = "wallet_ways",
        .sentence = "no posting moves a wallet against the way of its kind",
        .subjects = { &check_entries_counted },
        .sql = wrong_ways,
        .columns = wallet_entry_columns,
    },
    {
        .name = "overdrafts",
        .sentence = "no wallet went below zero except by a call record or a lost dispute",
        .subjects = { &check_entries_counted },
        .sql = overdrafts,
        .columns = wallet_entry_columns,
    },
    {
        .name = "held_not_negative",
        .sentence = "held minutes and knowledge credits are never below zero",
        .subjects = { &check_ledger_accounts_counted },
        .sql = held_below_zero,
        .columns = owner_columns,
    },
    INVARIANTS_END,
};
