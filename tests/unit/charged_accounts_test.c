/* What charging knows about accounts: as of each transaction, whatever was changed, rolled back or renamed before. */
#include "charging_fixture.h"
#include "property.h"

#include "engine/price_orders.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

static struct store *charging_store(void **state)
{
    struct store *store = agency_store(state);

    script(store,
           "INSERT INTO increment_points (agency_id, effective_at, first_seconds, step_seconds)"
           " VALUES (1, 0, 1, 1), (2, 0, 1, 1);"
           "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros) VALUES"
           " (2, 2, 0, 0, 90000), (2, 2, 1, 0, 160000), (2, 31, 0, 0, NULL), (2, 31, 1, 0, NULL);"
           "UPDATE subaccounts SET reference = 'acme-042' WHERE agency_id = 1 AND id = 12;");
    know_accounts(store);
    return store;
}

static struct charged_agency *load(struct store *store, id64_t agency)
{
    struct charged_agency *loaded = accounts_load(store->tx->cache, store->tx, agency);

    assert_ok(store, loaded != NULL);
    return loaded;
}

static micros_t premium_price(struct store *store, id64_t account, instant_t at)
{
    struct charged_account *found = accounts_by_id(load(store, AGENCY), account);

    assert_non_null(found);
    return price_in_force(found->client[TIER_PREMIUM], at);
}

static void set_price(struct store *store, id64_t account, instant_t from, micros_t price)
{
    int64_t version;

    assert_ok(store,
              agency_next_version(store->tx, AGENCY, &version)
                  && price_point_insert(store->tx, AGENCY, account, TIER_PREMIUM, from, price)
                  && subaccount_stamp(store->tx, AGENCY, account, version));
}

static void an_account_is_found_by_id_and_by_reference_in_its_agency_alone(void **state)
{
    struct store *store = charging_store(state);

    begin(store);
    struct charged_agency *agency = load(store, AGENCY);
    struct str id = id_format(store->arena, ID_SUBACCOUNT, HARBOR);
    assert_int_equal(agency->primary_id, PRIMARY);
    assert_int_equal(accounts_find(agency, id)->id, HARBOR);
    assert_int_equal(accounts_find(agency, STR("acme-042"))->id, HARBOR);
    assert_null(accounts_find(agency, STR("ACME-042")));
    assert_null(accounts_find(agency, STR("acme-04")));
    assert_null(accounts_find(agency, STR("")));
    assert_null(accounts_by_id(agency, 31));
    struct charged_agency *other = load(store, OTHER_AGENCY);
    assert_null(accounts_find(other, id));
    assert_null(accounts_find(other, STR("acme-042")));
    assert_int_equal(accounts_by_id(other, 31)->id, 31);
    commit_all(store);
    forget_accounts(store);
}

static void a_price_is_the_one_of_its_time_also_when_it_changed_since(void **state)
{
    struct store *store = charging_store(state);

    begin(store);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), HARBOR_PREMIUM);
    commit_all(store);
    begin(store);
    set_price(store, HARBOR, SOME_INSTANT, 300000);
    commit_all(store);
    begin(store);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT - 1), HARBOR_PREMIUM);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), 300000);
    commit_all(store);
    forget_accounts(store);
}

static void what_was_rolled_back_was_never_known(void **state)
{
    struct store *store = charging_store(state);

    begin(store);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), HARBOR_PREMIUM);
    commit_all(store);
    begin(store);
    set_price(store, HARBOR, 1, 300000);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), 300000);
    roll_back(store);
    begin(store);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), HARBOR_PREMIUM);
    commit_all(store);
    /* The version that was rolled back is given out again, for something else. */
    begin(store);
    set_price(store, HARBOR, 1, 250000);
    commit_all(store);
    begin(store);
    assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), 250000);
    commit_all(store);
    forget_accounts(store);
}

static void another_programs_change_is_known_with_the_next_transaction(void **state)
{
    struct store *store = charging_store(state);

    begin(store);
    load(store, AGENCY);
    commit_all(store);
    script(store,
           "UPDATE agencies SET version = version + 1 WHERE id = 1;"
           "UPDATE subaccounts SET status = 'suspended', reference = 'new', version = 2"
           " WHERE agency_id = 1 AND id = 12;");
    begin(store);
    struct charged_agency *agency = load(store, AGENCY);
    assert_null(accounts_find(agency, STR("acme-042")));
    assert_int_equal(accounts_find(agency, STR("new"))->status, SUBACCOUNT_SUSPENDED);
    assert_int_equal(accounts_by_id(agency, LAKESIDE)->status, SUBACCOUNT_ACTIVE);
    commit_all(store);
    forget_accounts(store);
}

