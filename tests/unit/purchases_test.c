/* Buying minutes: what is bought, what is posted, and that no micro-dollar appears or disappears. */
#include "posting_fixture.h"
#include "property.h"

#include "domain/purchases.h"

enum { AGENCY = 7, CLIENT = 21, PURCHASE = 31, POSTING = 41 };

#define USD(n)     (MICROS_PER_USD * (n))
#define CENTS(n)   (INT64_C(10000) * (n))
#define MINUTES(n) (INT64_C(60) * (n))

static struct purchase new_purchase(enum purchase_provider provider)
{
    return (struct purchase){ .agency_id = AGENCY,
                              .id = PURCHASE,
                              .subaccount_id = CLIENT,
                              .tier = TIER_PREMIUM,
                              .provider = provider,
                              .state = PURCHASE_PENDING };
}

/* A purchase by minutes at these prices. */
static struct purchase bought(enum purchase_provider provider, seconds_t seconds, micros_t base,
                              micros_t client)
{
    struct purchase purchase = new_purchase(provider);

    assert_int_equal(purchase_price(&purchase, seconds, 0, base, client), REASON_NONE);
    return purchase;
}

static void minutes_cost_what_a_card_pays(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, MINUTES(2000), CENTS(16), CENTS(20));

    assert_int_equal(purchase.seconds, MINUTES(2000));
    assert_int_equal(purchase.paid, USD(400));
    assert_int_equal(purchase.unit_price, CENTS(20));
    assert_int_equal(purchase.base_price, CENTS(16));
    assert_int_equal(bought(PROVIDER_MANUAL, 1, CENTS(16), CENTS(16)).paid, CENTS(1));
}

static void an_amount_is_paid_exactly_and_buys_whole_seconds(void **state)
{
    struct purchase purchase = new_purchase(PROVIDER_MANUAL);

    assert_int_equal(purchase_price(&purchase, 0, USD(10), 87500, 87500), REASON_NONE);
    assert_int_equal(purchase.paid, USD(10));
    assert_int_equal(purchase.seconds, 6857);
}

static enum reason refusal(seconds_t seconds, micros_t amount, micros_t client)
{
    struct purchase purchase = new_purchase(PROVIDER_MANUAL);

    return purchase_price(&purchase, seconds, amount, 1, client);
}

static void what_cannot_be_bought_is_refused_with_its_reason(void **state)
{
    assert_int_equal(refusal(60, CENTS(100), CENTS(20)), REASON_EXCLUSIVE_FIELDS);
    assert_int_equal(refusal(0, 0, CENTS(20)), REASON_NOTHING_TO_BUY);
    assert_int_equal(refusal(0, CENTS(1), CENTS(61)), REASON_NOTHING_TO_BUY);
    assert_int_equal(refusal(0, CENTS(1), CENTS(60)), REASON_NONE);
    assert_int_equal(refusal(60, 0, 0), REASON_NOTHING_TO_BUY);
    assert_int_equal(refusal(0, CENTS(1) + 1, CENTS(20)), REASON_BAD_MONEY);
    assert_int_equal(refusal(-1, 0, CENTS(20)), REASON_TOO_SMALL);
    assert_int_equal(refusal(0, -CENTS(1), CENTS(20)), REASON_TOO_SMALL);
    assert_int_equal(refusal(INT64_MAX, 0, PRICE_MAX), REASON_OVERFLOW);
}

static void one_purchase_stays_within_its_limits(void **state)
{
    assert_int_equal(refusal(PURCHASE_SECONDS_MAX, 0, CENTS(10)), REASON_NONE);
    assert_int_equal(refusal(PURCHASE_SECONDS_MAX + 1, 0, CENTS(9)), REASON_TOO_LARGE);
    assert_int_equal(refusal(PURCHASE_SECONDS_MAX, 0, CENTS(10) + 1), REASON_TOO_LARGE);
    assert_int_equal(refusal(0, PURCHASE_AMOUNT_MAX, CENTS(10)), REASON_NONE);
    assert_int_equal(refusal(0, PURCHASE_AMOUNT_MAX, CENTS(9)), REASON_TOO_LARGE);
    assert_int_equal(refusal(0, PURCHASE_AMOUNT_MAX + CENTS(1), CENTS(20)), REASON_TOO_LARGE);
}

