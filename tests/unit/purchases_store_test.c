/* Buying minutes by hand, from the row to the ledger, on both stores. */
#include "agency_fixture.h"

#include "engine/purchases.h"
#include "store/ledger.h"
#include "store/purchases.h"

#define NOW SOME_INSTANT
#define USD MICROS_PER_USD

static const struct actor ada = { .user = OWNER };

static struct purchase_order order_of(id64_t subaccount, seconds_t seconds, micros_t amount)
{
    return (struct purchase_order){ .agency = AGENCY,
                                    .subaccount = subaccount,
                                    .tier = TIER_PREMIUM,
                                    .seconds = seconds,
                                    .amount = amount,
                                    .created_by = OWNER };
}

static struct purchase buy(struct store *store, id64_t subaccount, seconds_t seconds,
                           micros_t amount)
{
    const struct purchase_order order = order_of(subaccount, seconds, amount);
    struct purchase purchase;

    assert_ok(store, purchase_create(store->tx, &order, &purchase));
    return purchase;
}

static int64_t balance(struct store *store, enum ledger_account account, id64_t owner)
{
    int64_t out;

    assert_ok(store, ledger_balance(store->tx, AGENCY, account, owner, &out));
    return out;
}

static void a_purchase_comes_back_as_it_was(void **state)
{
    struct store *store = agency_store(state);
    struct purchase found;

    begin(store);
    struct purchase made = buy(store, HARBOR, 120000, 0);
    assert_ok(store, purchase_find(store->tx, AGENCY, made.id, &found));
    assert_int_equal(found.agency_id, AGENCY);
    assert_int_equal(found.id, made.id);
    assert_int_equal(found.subaccount_id, HARBOR);
    assert_int_equal(found.tier, TIER_PREMIUM);
    assert_int_equal(found.provider, PROVIDER_MANUAL);
    assert_int_equal(found.state, PURCHASE_PENDING);
    assert_int_equal(found.seconds, 120000);
    assert_int_equal(found.paid, 400 * USD);
    assert_int_equal(found.unit_price, HARBOR_PREMIUM);
    assert_int_equal(found.base_price, BASE_PREMIUM);
    assert_true(found.profit == MICROS_NONE);
    assert_int_equal(found.posting_id, ID_NONE);
    assert_int_equal(found.created_by, OWNER);
    assert_true(found.created_at == NOW && found.succeeded_at == INSTANT_NONE);
    commit(store);
}

static void nothing_is_granted_before_it_is_paid(void **state)
{
    struct store *store = agency_store(state);

    begin(store);
    buy(store, HARBOR, 120000, 0);
    assert_int_equal(balance(store, LEDGER_WALLET_PREMIUM, HARBOR), 0);
    assert_int_equal(balance(store, LEDGER_CREDIT, AGENCY), 0);
    commit(store);
}

/* domain.md §4: base 0.16, client price 0.20, 2,000 minutes: paid 400.00, base 320.00, profit 80.00. */
static void paid_minutes_and_money_are_posted(void **state)
{
    struct store *store = agency_store(state);
    struct purchase paid, found;

    begin(store);
    struct purchase made = buy(store, HARBOR, 120000, 0);
    commit(store);
    begin_at(store, NOW + 5);
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, made.id, ada, &paid));
    assert_int_equal(paid.state, PURCHASE_SUCCEEDED);
    assert_int_equal(paid.profit, 80 * USD);
    assert_true(paid.succeeded_at == NOW + 5);
    assert_int_equal(balance(store, LEDGER_WALLET_PREMIUM, HARBOR), 120000);
    assert_int_equal(balance(store, LEDGER_ISSUED_PREMIUM, ID_NONE), -120000);
    assert_int_equal(balance(store, LEDGER_CREDIT, AGENCY), -320 * USD);
    assert_int_equal(balance(store, LEDGER_BASE_REVENUE, ID_NONE), 320 * USD);
    assert_int_equal(balance(store, LEDGER_COLLECTED, AGENCY), 80 * USD);
    assert_int_equal(balance(store, LEDGER_OUTSIDE, AGENCY), -80 * USD);
    assert_int_equal(balance(store, LEDGER_PROFIT, AGENCY), 0);
    assert_ok(store, purchase_find(store->tx, AGENCY, made.id, &found));
    assert_int_equal(found.state, PURCHASE_SUCCEEDED);
    assert_int_equal(found.profit, 80 * USD);
    assert_int_equal(found.posting_id, paid.posting_id);
    assert_true(found.succeeded_at == NOW + 5);
    commit(store);
}

