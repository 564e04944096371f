/* What `check` counts, and what the store itself can say about its file. */
#include "store/check_private.h"

/* clang-format off */
#define SUBJECT(name, one_text, many_text, table) \
    const struct check_subject check_##name##_counted = { one_text, many_text, "SELECT COUNT(*) FROM " table }

SUBJECT(agencies, "agency", "agencies", "agencies");
SUBJECT(subaccounts, "sub-account", "sub-accounts", "subaccounts");
SUBJECT(users, "user", "users", "users");
SUBJECT(staff, "platform admin", "platform admins", "platform_users");
SUBJECT(postings, "posting", "postings", "ledger_postings");
SUBJECT(entries, "entry", "entries", "ledger_entries");
SUBJECT(ledger_accounts, "account", "accounts", "ledger_accounts");
SUBJECT(purchases, "purchase", "purchases", "purchases");
SUBJECT(cards, "card", "cards", "payment_methods");
SUBJECT(refunds, "refund", "refunds", "refunds");
SUBJECT(adjustments, "adjustment", "adjustments", "adjustments");
SUBJECT(recharges, "auto-recharge", "auto-recharges", "auto_recharges");
SUBJECT(runs, "month of an allocation", "months of allocations", "allocation_runs");
SUBJECT(moves, "move", "moves", "minute_moves");
SUBJECT(transfers, "transfer", "transfers", "knowledge_transfers");
SUBJECT(reservations, "reservation", "reservations", "reservations");
SUBJECT(profits, "change of profit", "changes of profit", "profit_changes");
SUBJECT(renewals, "renewal", "renewals", "renewals");
SUBJECT(shares, "share", "shares", "renewal_shares");
SUBJECT(payouts, "payout", "payouts", "payouts");
SUBJECT(jobs, "job", "jobs", "jobs");
SUBJECT(calls, "call", "calls", "calls");
SUBJECT(hours, "hour", "hours", "usage_hours");
SUBJECT(periods, "period", "periods", "usage_periods");
SUBJECT(prices, "price", "prices", "price_points");
SUBJECT(orders, "order of base prices", "orders of base prices", "base_price_changes");
SUBJECT(sessions, "session", "sessions", "sessions");
SUBJECT(keys, "API key", "API keys", "api_keys");
SUBJECT(replies, "stored reply", "stored replies", "idempotency_keys");
SUBJECT(events, "audit event", "audit events", "audit_events");
SUBJECT(invitations, "invitation", "invitations", "invitations");
SUBJECT(mails, "mail", "mails", "outbox");
SUBJECT(connections, "connection", "connections", "engine_connections");
SUBJECT(deliveries, "delivery", "deliveries", "engine_deliveries");

static const struct check_subject tables_counted = {
    "table", "tables",
    "SELECT COUNT(*) FROM /*sqlite sqlite_master WHERE type = 'table'*/"
    "/*postgres pg_catalog.pg_tables WHERE schemaname = current_schema()*/",
};
/* clang-format on */

static const struct check_column file_columns[] = { TEXT("SQLite says"), COLUMNS_END };

static const char file_faults[] =
    "SELECT integrity_check FROM /*sqlite pragma_integrity_check*/ WHERE integrity_check <> 'ok' LIMIT $1";

/* On a connection that only reads SQLite leaves CHECK constraints out.
   PostgreSQL offers nothing of the kind to whoever is not its administrator (pg_amcheck). */
const struct invariant check_file[] = {
    {
        .name = "file_sound",
        .sentence = "the file's pages and indexes are sound",
        .subjects = { &tables_counted },
        .sql = file_faults,
        .columns = file_columns,
        .only_sqlite = true,
    },
    INVARIANTS_END,
};

/* Sorting goes to disk beyond these: what a check needs does not grow with the store. */
bool check_prepare(struct tx *tx)
{
    static const char settings[] =
        "/*sqlite PRAGMA temp_store = FILE; PRAGMA cache_size = -65536; PRAGMA threads = 1;*/"
        "/*postgres SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;*/";

    return db_script(tx, settings);
}
