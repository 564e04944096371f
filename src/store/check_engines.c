/* Voice engines that report by webhook, and what became of everything that they delivered. */
#include "store/check_private.h"

#include "domain/adapters.h"
#include "store/deliveries.h"

#define CONNECTION COLUMN_ID("connection", ID_ENGINE_CONNECTION)

static_assert(ADAPTER_COUNT == 7, "engines below");
static_assert(DELIVERY_UNMATCHED == 0 && DELIVERY_CHARGED == 1 && DELIVERY_DUPLICATE == 2
                  && DELIVERY_DISMISSED == 3,
              "states below");

static const struct check_column connection_columns[] = {
    AGENCY, CONNECTION, TEXT("engine"), TEXT("what is wrong"), COLUMNS_END,
};

#define NO_SUBACCOUNT(id) \
    "NOT EXISTS (SELECT 1 FROM subaccounts s WHERE s.agency_id = c.agency_id AND s.id = " id ")"

static const char wrong_connections[] =
    "SELECT agency_id, id, engine, fault FROM ("
    "SELECT c.agency_id, c.id, c.engine, CASE"
    " WHEN c.engine NOT IN ('cloudevents', 'vapi', 'retell', 'twilio', 'elevenlabs', 'asterisk', 'generic')"
    " THEN 'there is no such engine'"
    " WHEN c.tier NOT IN (0, 1) THEN 'there is no such tier'"
    " WHEN c.engine = 'generic' AND c.mapping IS NULL THEN 'it has no mapping'"
    " WHEN c.removed_at IS NULL AND c.secret_sealed IS NULL"
    " AND c.engine IN ('vapi', 'retell', 'twilio', 'elevenlabs') THEN 'it has no secret'"
    " WHEN c.removed_at IS NOT NULL AND c.secret_sealed IS NOT NULL THEN 'it is removed and keeps its secret'"
    " WHEN c.fallback_id IS NOT NULL AND " NO_SUBACCOUNT(
        "c.fallback_id") " THEN 'the sub-account that it falls back to is not there'"
                         " WHEN EXISTS (SELECT 1 FROM engine_rules r WHERE r.agency_id = c.agency_id AND r.connection_id = c.id"
                         " AND " NO_SUBACCOUNT(
                             "r.subaccount_id") ") THEN 'a rule of it names a sub-account that is not there'"
                                                " END AS fault FROM engine_connections c"
                                                " UNION ALL SELECT r.agency_id, r.connection_id, '', 'it is not there, but a rule of it is' FROM engine_rules r"
                                                " WHERE NOT EXISTS (SELECT 1 FROM engine_connections c WHERE c.agency_id = r.agency_id AND c.id = r.connection_id)"
                                                ") AS judged WHERE fault IS NOT NULL ORDER BY agency_id, id LIMIT $1";

static const struct check_column delivery_columns[] = {
    AGENCY,
    COLUMN_ID("delivery", ID_UNMATCHED_CALL),
    CONNECTION,
    COLUMN_NAME("state", delivery_state_names),
    COLUMN_ID("call", ID_CALL),
    TEXT("what is wrong"),
    COLUMNS_END,
};

/* What was answered with "taken" is one of four things, and has all that this needs: nothing is lost on the way. */
static const char wrong_deliveries[] =
    "SELECT agency_id, id, connection_id, state, call_id, fault FROM ("
    "SELECT d.*, CASE"
    " WHEN d.state NOT BETWEEN 0 AND 3 THEN 'there is no such state'"
    " WHEN c.id IS NULL THEN 'its connection is not there'"
    " WHEN d.state = 0 AND (d.payload IS NULL OR d.reason IS NULL OR d.settled_at IS NOT NULL"
    " OR d.call_id IS NOT NULL) THEN 'it waits without what it needs'"
    " WHEN d.state IN (1, 2) AND (k.id IS NULL OR d.settled_at IS NULL) THEN 'its call is not there'"
    " WHEN d.state IN (1, 2) AND d.payload IS NOT NULL THEN 'it has become a call and keeps its payload'"
    " WHEN d.state = 3 AND (d.note IS NULL OR d.settled_by IS NULL OR d.settled_at IS NULL)"
    " THEN 'it was dismissed without a reason, or by nobody'"
    " WHEN d.repeats < 0 THEN 'it came again less than never'"
    " WHEN d.state = 1 AND (SELECT COUNT(*) FROM engine_deliveries o WHERE o.agency_id = d.agency_id"
    " AND o.connection_id = d.connection_id AND o.state = 1 AND o.call_id = d.call_id) > 1"
    " THEN 'another one charged the same call'"
    " END AS fault FROM engine_deliveries d"
    " LEFT JOIN engine_connections c ON c.agency_id = d.agency_id AND c.id = d.connection_id"
    " LEFT JOIN calls k ON k.agency_id = d.agency_id AND k.id = d.call_id) AS judged"
    " WHERE fault IS NOT NULL ORDER BY agency_id, id LIMIT $1";

const struct invariant check_engines[] = {
    {
        .name = "engines_whole",
        .sentence = "every engine's connection has the secret and the mapping that it needs,"
                    " and it and its rules name accounts that are there",
        .subjects = { &check_connections_counted },
        .sql = wrong_connections,
        .columns = connection_columns,
    },
    {
        .name = "deliveries_settled",
        .sentence =
            "everything that an engine delivered is a call, a duplicate, waits with what it said,"
            " or was dismissed for a reason",
        .subjects = { &check_deliveries_counted, &check_calls_counted },
        .sql = wrong_deliveries,
        .columns = delivery_columns,
    },
    INVARIANTS_END,
};
