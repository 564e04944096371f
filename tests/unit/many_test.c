/* Rows of many accounts: a walk over all of an agency's finds what looking for each finds. */
#include "agency_fixture.h"

#include "property.h"

#include "domain/ledger.h"
#include "store/ledger.h"
#include "store/many.h"
#include "store/subaccount_rows.h"

enum { OWNERS = MANY_WALK_FROM + 500, FIRST_OWNER = 1000 };

/* Accounts of which some have no rows, and in which every third was not asked for; another agency's are in between. */
static void fill(struct store *store, struct rng *rng)
{
    static const char insert_account[] =
        "INSERT INTO ledger_accounts (agency_id, account, owner_id, balance, entries, posted_at)"
        " VALUES ($1, $2, $3, $4, 1, 0)";

    begin(store);
    for (int64_t owner = FIRST_OWNER; owner < FIRST_OWNER + OWNERS; owner++) {
        for (int64_t account = 0; account <= LEDGER_KNOWLEDGE; account++) {
            int64_t agency = rng_between(rng, 1, 2);
            if (rng_between(rng, 0, 3) == 0) continue;
            db_run(store->tx, insert_account,
                   ARGS(db_int(agency), db_int(account), db_int(owner),
                        db_int(rng_between(rng, -1000000, 1000000))),
                   NULL);
        }
    }
    commit(store);
}

/* Months that begin on a few days; some accounts have used nothing in theirs, some much in another's. */
static struct period period_of(id64_t owner, int month)
{
    const int64_t day = MICROS_PER_DAY;
    instant_t start = SOME_INSTANT + (owner % 7 - 30 * month) * day;

    return (struct period){ start, start + 30 * day };
}

static void fill_periods(struct store *store, struct rng *rng)
{
    static const char insert_period[] =
        "INSERT INTO usage_periods (agency_id, subaccount_id, start_at, end_at, calls, billed_seconds,"
        " spent_micros, cost_micros) VALUES ($1, $2, $3, $4, 1, $5, $6, 0)";

    begin(store);
    for (int64_t owner = FIRST_OWNER; owner < FIRST_OWNER + OWNERS; owner++) {
        for (int month = 0; month < 3; month++) {
            struct period period = period_of(month == 1 ? owner + 1 : owner, month);
            if (rng_between(rng, 0, 3) == 0) continue;
            db_run(store->tx, insert_period,
                   ARGS(db_int(rng_between(rng, 1, 2)), db_int(owner), db_int(period.start),
                        db_int(period.end), db_int(rng_between(rng, 0, 1000)),
                        db_int(rng_between(rng, 0, 1000))),
                   NULL);
        }
    }
    commit(store);
}

static size_t two_of_three(id64_t *ids)
{
    size_t n = 0;

    for (id64_t owner = FIRST_OWNER; owner < FIRST_OWNER + OWNERS + 600; owner++) {
        if (owner % 3 != 0) ids[n++] = owner;
    }
    assert_true(n >= MANY_WALK_FROM);
    return n;
}

static void a_walk_finds_what_looking_for_each_finds(void **state)
{
    struct store *store = agency_store(state);
    struct rng rng = property_rng("many");
    id64_t *ids = ARENA_ARRAY(store->arena, id64_t, OWNERS + 600);
    size_t n = two_of_three(ids);
    struct wallet *wallets = ARENA_ARRAY(store->arena, struct wallet, n), wallet;
    int64_t *balances = ARENA_ARRAY(store->arena, int64_t, n), balance;

    fill(store, &rng);
    begin(store);
    assert_ok(store, ledger_wallets(store->tx, AGENCY, ids, n, wallets));
    assert_ok(store, subaccounts_balances(store->tx, AGENCY, LEDGER_KNOWLEDGE, ids, n, balances));
    for (size_t i = 0; i < n; i++) {
        assert_ok(store, ledger_wallets(store->tx, AGENCY, &ids[i], 1, &wallet));
        assert_ok(store,
                  subaccounts_balances(store->tx, AGENCY, LEDGER_KNOWLEDGE, &ids[i], 1, &balance));
        assert_memory_equal(&wallets[i], &wallet, sizeof(wallet));
        assert_int_equal(balances[i], balance);
    }
    commit(store);
}

static void a_walk_over_periods_finds_what_each_used_in_its_own(void **state)
{
    struct store *store = agency_store(state);
    struct rng rng = property_rng("many periods");
    id64_t *ids = ARENA_ARRAY(store->arena, id64_t, OWNERS + 600);
    size_t n = two_of_three(ids);
    struct period *periods = ARENA_ARRAY(store->arena, struct period, n);
    struct period_usage *used = ARENA_ARRAY(store->arena, struct period_usage, n), own = { 0 };
    seconds_t all = 0;

    fill_periods(store, &rng);
    for (size_t i = 0; i < n; i++)
        periods[i] = period_of(ids[i], (int)rng_between(&rng, 0, 2));
    begin(store);
    assert_ok(store, subaccounts_period_usage(store->tx, AGENCY, ids, periods, n, used));
    for (size_t i = 0; i < n; i++) {
        assert_ok(store,
                  subaccounts_period_usage(store->tx, AGENCY, &ids[i], &periods[i], 1, &own));
        assert_memory_equal(&used[i], &own, sizeof(own));
        all += own.billed_seconds;
    }
    commit(store);
    assert_true(all > 0);
}

static void ids_in_any_order_are_found_too(void **state)
{
    struct store *store = agency_store(state);
    struct rng rng = property_rng("many");
    id64_t *ids = ARENA_ARRAY(store->arena, id64_t, OWNERS + 600);
    id64_t *reversed = ARENA_ARRAY(store->arena, id64_t, OWNERS + 600);
    size_t n = two_of_three(ids);
    int64_t *forth = ARENA_ARRAY(store->arena, int64_t, n);
    int64_t *back = ARENA_ARRAY(store->arena, int64_t, n);

    for (size_t i = 0; i < n; i++)
        reversed[i] = ids[n - 1 - i];
    fill(store, &rng);
    begin(store);
    assert_ok(store, subaccounts_balances(store->tx, AGENCY, LEDGER_WALLET_BASIC, ids, n, forth));
    assert_ok(store,
              subaccounts_balances(store->tx, AGENCY, LEDGER_WALLET_BASIC, reversed, n, back));
    commit(store);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(forth[i], back[n - 1 - i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_walk_finds_what_looking_for_each_finds),
        STORE_TEST(a_walk_over_periods_finds_what_each_used_in_its_own),
        STORE_TEST(ids_in_any_order_are_found_too),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