static void a_purchase_is_paid_once(void **state)
{
    struct store *store = agency_store(state);
    struct purchase paid;

    begin(store);
    struct purchase made = buy(store, HARBOR, 60, 0);
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, made.id, ada, &paid));
    commit(store);
    begin(store);
    assert_refused(store, purchase_mark_paid(store->tx, AGENCY, made.id, ada, &paid),
                   REASON_PURCHASE_NOT_PENDING);
    tx_rollback(store->tx);
    begin(store);
    assert_int_equal(balance(store, LEDGER_WALLET_PREMIUM, HARBOR), 60);
    commit(store);
}

static void what_was_agreed_is_paid_and_base_is_todays(void **state)
{
    struct store *store = agency_store(state);
    struct purchase paid;

    begin(store);
    struct purchase made = buy(store, HARBOR, 6000, 0);
    commit(store);
    script(store,
           "INSERT INTO price_points (agency_id, owner_id, tier, effective_at, price_micros) VALUES"
           " (1, 1, 1, 1, 180000), (1, 12, 1, 1, 300000)");
    begin(store);
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, made.id, ada, &paid));
    assert_int_equal(paid.paid, 20 * USD);
    assert_int_equal(paid.unit_price, HARBOR_PREMIUM);
    assert_int_equal(paid.base_price, 180000);
    assert_int_equal(paid.profit, 2 * USD);
    assert_int_equal(balance(store, LEDGER_CREDIT, AGENCY), -18 * USD);
    commit(store);
}

static void at_base_price_the_fraction_of_a_cent_is_rounding(void **state)
{
    struct store *store = agency_store(state);
    struct purchase paid;

    begin(store);
    struct purchase made = buy(store, LAKESIDE, 61, 0);
    assert_int_equal(made.paid, 17 * USD / 100); /* 61 s at 0.16 are 0.162667 */
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, made.id, ada, &paid));
    assert_int_equal(paid.profit, 0);
    assert_int_equal(balance(store, LEDGER_ROUNDING, ID_NONE), 170000 - 162667);
    assert_int_equal(balance(store, LEDGER_COLLECTED, AGENCY), 0);
    commit(store);
}

static void an_amount_buys_whole_seconds(void **state)
{
    struct store *store = agency_store(state);

    begin(store);
    struct purchase made = buy(store, HARBOR, 0, 10 * USD);
    assert_int_equal(made.seconds, 3000);
    assert_int_equal(made.paid, 10 * USD);
    commit(store);
}

static void what_buys_nothing_is_refused_by_its_field(void **state)
{
    struct store *store = agency_store(state);
    const struct purchase_order order = order_of(HARBOR, 0, 1);
    struct purchase purchase;

    begin(store);
    assert_false(purchase_create(store->tx, &order, &purchase));
    assert_int_equal(store->problem.n_fields, 1);
    assert_true(str_equal_c(store->problem.fields[0].field, "amount_usd"));
    assert_refused(store, false, REASON_BAD_MONEY);
    tx_rollback(store->tx);
}

static void a_removed_account_buys_nothing(void **state)
{
    struct store *store = agency_store(state);
    const struct purchase_order order = order_of(HARBOR, 60, 0);
    struct purchase made, paid;

    begin(store);
    made = buy(store, HARBOR, 60, 0);
    commit(store);
    script(store, "UPDATE subaccounts SET status = 'removed' WHERE agency_id = 1 AND id = 12");
    begin(store);
    assert_refused(store, purchase_create(store->tx, &order, &paid), REASON_SUBACCOUNT_REMOVED);
    tx_rollback(store->tx);
    begin(store);
    assert_refused(store, purchase_mark_paid(store->tx, AGENCY, made.id, ada, &paid),
                   REASON_SUBACCOUNT_REMOVED);
    tx_rollback(store->tx);
}

static void another_agencys_purchase_is_not_there(void **state)
{
    struct store *store = agency_store(state);
    struct purchase purchase;

    begin(store);
    struct purchase made = buy(store, HARBOR, 60, 0);
    commit(store);
    begin(store);
    assert_refused(store, purchase_find(store->tx, OTHER_AGENCY, made.id, &purchase),
                   REASON_NOT_FOUND);
    tx_rollback(store->tx);
    begin(store);
    assert_refused(store, purchase_mark_paid(store->tx, OTHER_AGENCY, made.id, ada, &purchase),
                   REASON_NOT_FOUND);
    tx_rollback(store->tx);
}

