/* A store of agency_fixture.h whose transactions know accounts as the writer's do (engine/accounts.h). */
#ifndef TESTS_CHARGING_FIXTURE_H
#define TESTS_CHARGING_FIXTURE_H

#include "agency_fixture.h"

#include "engine/accounts.h"

static inline void know_accounts(struct store *store)
{
    store->tx->cache = accounts_cache_new();
}

static inline void forget_accounts(struct store *store)
{
    accounts_cache_free(store->tx->cache);
    store->tx->cache = NULL;
}

static inline void commit_all(struct store *store)
{
    commit(store);
    accounts_cache_committed(store->tx->cache);
}

static inline void roll_back(struct store *store)
{
    tx_rollback(store->tx);
    accounts_cache_rolled_back(store->tx->cache);
}

#endif
