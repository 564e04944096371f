/* The memory of requests on their way: nobody takes all of it, and what is given back is there again. */
#include "unit.h"

#include "http/budget.h"

enum { BYTES = 1000, FLOOD = 1, LIGHT = 2 };

static void a_sender_has_as_much_as_is_left_for_others(void **state)
{
    struct budget *budget = budget_new(BYTES);

    assert_true(budget_take(budget, FLOOD, 400));
    assert_true(budget_take(budget, FLOOD, 100));
    assert_false(budget_take(budget, FLOOD, 1));
    assert_true(budget_take(budget, LIGHT, 250));
    assert_false(budget_take(budget, LIGHT, 1));
    assert_int_equal(budget_stats(budget).used, 750);
    assert_int_equal(budget_stats(budget).refused, 2);
    budget_give(budget, FLOOD, 500);
    budget_give(budget, LIGHT, 250);
    assert_true(budget_take(budget, FLOOD, 500));
    budget_give(budget, FLOOD, 500);
    budget_free(budget);
}

static void more_than_there_is_never_fits(void **state)
{
    struct budget *budget = budget_new(BYTES);

    assert_false(budget_take(budget, FLOOD, BYTES + 1));
    assert_false(budget_take(budget, FLOOD, SIZE_MAX));
    assert_false(budget_take(budget, FLOOD, BYTES / 2 + 1));
    assert_int_equal(budget_stats(budget).used, 0);
    budget_free(budget);
}

static void many_senders_are_told_apart(void **state)
{
    enum { SENDERS = 2000 };
    struct budget *budget = budget_new(SENDERS * SENDERS * 2);

    for (uint64_t sender = 0; sender < SENDERS; sender++)
        assert_true(budget_take(budget, sender, 1 + sender));
    for (uint64_t sender = SENDERS; sender-- > 0;)
        budget_give(budget, sender, 1 + sender);
    assert_int_equal(budget_stats(budget).used, 0);
    budget_free(budget);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sender_has_as_much_as_is_left_for_others),
        cmocka_unit_test(more_than_there_is_never_fits),
        cmocka_unit_test(many_senders_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
