/* What about an account needs a look (domain.md §14). */
#include "unit.h"

#include "domain/risks.h"

static struct risk_facts facts(seconds_t basic, seconds_t premium, seconds_t used)
{
    return (struct risk_facts){ .wallet = { basic, premium }, .used = used };
}

static void overdrawn_is_a_tier_below_zero_whatever_the_other_has(void **state)
{
    struct risk_facts below = facts(100000, -1, 0), even = facts(0, 0, 0);

    assert_true(risk_stands(RISK_OVERDRAWN, &below));
    assert_false(risk_stands(RISK_OVERDRAWN, &even));
}

static void low_balance_is_less_than_an_hour_left_of_who_uses_minutes(void **state)
{
    struct risk_facts least = facts(1800, 1800, 60), less = facts(1800, 1799, 60);
    struct risk_facts unused = facts(0, 0, 0);

    assert_false(risk_stands(RISK_LOW_BALANCE, &least));
    assert_true(risk_stands(RISK_LOW_BALANCE, &less));
    assert_false(risk_stands(RISK_LOW_BALANCE, &unused));
}

static void an_overdrawn_account_is_not_told_twice(void **state)
{
    struct risk_facts below = facts(0, -60, 600);

    assert_true(risk_stands(RISK_OVERDRAWN, &below));
    assert_false(risk_stands(RISK_LOW_BALANCE, &below));
}

static void suspended_is_a_risk_of_its_own(void **state)
{
    struct risk_facts suspended = facts(100000, 0, 600);

    assert_false(risk_stands(RISK_SUSPENDED, &suspended));
    suspended.is_suspended = true;
    assert_true(risk_stands(RISK_SUSPENDED, &suspended));
    assert_false(risk_stands(RISK_LOW_BALANCE, &suspended));
}

static void payments_that_fail_are_told_until_one_does_not(void **state)
{
    struct risk_facts failing = facts(100000, 0, 600);

    assert_false(risk_stands(RISK_PAYMENT_FAILING, &failing));
    assert_false(risk_stands(RISK_ALLOCATION_PAST_DUE, &failing));
    failing.payment_fails = true;
    failing.allocation_is_past_due = true;
    assert_true(risk_stands(RISK_PAYMENT_FAILING, &failing));
    assert_true(risk_stands(RISK_ALLOCATION_PAST_DUE, &failing));
}

static void every_risk_has_a_name(void **state)
{
    for (int risk = 0; risk < RISK_COUNT; risk++)
        assert_non_null(risk_names[risk]);
    assert_null(risk_names[RISK_COUNT]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overdrawn_is_a_tier_below_zero_whatever_the_other_has),
        cmocka_unit_test(low_balance_is_less_than_an_hour_left_of_who_uses_minutes),
        cmocka_unit_test(an_overdrawn_account_is_not_told_twice),
        cmocka_unit_test(suspended_is_a_risk_of_its_own),
        cmocka_unit_test(payments_that_fail_are_told_until_one_does_not),
        cmocka_unit_test(every_risk_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
