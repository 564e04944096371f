#include "store/removals.h"

/* Users of sub-account roles whose only grant is this one. An Agency Member still has the primary. */
#define USERS_LEFT_WITHOUT                                                                         \
    "SELECT g.user_id FROM user_grants g JOIN users u ON u.agency_id = g.agency_id"                \
    " AND u.id = g.user_id WHERE g.agency_id = $1 AND g.subaccount_id = $2" /* by subaccount */    \
    " AND u.reaches_all = 0 AND u.role IN ('subaccount_admin', 'subaccount_member')"               \
    " AND NOT EXISTS (SELECT 1 FROM user_grants o JOIN subaccounts s ON s.agency_id = o.agency_id" \
    " AND s.id = o.subaccount_id AND s.status <> 'removed'"                                        \
    " WHERE o.agency_id = g.agency_id AND o.user_id = g.user_id AND o.subaccount_id <> $2)"

#define PENDING_INVITATIONS                                                     \
    " FROM invitation_grants g JOIN invitations i ON i.agency_id = g.agency_id" \
    " AND i.id = g.invitation_id AND i.state = 'pending'"                       \
    " WHERE g.agency_id = $1 AND g.subaccount_id = $2"

#define AND_NOTHING_ELSE                                                                 \
    " AND i.role IN ('subaccount_admin', 'subaccount_member')"                           \
    " AND NOT EXISTS (SELECT 1 FROM invitation_grants o JOIN subaccounts s"              \
    " ON s.agency_id = o.agency_id AND s.id = o.subaccount_id AND s.status <> 'removed'" \
    " WHERE o.agency_id = g.agency_id AND o.invitation_id = g.invitation_id"             \
    " AND o.subaccount_id <> $2)"

bool subaccount_ties_count(struct tx *tx, id64_t agency, id64_t subaccount, struct ties *out)
{
    const struct {
        const char *sql;
        int64_t *count;
    } counts[] = {
        { "SELECT COUNT(*) FROM user_grants WHERE agency_id = $1 AND subaccount_id = $2",
          &out->people },
        { "SELECT COUNT(*) FROM (" USERS_LEFT_WITHOUT ") AS left_without", &out->deactivated },
        { "SELECT COUNT(*)" PENDING_INVITATIONS, &out->invitations },
        { "SELECT COUNT(*)" PENDING_INVITATIONS AND_NOTHING_ELSE, &out->revoked },
        { "SELECT COUNT(*) FROM api_keys WHERE agency_id = $1 AND subaccount_id = $2"
          " AND revoked_at IS NULL",
          &out->api_keys },
    };

    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        if (!db_find_int(tx, counts[i].sql, ARGS(db_int(agency), db_int(subaccount)), 0,
                         counts[i].count))
            return false;
    }
    return true;
}

/* In this order: whom a grant's going leaves without is told by the grants. */
bool subaccount_ties_cut(struct tx *tx, id64_t agency, id64_t subaccount)
{
    static const struct {
        const char *sql;
        bool has_time;
    } steps[] = {
        { "DELETE FROM sessions WHERE agency_id = $1 AND user_id IN (" USERS_LEFT_WITHOUT ")",
          false },
        { "DELETE FROM user_grants WHERE agency_id = $1 AND subaccount_id = $2", false },
        { "UPDATE invitations SET state = 'revoked', settled_at = $3 WHERE agency_id = $1"
          " AND id IN (SELECT g.invitation_id" PENDING_INVITATIONS AND_NOTHING_ELSE ")",
          true },
        { "UPDATE api_keys SET revoked_at = $3 WHERE agency_id = $1 AND subaccount_id = $2"
          " AND revoked_at IS NULL",
          true },
        { "UPDATE payment_methods SET removed_at = $3, is_default = 0 WHERE agency_id = $1"
          " AND subaccount_id = $2 AND removed_at IS NULL" /* payment_methods_by_subaccount */,
          true },
    };
    struct db_value values[] = { db_int(agency), db_int(subaccount), db_int(tx->now) };

    tx_mark(tx, agency, ID_NONE, CHANGED_ACCESS);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct db_args args = { values, steps[i].has_time ? 3 : 2 };
        if (!db_run(tx, steps[i].sql, args, NULL)) return false;
    }
    return true;
}
