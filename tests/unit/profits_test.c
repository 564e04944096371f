/* Profit: what is payable, what is not, and sums that are exact at every instant, on both stores. */
#include "agency_fixture.h"

#include "engine/profits.h"
#include "store/ledger.h"

#define NOW SOME_INSTANT
#define USD MICROS_PER_USD

static void what_the_agency_owes_is_kept_back(void **state)
{
    assert_int_equal(profit_to_pay_out(120 * USD, 0), 120 * USD);
    assert_int_equal(profit_to_pay_out(120 * USD, 50 * USD), 120 * USD);
    assert_int_equal(profit_to_pay_out(120 * USD, -50 * USD), 70 * USD);
    assert_int_equal(profit_to_pay_out(120 * USD, -120 * USD), 0);
    assert_int_equal(profit_to_pay_out(120 * USD, -500 * USD), 0);
    assert_int_equal(profit_to_pay_out(-5 * USD, 500 * USD), 0);
    assert_int_equal(profit_to_pay_out(INT64_MIN, INT64_MIN), 0);
    assert_int_equal(profit_to_pay_out(INT64_MAX, 0), INT64_MAX);
}

static void post(struct store *store, struct posting *posting)
{
    posting->at = store->tx->now;
    assert_ok(store, ledger_post_one(store->tx, posting));
}

/* Markup as a purchase that the platform collected posts it; below zero as a refund does. */
static void earn(struct store *store, id64_t id, id64_t subaccount, micros_t amount)
{
    enum posting_kind kind = amount > 0 ? POSTING_PURCHASE : POSTING_REFUND;
    struct posting posting = posting_begin(kind, id, AGENCY, subaccount, NOW);

    posting_transfer(&posting, LEDGER_CASH, ID_NONE, LEDGER_PROFIT, AGENCY, amount);
    post(store, &posting);
}

static void collect(struct store *store, id64_t id, id64_t subaccount, micros_t amount)
{
    struct posting posting = posting_begin(POSTING_PURCHASE, id, AGENCY, subaccount, NOW);

    posting_transfer(&posting, LEDGER_OUTSIDE, AGENCY, LEDGER_COLLECTED, AGENCY, amount);
    post(store, &posting);
}

static struct profit between(struct store *store, id64_t subaccount, instant_t from, instant_t to)
{
    const struct profit_range range = { AGENCY, subaccount, { from, to } };
    struct profit_total total;

    assert_ok(store, profit_total(store->tx, &range, &total));
    return total.profit;
}

static void assert_profit(struct profit profit, micros_t payable, micros_t collected)
{
    assert_int_equal(profit.payable, payable);
    assert_int_equal(profit.collected, collected);
}

/* Harbor earns at 0, 10 and 20, Lakeside at 10; what is refunded at 30 was earned at 0. */
static void live(struct store *store)
{
    begin_at(store, NOW);
    earn(store, 101, HARBOR, 8 * USD);
    commit(store);
    begin_at(store, NOW + 10);
    earn(store, 102, LAKESIDE, 3 * USD);
    collect(store, 103, HARBOR, 5 * USD);
    commit(store);
    begin_at(store, NOW + 20);
    collect(store, 104, HARBOR, 1);
    commit(store);
    begin_at(store, NOW + 30);
    earn(store, 105, HARBOR, -9 * USD);
    commit(store);
}

static void a_range_begins_at_its_first_instant_and_ends_before_its_last(void **state)
{
    struct store *store = agency_store(state);

    live(store);
    begin_at(store, NOW + 100);
    assert_profit(between(store, ID_NONE, 0, NOW), 0, 0);
    assert_profit(between(store, ID_NONE, 0, NOW + 1), 8 * USD, 0);
    assert_profit(between(store, ID_NONE, NOW, NOW + 10), 8 * USD, 0);
    assert_profit(between(store, ID_NONE, NOW, NOW + 11), 11 * USD, 5 * USD);
    assert_profit(between(store, ID_NONE, NOW + 1, NOW + 20), 3 * USD, 5 * USD);
    assert_profit(between(store, ID_NONE, NOW + 11, NOW + 31), -9 * USD, 1);
    assert_profit(between(store, ID_NONE, 0, INT64_MAX), 2 * USD, 5 * USD + 1);
    assert_profit(between(store, HARBOR, NOW, NOW + 10), 8 * USD, 0);
    assert_profit(between(store, HARBOR, NOW + 10, NOW + 11), 0, 5 * USD);
    assert_profit(between(store, LAKESIDE, 0, NOW + 100), 3 * USD, 0);
    assert_profit(between(store, PRIMARY, 0, NOW + 100), 0, 0);
    commit(store);
}

