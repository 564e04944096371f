/* Plans: which change counts when, what a cap has room for, and base prices over time. */
#include "arena_fixture.h"
#include "property.h"

#include "domain/plans.h"

#include <string.h>

enum { CASES = 100000, STEPS_MAX = 4, MOMENTS = 12 };

static struct plan plan_of(const char *code, micros_t fee, int64_t cap)
{
    return (struct plan){
        .code = str_from_c(code), .monthly_fee = fee, .subaccount_cap = cap, .offered = true
    };
}

static void a_change_is_up_by_fee_and_then_by_cap(void **state)
{
    (void)state;
    const struct plan small = plan_of("small", 10, 1), large = plan_of("large", 10, 3),
                      open = plan_of("open", 10, -1), dear = plan_of("dear", 20, 1),
                      twin = plan_of("twin", 10, 3);

    assert_int_equal(plan_change_between(&small, &large), PLAN_CHANGES_NOW);
    assert_int_equal(plan_change_between(&large, &open), PLAN_CHANGES_NOW);
    assert_int_equal(plan_change_between(&open, &dear), PLAN_CHANGES_NOW);
    assert_int_equal(plan_change_between(&dear, &open), PLAN_CHANGES_AT_RENEWAL);
    assert_int_equal(plan_change_between(&open, &large), PLAN_CHANGES_AT_RENEWAL);
    assert_int_equal(plan_change_between(&large, &twin), PLAN_CHANGES_AT_RENEWAL);
    assert_int_equal(plan_change_between(&large, &large), PLAN_UNCHANGED);
}

static void a_change_is_refused_while_there_is_too_much(void **state)
{
    (void)state;
    const struct plan large = plan_of("large", 10, 3), open = plan_of("open", 10, -1);
    struct plan past = plan_of("past", 0, -1);

    past.offered = false;
    assert_int_equal(may_change_plan(&open, &large, 3), REASON_NONE);
    assert_int_equal(may_change_plan(&open, &large, 4), REASON_OVER_CAP);
    assert_int_equal(may_change_plan(&large, &open, 4), REASON_NONE);
    assert_int_equal(may_change_plan(&open, &past, 0), REASON_PLAN_NOT_OFFERED);
    assert_int_equal(may_change_plan(&past, &past, 9), REASON_NONE);
    assert_int_equal(may_change_plan(&large, &large, 9), REASON_NONE);
    assert_int_equal(plan_excess(3, 5), 2);
    assert_int_equal(plan_excess(3, 3), 0);
    assert_int_equal(plan_excess(-1, 5), 0);
}

static void while_a_change_is_ordered_the_smaller_cap_counts(void **state)
{
    (void)state;
    const struct plan large = plan_of("large", 10, 3), open = plan_of("open", 10, -1);

    assert_ptr_equal(plan_narrower(&open, &large), &large);
    assert_ptr_equal(plan_narrower(&large, &open), &large);
    assert_ptr_equal(plan_narrower(&open, NULL), &open);
    assert_ptr_equal(plan_narrower(&large, &large), &large);
}

static struct str letters(struct arena *arena, size_t n)
{
    char *at = arena_alloc(arena, n);

    memset(at, 'a', n);
    return (struct str){ at, n };
}

static void a_code_is_a_lower_case_name(void **state)
{
    static const char *const fine[] = { "a", "agency_lite", "plan2026", "a_" };
    static const char *const wrong[] = { "", "A", "2a", "_a", "a-b", "a b", "é" };

    for (size_t i = 0; i < COUNT_OF(fine); i++)
        assert_true(plan_code_is_valid(str_from_c(fine[i])));
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(plan_code_is_valid(str_from_c(wrong[i])));
    assert_true(plan_code_is_valid(letters(*state, PLAN_CODE_MAX_CHARS)));
    assert_false(plan_code_is_valid(letters(*state, PLAN_CODE_MAX_CHARS + 1)));
}

static void base_prices_change_with_the_plan_and_with_what_is_ordered_for_it(void **state)
{
    const struct base_step own[] = { { 0, { 9, 16 } }, { 50, { 9, 18 } }, { 90, { 10, 18 } } };
    const struct base_step next[] = { { 0, { 9, 18 } }, { 70, { 8, 12 } }, { 95, { 8, 13 } } };
    struct base_step out[8];

    (void)state;
    size_t n =
        base_timeline((struct base_steps){ own, 3 }, (struct base_steps){ next, 3 }, 60, 20, out);

    assert_int_equal(n, 4);
    assert_int_equal(out[0].from, 20);
    assert_int_equal(out[0].prices[TIER_PREMIUM], 16);
    assert_int_equal(out[1].from, 50);
    assert_int_equal(out[1].prices[TIER_PREMIUM], 18);
    /* The plan that comes at 60 has the prices that are there already. */
    assert_int_equal(out[2].from, 70);
    assert_int_equal(out[2].prices[TIER_BASIC], 8);
    assert_int_equal(out[3].from, 95);
}

static struct base_steps any_steps(struct rng *rng, struct base_step *at)
{
    size_t n = (size_t)rng_between(rng, 1, STEPS_MAX);
    instant_t from = rng_between(rng, 0, 2);

    for (size_t i = 0; i < n; i++) {
        at[i] = (struct base_step){ from, { rng_between(rng, 1, 3), rng_between(rng, 1, 3) } };
        from += rng_between(rng, 1, 4);
    }
    return (struct base_steps){ at, n };
}

/* The obvious way: look at every moment by itself. */
static micros_t price_at(struct base_steps steps, int tier, instant_t at)
{
    micros_t price = steps.at[0].prices[tier];

    for (size_t i = 0; i < steps.count; i++) {
        if (steps.at[i].from <= at) price = steps.at[i].prices[tier];
    }
    return price;
}

static void random_timelines_say_at_each_moment_what_the_plan_of_that_moment_says(void **state)
{
    struct rng rng = property_rng("base timelines");

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct base_step own[STEPS_MAX], next[STEPS_MAX], out[2 + 2 * STEPS_MAX];
        struct base_steps of_own = any_steps(&rng, own), of_next = any_steps(&rng, next);
        instant_t now = rng_between(&rng, 0, MOMENTS);
        instant_t change_at =
            rng_between(&rng, 0, 2) == 0 ? INSTANT_NONE : rng_between(&rng, 0, MOMENTS);
        size_t n = base_timeline(of_own, of_next, change_at, now, out);

        assert_true(n >= 1 && n <= 2 + of_own.count + of_next.count);
        assert_int_equal(out[0].from, now);
        for (size_t k = 1; k < n; k++) {
            assert_true(out[k].from > out[k - 1].from);
            assert_int_not_equal(memcmp(out[k].prices, out[k - 1].prices, sizeof(out[k].prices)),
                                 0);
        }
        for (instant_t at = now; at < now + 2 * MOMENTS; at++) {
            bool has_changed = change_at != INSTANT_NONE && at >= change_at;
            for (int tier = 0; tier < TIER_COUNT; tier++)
                assert_int_equal(price_at((struct base_steps){ out, n }, tier, at),
                                 price_at(has_changed ? of_next : of_own, tier, at));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_up_by_fee_and_then_by_cap),
        cmocka_unit_test(a_change_is_refused_while_there_is_too_much),
        cmocka_unit_test(while_a_change_is_ordered_the_smaller_cap_counts),
        cmocka_unit_test(a_code_is_a_lower_case_name),
        cmocka_unit_test(base_prices_change_with_the_plan_and_with_what_is_ordered_for_it),
        cmocka_unit_test(random_timelines_say_at_each_moment_what_the_plan_of_that_moment_says),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
