/* Requests a second: a burst of one second's, then one whenever it is due, each sender by itself. */
#include "unit.h"

#include "base/types.h"
#include "http/rates.h"

enum { PER_SECOND = 10, ONE = 1, OTHER = 2 };

static int64_t taken(struct rates *rates, uint64_t sender, int64_t now_us)
{
    int64_t n = 0;

    while (rates_take(rates, sender, PER_SECOND, now_us))
        n++;
    return n;
}

static void a_burst_is_a_seconds_worth_and_then_they_come_due(void **state)
{
    struct rates *rates = rates_new();
    int64_t now_us = 5 * MICROS_PER_SECOND;

    assert_int_equal(taken(rates, ONE, now_us), PER_SECOND);
    assert_int_equal(taken(rates, ONE, now_us + 99999), 0);
    assert_int_equal(taken(rates, ONE, now_us + 100000), 1);
    assert_int_equal(taken(rates, ONE, now_us + 600000), 5);
    assert_int_equal(taken(rates, ONE, now_us + 60 * MICROS_PER_SECOND), PER_SECOND);
    assert_int_equal(rates_refused(rates), 5);
    rates_free(rates);
}

static void a_senders_own_terms_come_before_what_all_may(void **state)
{
    struct rates *rates = rates_new();

    rates_set_terms(rates, ONE, (struct sender_terms){ .per_second = 3, .share = 2 });
    assert_int_equal(taken(rates, ONE, 0), 3);
    assert_int_equal(taken(rates, OTHER, 0), PER_SECOND);
    assert_int_equal(rates_share(rates, ONE), 2);
    assert_int_equal(rates_share(rates, OTHER), 1);
    rates_set_terms(rates, ONE, (struct sender_terms){ .share = 1 });
    assert_int_equal(taken(rates, ONE, MICROS_PER_SECOND), PER_SECOND);
    assert_int_equal(rates_share(rates, ONE), 1);
    for (size_t i = 0; i < 100; i++)
        assert_true(rates_take(rates, ONE, 0, 2 * MICROS_PER_SECOND)); /* any number */
    rates_free(rates);
}

static void senders_are_counted_apart(void **state)
{
    struct rates *rates = rates_new();

    assert_int_equal(taken(rates, ONE, 0), PER_SECOND);
    assert_int_equal(taken(rates, OTHER, 0), PER_SECOND);
    for (uint64_t sender = 0; sender < 5000; sender++)
        assert_int_equal(taken(rates, 100 + sender, 0), PER_SECOND);
    rates_free(rates);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_a_seconds_worth_and_then_they_come_due),
        cmocka_unit_test(a_senders_own_terms_come_before_what_all_may),
        cmocka_unit_test(senders_are_counted_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
