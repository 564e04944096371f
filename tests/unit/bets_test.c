/* Betting that calls are new: a loss pauses it, the longer the more of them there are. */
#include "unit.h"

#include "engine/bets.h"

/* Groups that pass before the next bet. */
static int pause_of(struct bets *bets)
{
    int groups = 0;

    while (!bets_take(bets))
        groups++;
    return groups;
}

static void it_bets_as_long_as_it_wins(void **state)
{
    struct bets bets = bets_new(true);

    for (int i = 0; i < 1000; i++) {
        assert_true(bets_take(&bets));
        bets_settle(&bets, true);
    }
}

static void where_it_does_not_pay_it_never_bets(void **state)
{
    struct bets bets = bets_new(false);

    for (int i = 0; i < 1000; i++)
        assert_false(bets_take(&bets));
}

static void each_loss_doubles_the_pause_up_to_a_limit(void **state)
{
    struct bets bets = bets_new(true);

    for (int pause = BETS_CAUTION_MIN; pause < BETS_CAUTION_MAX; pause *= 2) {
        bets_settle(&bets, false);
        assert_int_equal(pause_of(&bets), pause);
    }
    for (int i = 0; i < 3; i++) {
        bets_settle(&bets, false);
        assert_int_equal(pause_of(&bets), BETS_CAUTION_MAX);
    }
}

static void wins_bring_confidence_back_one_by_one(void **state)
{
    struct bets bets = bets_new(true);

    bets_settle(&bets, false);
    pause_of(&bets);
    for (int i = 0; i < 3; i++)
        bets_settle(&bets, true);
    bets_settle(&bets, false);
    assert_int_equal(pause_of(&bets), 2 * BETS_CAUTION_MIN - 3);
}

/* A sender half of whose groups repeat something pays for few lost bets. */
static void a_coin_is_hardly_ever_bet_on(void **state)
{
    struct bets bets = bets_new(true);
    int lost = 0;

    for (int group = 0, bet = 0; group < 100000; group++) {
        if (!bets_take(&bets)) continue;
        lost += bet % 2;
        bets_settle(&bets, bet++ % 2 == 0);
    }
    assert_in_range(lost, 1, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_bets_as_long_as_it_wins),
        cmocka_unit_test(where_it_does_not_pay_it_never_bets),
        cmocka_unit_test(each_loss_doubles_the_pause_up_to_a_limit),
        cmocka_unit_test(wins_bring_confidence_back_one_by_one),
        cmocka_unit_test(a_coin_is_hardly_ever_bet_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