static void a_refund_counts_when_it_happens(void **state)
{
    struct store *store = agency_store(state);

    live(store);
    begin_at(store, NOW + 100);
    assert_profit(between(store, HARBOR, 0, NOW + 30), 8 * USD, 5 * USD + 1);
    assert_profit(between(store, HARBOR, NOW + 30, NOW + 31), -9 * USD, 0);
    commit(store);
}

static void a_payout_changes_nothing_of_what_was_earned(void **state)
{
    struct store *store = agency_store(state);
    struct profit_standing standing;

    script(store, "INSERT INTO increment_points VALUES (1, 0, 1, 1)");
    live(store);
    begin_at(store, NOW + 40);
    struct posting payout = posting_begin(POSTING_PAYOUT, 106, AGENCY, PRIMARY, NOW);
    posting_transfer(&payout, LEDGER_PROFIT, AGENCY, LEDGER_PAYOUTS, AGENCY, 2 * USD);
    post(store, &payout);
    assert_profit(between(store, ID_NONE, 0, INT64_MAX), 2 * USD, 5 * USD + 1);
    assert_ok(store, profit_standing(store->tx, AGENCY, zone_find(STR("UTC")), &standing));
    assert_int_equal(standing.profit, 0);
    assert_int_equal(standing.payable, 0);
    assert_int_equal(standing.paid_out, 2 * USD);
    assert_profit(standing.earned, 2 * USD, 5 * USD + 1);
    commit(store);
}

static void sub_accounts_are_those_that_earned_within_the_range(void **state)
{
    struct store *store = agency_store(state);
    const struct profit_range range = { AGENCY, ID_NONE, { NOW + 10, NOW + 100 } };
    const struct sorted_ask ask = { .descending = true, .limit = 1 };
    struct profit_total total;
    struct sorted_page page;

    live(store);
    begin_at(store, NOW + 100);
    assert_ok(store, profit_total(store->tx, &range, &total));
    assert_ok(store, profit_accounts(store->tx, &total, PROFIT_BY_PROFIT, &ask, &page));
    assert_int_equal(page.count, 1);
    assert_true(page.has_more);
    const struct profit_account *best = page.rows[0].of;
    assert_int_equal(best->id, LAKESIDE);
    assert_true(str_equal(best->name, STR("Lakeside")));
    assert_profit(best->profit, 3 * USD, 0);

    const struct sorted_ask rest = { .descending = true, .limit = 5, .after = page.last };
    assert_ok(store, profit_accounts(store->tx, &total, PROFIT_BY_PROFIT, &rest, &page));
    assert_int_equal(page.count, 1);
    assert_false(page.has_more);
    best = page.rows[0].of;
    assert_int_equal(best->id, HARBOR);
    assert_profit(best->profit, -9 * USD, 5 * USD + 1);
    commit(store);
}

static void an_agency_that_earned_nothing_has_no_months(void **state)
{
    struct store *store = agency_store(state);
    const struct profit_range range = { AGENCY, ID_NONE, { 0, NOW } };
    struct profit_month *months;
    size_t n;

    begin_at(store, NOW);
    assert_ok(store, profit_months(store->tx, zone_find(STR("UTC")), &range, &months, &n));
    assert_int_equal(n, 0);
    commit(store);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_the_agency_owes_is_kept_back),
    STORE_TEST(a_range_begins_at_its_first_instant_and_ends_before_its_last),
    STORE_TEST(a_refund_counts_when_it_happens),
    STORE_TEST(a_payout_changes_nothing_of_what_was_earned),
    STORE_TEST(sub_accounts_are_those_that_earned_within_the_range),
    STORE_TEST(an_agency_that_earned_nothing_has_no_months),
};

int main(void)
{
    return cmocka_run_group_tests_name("profits", tests, databases_make, databases_drop);
}
