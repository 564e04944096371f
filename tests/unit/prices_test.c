/* Prices over time, what is effective, what may be set, and what a call costs. */
#include "property.h"

#include "domain/prices.h"

#define CENTS(n) (INT64_C(10000) * (n))

static const struct price_point points[] = {
    { 1000, CENTS(16) },
    { 2000, MICROS_NONE },
    { 3000, CENTS(25) },
};
static const struct price_history history = { points, COUNT_OF(points) };

static void the_price_in_force_is_the_latest_that_has_begun(void **state)
{
    assert_int_equal(price_in_force(history, 1000), CENTS(16));
    assert_int_equal(price_in_force(history, 1999), CENTS(16));
    assert_int_equal(price_in_force(history, 2000), MICROS_NONE);
    assert_int_equal(price_in_force(history, 2999), MICROS_NONE);
    assert_int_equal(price_in_force(history, 3000), CENTS(25));
    assert_int_equal(price_in_force(history, INT64_MAX), CENTS(25));
}

static void the_first_price_counts_for_everything_before_it(void **state)
{
    assert_int_equal(price_in_force(history, 999), CENTS(16));
    assert_int_equal(price_in_force(history, INT64_MIN), CENTS(16));
}

static void without_a_history_there_is_no_price(void **state)
{
    assert_int_equal(price_in_force((struct price_history){ NULL, 0 }, 1000), MICROS_NONE);
}

static void the_increment_in_force_follows_the_same_rule(void **state)
{
    const struct increment_point increments[] = { { 1000, { 1, 1 } }, { 2000, { 60, 6 } } };

    assert_int_equal(increment_in_force(increments, 2, 0).first_seconds, 1);
    assert_int_equal(increment_in_force(increments, 2, 1999).step_seconds, 1);
    assert_int_equal(increment_in_force(increments, 2, 2000).first_seconds, 60);
    assert_int_equal(increment_in_force(increments, 2, 2000).step_seconds, 6);
}

static void the_effective_price_is_never_below_base(void **state)
{
    assert_int_equal(price_effective(CENTS(16), CENTS(20)), CENTS(20));
    assert_int_equal(price_effective(CENTS(16), CENTS(16)), CENTS(16));
    assert_int_equal(price_effective(CENTS(16), CENTS(12)), CENTS(16));
    assert_int_equal(price_effective(CENTS(16), MICROS_NONE), CENTS(16));
}

static void a_price_may_be_set_from_base_up_to_the_limit(void **state)
{
    assert_int_equal(may_set_price(CENTS(16), CENTS(16)), REASON_NONE);
    assert_int_equal(may_set_price(PRICE_MAX, CENTS(16)), REASON_NONE);
    assert_int_equal(may_set_price(CENTS(16) - 1, CENTS(16)), REASON_PRICE_BELOW_BASE);
    assert_int_equal(may_set_price(PRICE_MAX + 1, CENTS(16)), REASON_TOO_LARGE);
    assert_int_equal(may_set_price(0, 0), REASON_TOO_SMALL);
    assert_int_equal(may_set_price(-1, CENTS(16)), REASON_TOO_SMALL);
    assert_int_equal(may_set_price(MICROS_NONE, CENTS(16)), REASON_TOO_SMALL);
}

static void markup_is_a_percentage_of_base_to_two_decimals(void **state)
{
    assert_int_equal(price_markup_percent(CENTS(20), CENTS(16)), 25000000);
    assert_int_equal(price_markup_percent(CENTS(16), CENTS(16)), 0);
    assert_int_equal(price_markup_percent(CENTS(4), CENTS(3)), 33330000);
    assert_int_equal(price_markup_percent(CENTS(5), CENTS(3)), 66670000);
    assert_int_equal(price_markup_percent(CENTS(12), CENTS(16)), -25000000);
    assert_int_equal(price_markup_percent(PRICE_MAX, 1), (PRICE_MAX - 1) * 100 * MICROS_PER_USD);
    assert_int_equal(price_markup_percent(CENTS(16), 0), 0);
}

static void a_call_costs_its_billed_seconds_at_both_prices(void **state)
{
    struct rating rating;
    enum reason reason = call_rate(61, (struct increment){ 60, 6 }, CENTS(16), CENTS(20), &rating);

    assert_int_equal(reason, REASON_NONE);
    assert_int_equal(rating.billed_seconds, 66);
    assert_int_equal(rating.price, CENTS(20));
    assert_int_equal(rating.base_price, CENTS(16));
    assert_int_equal(rating.spent, 220000);
    assert_int_equal(rating.cost, 176000);
}