/* What the platform orders is told to agencies by another node. */
static void ordered_base_prices_are_known_with_the_next_transaction_and_count_from_their_instant(
    void **state)
{
    struct store *store = charging_store(state);
    struct tx *other = db_connect(store->db, DB_WRITER, &store->problem);
    struct price_change change = { .plan_code = STR("agency_unlimited"),
                                   .effective_at = SOME_INSTANT + MICROS_PER_DAY,
                                   .prices = { 100000, 250000 },
                                   .created_by = 7 };
    int64_t cursor = 0;
    bool more;

    begin(store);
    load(store, AGENCY);
    commit_all(store);
    assert_ok(store, tx_begin(other, store->arena, &store->problem, SOME_INSTANT));
    assert_ok(store,
              price_order(other, &change)
                  && price_order_spread(other, change.plan_code, &cursor, &more)
                  && tx_commit(other));
    db_disconnect(other);
    begin(store);
    const struct price_history base = load(store, AGENCY)->base[TIER_PREMIUM];
    assert_int_equal(price_in_force(base, change.effective_at - 1), BASE_PREMIUM);
    assert_int_equal(price_in_force(base, change.effective_at), 250000);
    commit_all(store);
    forget_accounts(store);
}

/* More changes than are loaded one by one before everything is read again. */
static void many_changes_leave_no_old_price_behind(void **state)
{
    enum { CHANGES = 300 };
    struct store *store = charging_store(state);

    for (int i = 1; i <= CHANGES; i++) {
        begin(store);
        set_price(store, HARBOR, i, 200000 + i);
        commit_all(store);
        begin(store);
        assert_int_equal(premium_price(store, HARBOR, SOME_INSTANT), 200000 + i);
        assert_int_equal(premium_price(store, HARBOR, 0), HARBOR_PREMIUM);
        commit_all(store);
    }
    forget_accounts(store);
}

static int64_t source(struct store *store, const char *name)
{
    int64_t id = -1;

    assert_int_equal(accounts_source(load(store, AGENCY), store->tx, str_from_c(name), &id),
                     REASON_NONE);
    return id;
}

static void a_source_of_calls_keeps_its_number(void **state)
{
    struct store *store = charging_store(state);

    begin(store);
    int64_t asterisk = source(store, "asterisk");
    assert_int_not_equal(source(store, "engine"), asterisk);
    assert_int_equal(source(store, "asterisk"), asterisk);
    commit_all(store);
    begin(store);
    int64_t lost = source(store, "lost");
    roll_back(store);
    begin(store);
    /* The number that was rolled back belongs to whoever comes next. */
    assert_int_equal(source(store, "next"), lost);
    assert_int_not_equal(source(store, "lost"), lost);
    assert_int_equal(source(store, "asterisk"), asterisk);
    commit_all(store);
    forget_accounts(store);
}

static void an_agency_has_only_so_many_sources(void **state)
{
    enum { MOST = 1024 };
    struct store *store = charging_store(state);
    int64_t id;

    begin(store);
    for (int i = 0; i < MOST; i++)
        source(store, str_to_c(store->arena, str_format(store->arena, "source-%d", i)));
    assert_int_equal(accounts_source(load(store, AGENCY), store->tx, STR("one more"), &id),
                     REASON_TOO_MANY_SOURCES);
    commit_all(store);
    /* Also when the one who asks has seen none of them. */
    forget_accounts(store);
    know_accounts(store);
    begin(store);
    assert_true(source(store, "source-7") > 0);
    assert_int_equal(accounts_source(load(store, AGENCY), store->tx, STR("one more"), &id),
                     REASON_TOO_MANY_SOURCES);
    commit_all(store);
    forget_accounts(store);
}

static void periods_are_those_of_the_accounts_anchor(void **state)
{
    struct store *store = charging_store(state);
    struct rng rng = property_rng("periods of accounts");

    begin(store);
    struct charged_agency *agency = load(store, AGENCY);
    struct charged_account *account = accounts_by_id(agency, HARBOR);
    for (int i = 0; i < 5000; i++) {
        instant_t at = SOME_INSTANT + rng_between(&rng, -40 * MICROS_PER_DAY, 40 * MICROS_PER_DAY);
        struct period own = accounts_period(agency, account, at);
        struct period exact = cycle_at(account->billing_anchor, agency->zone, at);
        assert_int_equal(own.start, exact.start);
        assert_int_equal(own.end, exact.end);
    }
    commit_all(store);
    forget_accounts(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(an_account_is_found_by_id_and_by_reference_in_its_agency_alone),
        STORE_TEST(a_price_is_the_one_of_its_time_also_when_it_changed_since),
        STORE_TEST(what_was_rolled_back_was_never_known),
        STORE_TEST(another_programs_change_is_known_with_the_next_transaction),
        STORE_TEST(
            ordered_base_prices_are_known_with_the_next_transaction_and_count_from_their_instant),
        STORE_TEST(many_changes_leave_no_old_price_behind),
        STORE_TEST(a_source_of_calls_keeps_its_number),
        STORE_TEST(an_agency_has_only_so_many_sources),
        STORE_TEST(periods_are_those_of_the_accounts_anchor),
    };

    return cmocka_run_group_tests(tests, databases_make, databases_drop);
}