/* domain.md §5: credit + max(0, profit) ≥ −limit. 100 minutes at base 0.16 need 16.00 of it. */
static void credit_covers_base_up_to_its_limit(void **state)
{
    struct store *store = agency_store(state);
    struct purchase paid;

    script(store, "UPDATE agencies SET credit_limit_micros = 20000000 WHERE id = 1");
    begin(store);
    struct purchase first = buy(store, HARBOR, 6000, 0), second = buy(store, HARBOR, 6000, 0);
    struct purchase third = buy(store, HARBOR, 1500, 0); /* 4.00: exactly what is left */
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, first.id, ada, &paid));
    commit(store);
    begin(store);
    assert_false(purchase_mark_paid(store->tx, AGENCY, second.id, ada, &paid));
    assert_true(str_equal_c(
        problem_detail(&store->problem),
        "This needs 16.00 USD of the agency's credit with the platform, and 4.00 are left."));
    assert_refused(store, false, REASON_INSUFFICIENT_CREDIT);
    tx_rollback(store->tx);
    begin(store);
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, third.id, ada, &paid));
    assert_int_equal(balance(store, LEDGER_CREDIT, AGENCY), -20 * USD);
    assert_int_equal(balance(store, LEDGER_WALLET_PREMIUM, HARBOR), 7500);
    commit(store);
}

/* --- lists --- */

static size_t count_of(struct store *store, struct purchase_filter filter, id64_t *first)
{
    struct list list;

    assert_ok(store, purchase_list(store->tx, AGENCY, &filter, &list));
    *first = list.count > 0 ? ((const struct purchase *)list.at)[0].id : ID_NONE;
    return list.count;
}

static void lists_are_newest_first_and_narrowed(void **state)
{
    struct store *store = agency_store(state);
    struct purchase_filter all = {
        .subaccount = HARBOR, .state = -1, .from = INSTANT_NONE, .to = INSTANT_NONE, .limit = 10
    };
    struct purchase_filter filter = all;
    struct purchase paid;
    id64_t first;

    begin_at(store, NOW);
    struct purchase a = buy(store, HARBOR, 60, 0);
    commit(store);
    begin_at(store, NOW + MICROS_PER_HOUR);
    struct purchase b = buy(store, HARBOR, 60, 0);
    buy(store, LAKESIDE, 60, 0);
    assert_ok(store, purchase_mark_paid(store->tx, AGENCY, a.id, ada, &paid));
    assert_int_equal(count_of(store, all, &first), 2);
    assert_int_equal(first, b.id);
    filter.state = PURCHASE_SUCCEEDED;
    assert_int_equal(count_of(store, filter, &first), 1);
    assert_int_equal(first, a.id);
    filter = all;
    filter.from = NOW + MICROS_PER_HOUR;
    assert_int_equal(count_of(store, filter, &first), 1);
    assert_int_equal(first, b.id);
    filter = all;
    filter.to = NOW + MICROS_PER_HOUR;
    assert_int_equal(count_of(store, filter, &first), 1);
    assert_int_equal(first, a.id);
    filter = all;
    filter.before = b.id;
    assert_int_equal(count_of(store, filter, &first), 1);
    assert_int_equal(first, a.id);
    commit(store);
}

static void what_was_paid_is_found_for_many_at_once(void **state)
{
    struct store *store = agency_store(state);
    micros_t paid[3];

    begin(store);
    const id64_t ids[] = { buy(store, HARBOR, 60, 0).id, ID_NONE, buy(store, HARBOR, 120, 0).id };
    assert_ok(store, purchases_paid(store->tx, AGENCY, ids, COUNT_OF(ids), paid));
    assert_int_equal(paid[0], USD / 5);
    assert_true(paid[1] == MICROS_NONE);
    assert_int_equal(paid[2], 2 * USD / 5);
    commit(store);
}

static const struct CMUnitTest tests[] = {
    STORE_TEST(a_purchase_comes_back_as_it_was),
    STORE_TEST(nothing_is_granted_before_it_is_paid),
    STORE_TEST(paid_minutes_and_money_are_posted),
    STORE_TEST(a_purchase_is_paid_once),
    STORE_TEST(what_was_agreed_is_paid_and_base_is_todays),
    STORE_TEST(at_base_price_the_fraction_of_a_cent_is_rounding),
    STORE_TEST(an_amount_buys_whole_seconds),
    STORE_TEST(what_buys_nothing_is_refused_by_its_field),
    STORE_TEST(a_removed_account_buys_nothing),
    STORE_TEST(another_agencys_purchase_is_not_there),
    STORE_TEST(credit_covers_base_up_to_its_limit),
    STORE_TEST(lists_are_newest_first_and_narrowed),
    STORE_TEST(what_was_paid_is_found_for_many_at_once),
};

int main(void)
{
    return cmocka_run_group_tests_name("purchases_store", tests, databases_make, databases_drop);
}