static void only_a_pending_manual_purchase_can_be_marked_paid(void **state)
{
    const int providers[] = { PROVIDER_MANUAL, PROVIDER_STRIPE };

    for (size_t i = 0; i < COUNT_OF(providers); i++)
        for (int at = PURCHASE_PENDING; at <= PURCHASE_REFUNDED; at++) {
            struct purchase purchase = { .provider = providers[i], .state = at };
            bool is_allowed = providers[i] == PROVIDER_MANUAL && at == PURCHASE_PENDING;

            assert_int_equal(may_mark_paid(&purchase),
                             is_allowed ? REASON_NONE : REASON_PURCHASE_NOT_PENDING);
        }
}

static void states_and_providers_have_the_names_of_the_api(void **state)
{
    assert_string_equal(purchase_state_names[PURCHASE_PENDING], "pending");
    assert_string_equal(purchase_state_names[PURCHASE_PROCESSING], "processing");
    assert_string_equal(purchase_state_names[PURCHASE_SUCCEEDED], "succeeded");
    assert_string_equal(purchase_state_names[PURCHASE_REQUIRES_ACTION], "requires_action");
    assert_string_equal(purchase_state_names[PURCHASE_FAILED], "failed");
    assert_string_equal(purchase_state_names[PURCHASE_CANCELED], "canceled");
    assert_string_equal(purchase_state_names[PURCHASE_REFUNDED], "refunded");
    assert_null(purchase_state_names[PURCHASE_REFUNDED + 1]);
    assert_string_equal(purchase_provider_names[PROVIDER_MANUAL], "manual");
    assert_string_equal(purchase_provider_names[PROVIDER_STRIPE], "stripe");
    assert_string_equal(purchase_provider_names[PROVIDER_TEST], "test");
    assert_null(purchase_provider_names[PROVIDER_TEST + 1]);
}

static void money_the_agency_collected_is_owed_at_base_and_never_payable(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, MINUTES(2000), CENTS(16), CENTS(20));
    struct posting posting;

    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_ISSUED_PREMIUM, 0), -MINUTES(2000));
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, CLIENT), MINUTES(2000));
    assert_int_equal(amount_of(&posting, LEDGER_CREDIT, AGENCY), -USD(320));
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), USD(320));
    assert_int_equal(amount_of(&posting, LEDGER_OUTSIDE, AGENCY), -USD(80));
    assert_int_equal(amount_of(&posting, LEDGER_COLLECTED, AGENCY), USD(80));
    assert_int_equal(posting.n_entries, 6);
    assert_int_equal(purchase.profit, USD(80));
}

static void money_the_platform_collected_pays_base_and_leaves_profit(void **state)
{
    struct purchase purchase = bought(PROVIDER_STRIPE, MINUTES(2000), CENTS(16), CENTS(20));
    struct posting posting;

    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_CASH, 0), -USD(400));
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), USD(320));
    assert_int_equal(amount_of(&posting, LEDGER_PROFIT, AGENCY), USD(80));
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_PREMIUM, CLIENT), MINUTES(2000));
    assert_int_equal(posting.n_entries, 5);
    assert_int_equal(purchase.profit, USD(80));
}

static void a_posting_names_its_purchase_and_happens_once(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, 60, CENTS(16), CENTS(20));
    struct posting posting;

    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
    assert_int_equal(posting.kind, POSTING_PURCHASE);
    assert_int_equal(posting.id, POSTING);
    assert_int_equal(posting.agency, AGENCY);
    assert_int_equal(posting.subject, CLIENT);
    assert_int_equal(posting.reference, PURCHASE);
    assert_int_equal(posting.key, PURCHASE);
    assert_int_equal(posting.at, 1000);
}

static void basic_minutes_go_to_the_basic_wallet(void **state)
{
    struct purchase purchase = bought(PROVIDER_MANUAL, 60, CENTS(9), CENTS(12));
    struct posting posting;

    purchase.tier = TIER_BASIC;
    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_ISSUED_BASIC, 0), -60);
    assert_int_equal(amount_of(&posting, LEDGER_WALLET_BASIC, CLIENT), 60);
}