static void a_call_without_a_client_price_costs_base(void **state)
{
    struct rating rating;

    assert_int_equal(call_rate(60, (struct increment){ 1, 1 }, CENTS(16), MICROS_NONE, &rating),
                     REASON_NONE);
    assert_int_equal(rating.price, CENTS(16));
    assert_int_equal(rating.spent, rating.cost);
}

static void a_call_that_costs_more_than_fits_is_refused(void **state)
{
    struct rating rating;

    assert_int_equal(call_rate(INT64_MAX, (struct increment){ 1, 1 }, 60, 61, &rating),
                     REASON_OVERFLOW);
    assert_int_equal(call_rate(INT64_MAX, (struct increment){ 1, 3600 }, 1, 1, &rating),
                     REASON_OVERFLOW);
}

static void no_call_is_ever_sold_below_its_cost(void **state)
{
    struct rng rng = property_rng("spent >= cost");

    for (int i = 0; i < 20000; i++) {
        struct increment increment = { rng_between(&rng, 1, 3600), rng_between(&rng, 1, 3600) };
        micros_t base = rng_between(&rng, 0, PRICE_MAX), client = rng_between(&rng, 0, PRICE_MAX);
        struct rating rating;

        assert_int_equal(call_rate(rng_between(&rng, 0, 86400), increment, base, client, &rating),
                         REASON_NONE);
        assert_true(rating.spent >= rating.cost);
        assert_true(rating.price >= base);
    }
}

static void a_markup_gives_the_price_it_says(void **state)
{
    static const struct {
        micros_t base, percent, price;
    } examples[] = {
        { CENTS(16), 25 * MICROS_PER_USD, CENTS(20) },
        { CENTS(9), 33330000, 119997 },
        { CENTS(16), 0, CENTS(16) },
        { CENTS(16), 12500000, CENTS(18) },
        { CENTS(16), -100 * MICROS_PER_USD, 0 },
        { 1, 50 * MICROS_PER_USD, 2 },
        { 1, 49999999, 1 },
        { 3, 50 * MICROS_PER_USD, 5 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        micros_t price;

        assert_true(price_from_markup(examples[i].base, examples[i].percent, &price));
        assert_int_equal(price, examples[i].price);
    }
}

/* The obvious way: of two whole micro-dollars the nearer one, the upper one when both are as near. */
static micros_t nearest(micros_t base, micros_t percent)
{
    const __int128 whole = 100000000;
    __int128 exact =
        (__int128)base * (whole + percent); /* in hundred-millionths of a micro-dollar */
    micros_t below = (micros_t)(exact / whole);
    __int128 to_below = exact - below * whole, to_above = (below + 1) * whole - exact;

    return to_above <= to_below ? below + 1 : below;
}

static void random_markups_give_the_nearest_price_and_come_back_within_their_rounding(void **state)
{
    struct rng rng = property_rng("markups");

    (void)state;
    for (int i = 0; i < 100000; i++) {
        micros_t base = rng_between(&rng, 1, PRICE_MAX);
        micros_t percent = rng_between(&rng, 0, 1000 * MICROS_PER_USD), price;

        assert_true(price_from_markup(base, percent, &price));
        assert_int_equal(price, nearest(base, percent));
        if (price > PRICE_MAX) continue;
        /* Hundredths of a percent: half of one, and what half a micro-dollar of the price is of base. */
        micros_t back = price_markup_percent(price, base),
                 off = back > percent ? back - percent : percent - back;
        assert_true(off <= 5000 + 50 * MICROS_PER_USD / base + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_price_in_force_is_the_latest_that_has_begun),
        cmocka_unit_test(the_first_price_counts_for_everything_before_it),
        cmocka_unit_test(without_a_history_there_is_no_price),
        cmocka_unit_test(the_increment_in_force_follows_the_same_rule),
        cmocka_unit_test(the_effective_price_is_never_below_base),
        cmocka_unit_test(a_price_may_be_set_from_base_up_to_the_limit),
        cmocka_unit_test(markup_is_a_percentage_of_base_to_two_decimals),
        cmocka_unit_test(a_markup_gives_the_price_it_says),
        cmocka_unit_test(random_markups_give_the_nearest_price_and_come_back_within_their_rounding),
        cmocka_unit_test(a_call_costs_its_billed_seconds_at_both_prices),
        cmocka_unit_test(a_call_without_a_client_price_costs_base),
        cmocka_unit_test(a_call_that_costs_more_than_fits_is_refused),
        cmocka_unit_test(no_call_is_ever_sold_below_its_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
