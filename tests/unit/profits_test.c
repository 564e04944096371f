/* Profit: what is payable, what is not, and sums that are exact at every instant, on both stores. */
#include "agency_fixture.h"
#include "property.h"

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
    struct profit_page page;

    live(store);
    begin_at(store, NOW + 100);
    assert_ok(store, profit_total(store->tx, &range, &total));
    assert_ok(store, profit_accounts(store->tx, &total, PROFIT_BY_PROFIT, &ask, &page));
    assert_int_equal(page.count, 1);
    assert_true(page.has_more);
    const struct profit_account *best = &page.at[0];
    assert_int_equal(best->id, LAKESIDE);
    assert_true(str_equal(best->name, STR("Lakeside")));
    assert_profit(best->profit, 3 * USD, 0);

    const struct sorted_ask rest = { .descending = true, .limit = 5, .after = page.last };
    assert_ok(store, profit_accounts(store->tx, &total, PROFIT_BY_PROFIT, &rest, &page));
    assert_int_equal(page.count, 1);
    assert_false(page.has_more);
    best = &page.at[0];
    assert_int_equal(best->id, HARBOR);
    assert_profit(best->profit, -9 * USD, 5 * USD + 1);
    commit(store);
}

enum { CHANGES = 120, ACCOUNTS = 3 };

struct earned {
    id64_t subaccount;
    struct profit change;
};

/* Noted as profit_changes_note does, one a microsecond. */
static void note(struct store *store, struct rng *rng, struct earned *earned)
{
    static const id64_t accounts[ACCOUNTS] = { PRIMARY, HARBOR, LAKESIDE };
    struct profit all = { 0, 0 }, of[ACCOUNTS] = { 0 };

    begin(store);
    for (int64_t i = 0; i < CHANGES; i++) {
        /* The last one of them earns for the first time late. */
        size_t whose = (size_t)rng_between(rng, 0, i < CHANGES / 2 ? ACCOUNTS - 2 : ACCOUNTS - 1);
        struct profit change = { rng_between(rng, -1000, 1000), rng_between(rng, -1000, 1000) };

        earned[i] = (struct earned){ accounts[whose], change };
        all = (struct profit){ all.payable + change.payable, all.collected + change.collected };
        of[whose] = (struct profit){ of[whose].payable + change.payable,
                                     of[whose].collected + change.collected };
        assert_ok(
            store,
            db_run(store->tx,
                   "INSERT INTO profit_changes VALUES"
                   " (1, $1, $1, $2, NULL, $3, $4, $5, $6, $7, $8, $9)",
                   ARGS(db_int(i + 1), db_int(accounts[whose]), db_int(change.payable),
                        db_int(change.collected), db_int(all.payable), db_int(all.collected),
                        db_int(of[whose].payable), db_int(of[whose].collected), db_int(NOW + i)),
                   NULL));
    }
    commit(store);
}

static void assert_page_is_sum(const struct profit_page *page, const struct earned *earned,
                               int64_t from, int64_t to)
{
    for (size_t i = 0; i < page->count; i++) {
        struct profit sum = { 0, 0 };
        bool changed = false;

        for (int64_t at = from; at < to; at++) {
            if (earned[at].subaccount != page->at[i].id) continue;
            sum.payable += earned[at].change.payable;
            sum.collected += earned[at].change.collected;
            changed = true;
        }
        assert_true(changed);
        assert_profit(page->at[i].profit, sum.payable, sum.collected);
    }
}

/* Whether there are few changes to walk over or so many that each account's sums are sought. */
static void sub_accounts_of_any_range_earned_what_changed_in_it(void **state)
{
    struct store *store = agency_store(state);
    const struct sorted_ask ask = { .limit = ACCOUNTS };
    struct rng rng = property_rng("profit of accounts");
    struct earned earned[CHANGES];

    note(store, &rng, earned);
    begin(store);
    for (int round = 0; round < 100; round++) {
        int64_t from = rng_between(&rng, 0, 1) * rng_between(&rng, 0, CHANGES);
        int64_t to = rng_between(&rng, from, CHANGES);
        const struct profit_total total = { .changes = { AGENCY, from, to } };
        struct profit_page page;
        bool has[ACCOUNTS] = { false };
        size_t expected = 0;

        for (int64_t at = from; at < to; at++)
            has[earned[at].subaccount - PRIMARY] = true;
        for (int i = 0; i < ACCOUNTS; i++)
            expected += has[i];
        assert_ok(store, profit_accounts(store->tx, &total, PROFIT_BY_NAME, &ask, &page));
        assert_int_equal(page.count, expected);
        assert_page_is_sum(&page, earned, from, to);
    }
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
    STORE_TEST(sub_accounts_of_any_range_earned_what_changed_in_it),
    STORE_TEST(an_agency_that_earned_nothing_has_no_months),
};

int main(void)
{
    return cmocka_run_group_tests_name("profits", tests, databases_make, databases_drop);
}