/* One second at 0.16 is 0.002667 and a card pays a cent: 0.007333 are rounding. */
static void at_base_price_the_fraction_of_a_cent_is_rounding_and_profit_is_zero(void **state)
{
    const int providers[] = { PROVIDER_MANUAL, PROVIDER_STRIPE };

    for (size_t i = 0; i < COUNT_OF(providers); i++) {
        struct purchase purchase =
            bought((enum purchase_provider)providers[i], 1, CENTS(16), CENTS(16));
        struct posting posting;

        assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
        assert_int_equal(amount_of(&posting, LEDGER_ROUNDING, 0), 7333);
        assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), 2667);
        assert_int_equal(amount_of(&posting, LEDGER_PROFIT, AGENCY), 0);
        assert_int_equal(amount_of(&posting, LEDGER_COLLECTED, AGENCY), 0);
        assert_int_equal(purchase.profit, 0);
    }
}

static void a_base_price_that_rose_before_payment_is_a_loss_and_no_rounding(void **state)
{
    struct purchase purchase = bought(PROVIDER_STRIPE, MINUTES(100), CENTS(16), CENTS(20));
    struct posting posting;

    purchase.base_price = CENTS(25);
    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
    assert_int_equal(amount_of(&posting, LEDGER_CASH, 0), -USD(20));
    assert_int_equal(amount_of(&posting, LEDGER_BASE_REVENUE, 0), USD(25));
    assert_int_equal(amount_of(&posting, LEDGER_PROFIT, AGENCY), -USD(5));
    assert_int_equal(amount_of(&posting, LEDGER_ROUNDING, 0), 0);
    assert_int_equal(purchase.profit, -USD(5));
}

static void a_purchase_whose_base_does_not_fit_is_refused(void **state)
{
    struct purchase purchase = new_purchase(PROVIDER_STRIPE);
    struct posting posting;

    purchase.seconds = INT64_MAX;
    purchase.base_price = 61;
    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_OVERFLOW);
    purchase.seconds = 60;
    purchase.base_price = 1;
    purchase.paid = INT64_MIN;
    assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_OVERFLOW);
}

static micros_t sum_of_money(const struct posting *posting)
{
    micros_t sum = 0;

    for (size_t i = 0; i < posting->n_entries; i++)
        if (ledger_account_unit(posting->entries[i].account) == UNIT_USD)
            sum += posting->entries[i].amount;
    return sum;
}

/* What was paid is base and markup to the micro-dollar, whoever collected it. */
static void assert_nothing_is_lost(const struct purchase *purchase, const struct posting *posting)
{
    micros_t base = amount_of(posting, LEDGER_BASE_REVENUE, 0);
    micros_t markup = amount_of(posting, LEDGER_PROFIT, AGENCY)
        + amount_of(posting, LEDGER_COLLECTED, AGENCY) + amount_of(posting, LEDGER_ROUNDING, 0);

    assert_int_equal(sum_of_money(posting), 0);
    assert_int_equal(base + markup, purchase->paid);
    assert_int_equal(amount_of(posting, LEDGER_CASH, 0) + amount_of(posting, LEDGER_CREDIT, AGENCY)
                         + amount_of(posting, LEDGER_OUTSIDE, AGENCY),
                     -purchase->paid);
    assert_int_equal(amount_of(posting, LEDGER_WALLET_PREMIUM, CLIENT), purchase->seconds);
    assert_true(markup >= 0);
}

/* Said by multiplying and comparing alone: what a card pays for seconds is the fewest cents that cover them, what an amount
   buys the most seconds that it covers; base is value(s, base), half up. */
static void assert_priced(const struct purchase *purchase, bool by_amount, micros_t base_revenue)
{
    const __int128 cost = (__int128)purchase->seconds * purchase->unit_price;
    const __int128 paid = (__int128)purchase->paid * 60;
    const __int128 base = (__int128)purchase->seconds * purchase->base_price + 30;

    assert_true(purchase->paid % CENTS(1) == 0 && paid >= cost);
    if (by_amount)
        assert_true(paid < cost + purchase->unit_price);
    else
        assert_true(paid - CENTS(60) < cost);
    assert_true((__int128)base_revenue * 60 <= base && base < ((__int128)base_revenue + 1) * 60);
}

