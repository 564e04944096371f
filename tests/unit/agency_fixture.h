/* A migrated store with one agency in it: a primary and two clients, an owner and a client's admin. Ids are small
   numbers, so that a failing test reads easily. */
#ifndef TESTS_AGENCY_FIXTURE_H
#define TESTS_AGENCY_FIXTURE_H

#include "store_fixture.h"

#include "store/migrations.h"

enum {
    AGENCY = 1,
    OTHER_AGENCY = 2,
    PRIMARY = 11,
    HARBOR = 12,
    LAKESIDE = 13,
    OWNER = 21,
    CLIENT = 22
};

#define BASE_PREMIUM   INT64_C(160000)
#define HARBOR_PREMIUM INT64_C(200000)

static inline struct store *agency_store(void **state)
{
    struct store *store = store_of(state);

    assert_ok(store, store_migrate(store->db, &store->problem, NULL));
    script(
        store,
        "INSERT INTO agencies (id, name, timezone, plan_code, status, subscription_start,"
        " payout_threshold_micros, primary_id, version, created_at) VALUES"
        " (1, 'Northwind', 'Europe/Berlin', 'agency_unlimited', 'active', '2026-08-31', 100000000, 11, 1, 0),"
        " (2, 'Southwind', 'UTC', 'agency_unlimited', 'active', '2026-08-31', 100000000, 31, 1, 0);"
        "INSERT INTO subaccounts (agency_id, id, kind, status, name, name_key, email, email_key, billing_anchor,"
        " version, created_at) VALUES"
        " (1, 11, 'primary', 'active', 'Northwind', 'northwind', 'a@n.example', 'a@n.example', '2026-08-31', 1, 0),"
        " (1, 12, 'secondary', 'active', 'Harbor', 'harbor', 'h@n.example', 'h@n.example', '2026-08-31', 1, 0),"
        " (1, 13, 'secondary', 'active', 'Lakeside', 'lakeside', 'l@n.example', 'l@n.example', '2026-08-31', 1, 0),"
        " (2, 31, 'primary', 'active', 'Southwind', 'southwind', 's@s.example', 's@s.example', '2026-08-31', 1, 0);"
        "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros) VALUES"
        " (1, 1, 0, 0, 90000), (1, 1, 1, 0, 160000), (1, 12, 0, 0, 120000), (1, 12, 1, 0, 200000),"
        " (1, 13, 0, 0, NULL), (1, 13, 1, 0, NULL), (1, 11, 0, 0, NULL), (1, 11, 1, 0, NULL);"
        "INSERT INTO users (agency_id, id, email, name, password_hash, role, reaches_all, created_at) VALUES"
        " (1, 21, 'Ada@n.example', 'Ada Park', 'x', 'agency_owner', 1, 0),"
        " (1, 22, 'bo@h.example', 'Bo Lind', 'x', 'subaccount_admin', 0, 0);"
        "INSERT INTO user_grants (agency_id, user_id, subaccount_id) VALUES (1, 22, 13), (1, 22, 12);");
    return store;
}

static inline void begin_at(struct store *store, instant_t now)
{
    assert_ok(store, tx_begin(store->tx, store->arena, &store->problem, now));
}

#endif
