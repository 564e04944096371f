/* The history of a sub-account's prices, and what may be done with ordered base prices. */
#include "arena_fixture.h"
#include "property.h"

#include "domain/price_changes.h"
#include "domain/price_moments.h"

#include <string.h>

enum { CASES = 100000, POINTS_MAX = 4, MOMENTS = 16 };

static struct price_history history(const struct price_point *at, size_t n)
{
    return (struct price_history){ at, n };
}

static void changes_of_base_and_client_prices_are_told_apart(void **state)
{
    const struct price_point base_basic[] = { { 0, 9 } },
                             base_premium[] = { { 0, 16 }, { 50, 20 }, { 70, 21 } };
    const struct price_point basic[] = { { 0, MICROS_NONE }, { 70, 12 } },
                             premium[] = { { 0, 18 }, { 60, 18 } };
    const struct tier_histories base = { { history(base_basic, 1), history(base_premium, 3) } },
                                set = { { history(basic, 2), history(premium, 2) } };
    struct price_moment out[9];

    (void)state;
    assert_int_equal(price_moments_max(&base, &set), 9);
    assert_int_equal(price_moments(&base, &set, 40, out), 3);
    assert_int_equal(out[0].from, 40);
    assert_int_equal(out[0].cause, PRICES_BEGAN);
    assert_int_equal(out[0].effective[TIER_PREMIUM], 18);
    assert_int_equal(out[0].effective[TIER_BASIC], 9);
    assert_int_equal(out[1].from, 50);
    assert_int_equal(out[1].cause, BASE_PRICES_CHANGED);
    assert_int_equal(out[1].set[TIER_PREMIUM], 18);
    assert_int_equal(out[1].effective[TIER_PREMIUM], 20);
    /* At 60 the same price was set again. */
    assert_int_equal(out[2].from, 70);
    assert_int_equal(out[2].cause, BOTH_PRICES_CHANGED);
    assert_int_equal(out[2].effective[TIER_BASIC], 12);
}

static struct price_history any_history(struct rng *rng, struct price_point *at, bool may_be_none)
{
    size_t n = (size_t)rng_between(rng, 1, POINTS_MAX);
    instant_t from = 0;

    for (size_t i = 0; i < n; i++) {
        micros_t price =
            may_be_none && rng_between(rng, 0, 3) == 0 ? MICROS_NONE : rng_between(rng, 1, 3);
        at[i] = (struct price_point){ from, price };
        from += rng_between(rng, 1, 5);
    }
    return history(at, n);
}

static bool same(const struct price_moment *moment, const struct tier_histories *base,
                 const struct tier_histories *set, instant_t at)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t of_base = price_in_force(base->of[tier], at),
                 of_set = price_in_force(set->of[tier], at);

        if (moment->base[tier] != of_base || moment->set[tier] != of_set
            || moment->effective[tier] != price_effective(of_base, of_set))
            return false;
    }
    return true;
}

static void random_histories_say_at_each_moment_what_was_in_force(void **state)
{
    struct rng rng = property_rng("price moments");

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct price_point points[4][POINTS_MAX];
        const struct tier_histories base = { { any_history(&rng, points[0], false),
                                               any_history(&rng, points[1], false) } },
                                    set = { { any_history(&rng, points[2], true),
                                              any_history(&rng, points[3], true) } };
        struct price_moment out[1 + 4 * POINTS_MAX];
        instant_t start = rng_between(&rng, 0, MOMENTS);
        size_t n = price_moments(&base, &set, start, out), k = 0;

        assert_true(n <= price_moments_max(&base, &set));
        for (instant_t at = start; at < start + 2 * MOMENTS; at++) {
            while (k + 1 < n && out[k + 1].from <= at)
                k++;
            assert_true(same(&out[k], &base, &set, at));
        }
        for (size_t m = 1; m < n; m++)
            assert_false(same(&out[m], &base, &set, out[m].from - 1));
    }
}

static void prices_are_ordered_from_now_to_a_year_ahead(void **state)
{
    const instant_t now = 1000 * MICROS_PER_DAY;

    (void)state;
    assert_int_equal(may_order_prices(now, now), REASON_NONE);
    assert_int_equal(may_order_prices(now - 1, now), REASON_TOO_OLD);
    assert_int_equal(may_order_prices(now + PRICE_CHANGE_AHEAD_MAX, now), REASON_NONE);
    assert_int_equal(may_order_prices(now + PRICE_CHANGE_AHEAD_MAX + 1, now), REASON_IN_FUTURE);
}

static void prices_are_canceled_while_everybody_can_hear_of_it(void **state)
{
    const instant_t at = 1000 * MICROS_PER_DAY;
    struct price_change change = { .effective_at = at, .canceled_at = INSTANT_NONE };

    (void)state;
    assert_int_equal(may_cancel_prices(&change, at - PRICE_CHANGE_NOTICE), REASON_NONE);
    assert_int_equal(may_cancel_prices(&change, at - PRICE_CHANGE_NOTICE + 1), REASON_PRICES_COUNT);
    assert_int_equal(price_change_state(&change, INSTANT_NONE, at - 1), PRICE_CHANGE_ORDERED);
    assert_int_equal(price_change_state(&change, at, at), PRICE_CHANGE_IN_FORCE);
    assert_int_equal(price_change_state(&change, at + 1, at + 1), PRICE_CHANGE_PAST);
    change.canceled_at = at - MICROS_PER_DAY;
    assert_int_equal(may_cancel_prices(&change, at - MICROS_PER_DAY), REASON_PRICES_CANCELED);
    assert_int_equal(price_change_state(&change, INSTANT_NONE, at + 1), PRICE_CHANGE_CANCELED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_base_and_client_prices_are_told_apart),
        cmocka_unit_test(random_histories_say_at_each_moment_what_was_in_force),
        cmocka_unit_test(prices_are_ordered_from_now_to_a_year_ahead),
        cmocka_unit_test(prices_are_canceled_while_everybody_can_hear_of_it),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