static void no_purchase_loses_or_gains_a_micro_dollar(void **state)
{
    struct rng rng = property_rng("purchases");

    for (int i = 0; i < 100000; i++) {
        struct purchase purchase = new_purchase((enum purchase_provider)rng_between(&rng, 0, 2));
        micros_t base = rng_between(&rng, 1000, USD(1));
        micros_t client = i % 3 == 0 ? base : rng_between(&rng, base, USD(2));
        seconds_t seconds = i % 2 == 0 ? rng_between(&rng, 1, 1000000) : 0;
        micros_t amount = seconds == 0 ? CENTS(rng_between(&rng, 100, 1000000)) : 0;
        struct posting posting;

        assert_int_equal(purchase_price(&purchase, seconds, amount, base, client), REASON_NONE);
        assert_int_equal(posting_for_purchase(&purchase, POSTING, 1000, &posting), REASON_NONE);
        assert_nothing_is_lost(&purchase, &posting);
        assert_priced(&purchase, seconds == 0, amount_of(&posting, LEDGER_BASE_REVENUE, 0));
        if (client == base) assert_int_equal(purchase.profit, 0);
    }
}

static struct credit_change by(micros_t credit)
{
    return (struct credit_change){ .credit = credit };
}

static void credit_covers_down_to_the_limit_and_positive_profit_counts(void **state)
{
    assert_int_equal(credit_allows(0, 0, USD(100), by(-USD(100))), REASON_NONE);
    assert_int_equal(credit_allows(0, 0, USD(100), by(-USD(100) - 1)), REASON_INSUFFICIENT_CREDIT);
    assert_int_equal(credit_allows(0, USD(50), USD(100), by(-USD(150))), REASON_NONE);
    assert_int_equal(credit_allows(0, USD(50), USD(100), by(-USD(150) - 1)),
                     REASON_INSUFFICIENT_CREDIT);
    assert_int_equal(credit_allows(0, -USD(50), USD(100), by(-USD(100))), REASON_NONE);
    assert_int_equal(credit_allows(USD(30), 0, 0, by(-USD(30))), REASON_NONE);
    assert_int_equal(credit_allows(USD(30), 0, 0, by(-USD(30) - 1)), REASON_INSUFFICIENT_CREDIT);
}

static void without_a_limit_credit_allows_everything(void **state)
{
    assert_int_equal(credit_allows(INT64_MIN, INT64_MIN, MICROS_NONE, by(INT64_MIN)), REASON_NONE);
}

static void what_brings_credit_up_is_never_refused(void **state)
{
    assert_int_equal(credit_allows(-USD(500), 0, USD(100), by(USD(1))), REASON_NONE);
    assert_int_equal(credit_allows(-USD(500), 0, USD(100), by(0)), REASON_NONE);
}

static void credit_is_judged_without_wrapping(void **state)
{
    assert_int_equal(credit_allows(INT64_MIN, 0, USD(100), by(INT64_MIN)),
                     REASON_INSUFFICIENT_CREDIT);
    assert_int_equal(credit_allows(INT64_MAX, INT64_MAX, 0, by(-1)), REASON_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_cost_what_a_card_pays),
        cmocka_unit_test(an_amount_is_paid_exactly_and_buys_whole_seconds),
        cmocka_unit_test(what_cannot_be_bought_is_refused_with_its_reason),
        cmocka_unit_test(one_purchase_stays_within_its_limits),
        cmocka_unit_test(only_a_pending_manual_purchase_can_be_marked_paid),
        cmocka_unit_test(states_and_providers_have_the_names_of_the_api),
        cmocka_unit_test(money_the_agency_collected_is_owed_at_base_and_never_payable),
        cmocka_unit_test(money_the_platform_collected_pays_base_and_leaves_profit),
        cmocka_unit_test(a_posting_names_its_purchase_and_happens_once),
        cmocka_unit_test(basic_minutes_go_to_the_basic_wallet),
        cmocka_unit_test(at_base_price_the_fraction_of_a_cent_is_rounding_and_profit_is_zero),
        cmocka_unit_test(a_base_price_that_rose_before_payment_is_a_loss_and_no_rounding),
        cmocka_unit_test(a_purchase_whose_base_does_not_fit_is_refused),
        cmocka_unit_test(no_purchase_loses_or_gains_a_micro_dollar),
        cmocka_unit_test(credit_covers_down_to_the_limit_and_positive_profit_counts),
        cmocka_unit_test(without_a_limit_credit_allows_everything),
        cmocka_unit_test(what_brings_credit_up_is_never_refused),
        cmocka_unit_test(credit_is_judged_without_wrapping),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
