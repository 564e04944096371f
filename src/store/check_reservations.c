/* Minutes held for calls (domain.md §9). */
#include "store/check_private.h"

#include "domain/reservations.h"

#define RESERVATION COLUMN_ID("reservation", ID_RESERVATION)

static_assert(RESERVATION_OPEN == 0 && RESERVATION_ENDED == 1 && RESERVATION_EXPIRED == 3,
              "states below");
static_assert(RESERVATION_SECONDS_MAX == 86400, "range below");

static const struct check_column held_columns[] = {
    AGENCY, SUBACCOUNT, TIER, NUMBER("held"), NUMBER("of open reservations"), COLUMNS_END,
};

static const char held_differs[] =
    "SELECT agency_id, owner, tier, SUM(held), SUM(reserved) FROM ("
    "SELECT agency_id, owner_id AS owner, " SQL_TIER_OF_ACCOUNT
    " AS tier, balance AS held, 0 AS reserved"
    " FROM ledger_accounts WHERE account IN " SQL_HELD
    " UNION ALL SELECT agency_id, subaccount_id, tier, 0, granted_seconds FROM reservations WHERE state = 0"
    ") AS both_sides GROUP BY agency_id, owner, tier HAVING SUM(held) <> SUM(reserved)"
    " ORDER BY agency_id, owner, tier LIMIT $1";

static const struct check_column reservation_columns[] = {
    AGENCY,
    RESERVATION,
    SUBACCOUNT,
    TIER,
    COLUMN_NAME("state", reservation_state_names),
    NUMBER("granted"),
    INSTANT("created"),
    INSTANT("expires"),
    INSTANT("ended"),
    COLUMN_ID("call", ID_CALL),
    COLUMNS_END,
};

static const char strange_reservations[] =
    "SELECT r.agency_id, r.id, r.subaccount_id, r.tier, r.state, r.granted_seconds, r.created_at, r.expires_at,"
    " r.ended_at, r.call_id FROM reservations r"
    " LEFT JOIN subaccounts s ON s.agency_id = r.agency_id AND s.id = r.subaccount_id"
    " LEFT JOIN calls c ON c.agency_id = r.agency_id AND c.id = r.call_id"
    " WHERE s.id IS NULL OR r.tier NOT IN (0, 1) OR r.direction NOT IN (0, 1) OR r.state NOT BETWEEN 0 AND 3"
    " OR r.granted_seconds NOT BETWEEN 1 AND 86400 OR r.expires_at <= r.created_at"
    " OR (r.state = 0) <> (r.ended_at IS NULL) OR (r.state = 0 AND r.call_id IS NOT NULL)"
    " OR (r.state = 0 AND s.status = 'removed') OR (r.state = 1 AND r.call_id IS NULL)"
    " OR (r.call_id IS NOT NULL AND (c.id IS NULL OR c.subaccount_id <> r.subaccount_id))"
    " ORDER BY r.agency_id, r.id LIMIT $1";

static const struct check_column entry_columns[] = {
    AGENCY,           LEDGER_ACCOUNT_OF, NUMBER("entry"),
    AMOUNT("amount"), AMOUNT("balance"), COLUMN_NAME("kind", posting_kind_names),
    POSTING,          COLUMNS_END,
};

static const char strange_holds[] =
    "SELECT e.agency_id, e.account, e.owner_id, e.seq, e.amount, e.balance, p.kind, p.id FROM ledger_entries e"
    " JOIN ledger_postings p ON p.agency_id = e.agency_id AND p.id = e.posting_id"
    " WHERE (e.account IN " SQL_HELD " AND CASE WHEN p.kind = " SQL_KIND_HOLD " THEN e.amount < 0"
    " WHEN p.kind IN (" SQL_KIND_RELEASE ", " SQL_KIND_ENDED_CALLS
    ") THEN e.amount > 0 ELSE 1 = 1 END)"
    " OR (p.kind IN (" SQL_KIND_HOLD ", " SQL_KIND_RELEASE ")"
    " AND (e.account NOT IN " SQL_MINUTES " OR e.owner_id <> p.subject_id))"
    " ORDER BY e.agency_id, e.account, e.owner_id, e.seq LIMIT $1";

const struct invariant check_reservations[] = {
    {
        .name = "held_is_reserved",
        .sentence = "what is held of each account is what its open reservations were granted",
        .subjects = { &check_reservations_counted, &check_ledger_accounts_counted },
        .sql = held_differs,
        .columns = held_columns,
    },
    {
        .name = "reservations_whole",
        .sentence =
            "every reservation is of an account, and is open or over: by a call of that account if it has ended",
        .subjects = { &check_reservations_counted },
        .sql = strange_reservations,
        .columns = reservation_columns,
    },
    {
        .name = "holds_stay",
        .sentence =
            "minutes become held by holds alone, and what is held or given back stays its account's",
        .subjects = { &check_entries_counted },
        .sql = strange_holds,
        .columns = entry_columns,
    },
    INVARIANTS_END,
};
