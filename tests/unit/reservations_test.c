/* What a call may begin with, be extended by and give back: the order of refusals, and how long a hold lasts. */
#include "unit.h"

#include "domain/reservations.h"

#define NOW ((instant_t)1790000000000000)
#define S   MICROS_PER_SECOND

/* Nothing stands in the way of these. */
static struct hold_facts fine(void)
{
    return (struct hold_facts){ .account_is_known = true,
                                .account = SUBACCOUNT_ACTIVE,
                                .agent = AGENT_ACTIVE,
                                .campaign = CAMPAIGN_RUNNING,
                                .calls_in_progress = 3,
                                .concurrency_limit = 4,
                                .wallet = 1000 };
}

static enum reason reason_of(const struct hold_facts *facts)
{
    seconds_t granted;

    return may_hold(facts, 300, &granted);
}

static void what_is_wrong_first_is_what_is_told(void **state)
{
    /* Everything is wrong at once; what is told is put right, one by one. */
    struct hold_facts facts = { .account_is_known = false,
                                .account = SUBACCOUNT_REMOVED,
                                .agent = AGENT_INACTIVE,
                                .campaign = CAMPAIGN_PAUSED,
                                .calls_in_progress = 4,
                                .concurrency_limit = 4,
                                .wallet = 0 };

    assert_int_equal(reason_of(&facts), REASON_UNKNOWN_SUBACCOUNT);
    facts.account_is_known = true;
    assert_int_equal(reason_of(&facts), REASON_SUBACCOUNT_REMOVED);
    facts.account = SUBACCOUNT_SUSPENDED;
    assert_int_equal(reason_of(&facts), REASON_SUBACCOUNT_SUSPENDED);
    facts.account = SUBACCOUNT_ACTIVE;
    assert_int_equal(reason_of(&facts), REASON_AGENT_INACTIVE);
    facts.agent = AGENT_ACTIVE;
    assert_int_equal(reason_of(&facts), REASON_CAMPAIGN_PAUSED);
    facts.campaign = CAMPAIGN_RUNNING;
    assert_int_equal(reason_of(&facts), REASON_CONCURRENCY_LIMIT);
    facts.calls_in_progress = 3;
    assert_int_equal(reason_of(&facts), REASON_INSUFFICIENT_MINUTES);
    facts.wallet = 1;
    assert_int_equal(reason_of(&facts), REASON_NONE);
}

static void what_is_wanted_is_granted_or_what_is_left(void **state)
{
    static const struct {
        seconds_t wallet, wanted, granted;
    } rows[] = {
        { 1000, 300, 300 }, { 300, 300, 300 }, { 299, 300, 299 },
        { 1, 300, 1 },      { 0, 300, 0 },     { -5, 300, 0 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hold_facts facts = fine();
        seconds_t granted;

        facts.wallet = rows[i].wallet;
        assert_int_equal(may_hold(&facts, rows[i].wanted, &granted),
                         rows[i].granted > 0 ? REASON_NONE : REASON_INSUFFICIENT_MINUTES);
        assert_int_equal(granted, rows[i].granted);
    }
}

static void without_a_limit_any_number_of_calls_is_in_progress(void **state)
{
    struct hold_facts facts = fine();

    facts.calls_in_progress = 100000;
    assert_int_equal(reason_of(&facts), REASON_CONCURRENCY_LIMIT);
    facts.concurrency_limit = CONCURRENCY_UNLIMITED;
    assert_int_equal(reason_of(&facts), REASON_NONE);
    assert_int_equal(concurrency_limit_of(CONCURRENCY_UNLIMITED, 7), 7);
    assert_int_equal(concurrency_limit_of(9, 7), 9);
    assert_int_equal(concurrency_limit_of(CONCURRENCY_UNLIMITED, CONCURRENCY_UNLIMITED),
                     CONCURRENCY_UNLIMITED);
}

static struct reservation open_one(void)
{
    return (struct reservation){ .state = RESERVATION_OPEN, .granted = 300, .expires_at = NOW + 1 };
}

static void an_extension_is_refused_in_a_stated_order(void **state)
{
    static const struct {
        enum reservation_state state;
        enum reason reason;
    } over[] = { { RESERVATION_ENDED, REASON_RESERVATION_ENDED },
                 { RESERVATION_CANCELED, REASON_RESERVATION_CANCELED },
                 { RESERVATION_EXPIRED, REASON_RESERVATION_EXPIRED } };
    struct reservation reservation = open_one();
    seconds_t granted;

    for (size_t i = 0; i < COUNT_OF(over); i++) {
        reservation.state = over[i].state;
        assert_int_equal(may_extend(&reservation, SUBACCOUNT_REMOVED, 0, 60, NOW, &granted),
                         over[i].reason);
    }
    reservation = open_one();
    reservation.granted = RESERVATION_SECONDS_MAX;
    reservation.expires_at = NOW; /* not swept up yet */
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_REMOVED, 0, 60, NOW, &granted),
                     REASON_RESERVATION_EXPIRED);
    reservation.expires_at = NOW + 1;
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_REMOVED, 0, 60, NOW, &granted),
                     REASON_SUBACCOUNT_REMOVED);
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_SUSPENDED, 0, 60, NOW, &granted),
                     REASON_SUBACCOUNT_SUSPENDED);
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_ACTIVE, 0, 60, NOW, &granted),
                     REASON_CALL_TOO_LONG);
    reservation.granted = RESERVATION_SECONDS_MAX - 10;
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_ACTIVE, 0, 60, NOW, &granted),
                     REASON_INSUFFICIENT_MINUTES);
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_ACTIVE, 5, 60, NOW, &granted),
                     REASON_NONE);
    assert_int_equal(granted, 5);
    assert_int_equal(may_extend(&reservation, SUBACCOUNT_ACTIVE, 50, 60, NOW, &granted),
                     REASON_NONE);
    assert_int_equal(granted, 10);
}

static void what_has_ended_is_not_given_back(void **state)
{
    struct reservation reservation = open_one();

    for (int i = RESERVATION_OPEN; i <= RESERVATION_EXPIRED; i++) {
        reservation.state = i;
        assert_int_equal(may_cancel(&reservation),
                         i == RESERVATION_ENDED ? REASON_RESERVATION_ENDED : REASON_NONE);
    }
}

static void it_lasts_as_long_as_was_granted_and_a_little_longer(void **state)
{
    instant_t expires_at = hold_expiry(NOW, 300, 120);

    assert_int_equal(expires_at, NOW + 420 * S);
    assert_int_equal(hold_expiry_extended(expires_at, 60), NOW + 480 * S);
}

static void in_an_account_that_is_not_active_nothing_is(void **state)
{
    static const enum subaccount_status others[] = { SUBACCOUNT_SUSPENDED, SUBACCOUNT_REMOVED };

    assert_int_equal(agent_effective(SUBACCOUNT_ACTIVE, AGENT_ACTIVE), AGENT_ACTIVE);
    assert_int_equal(agent_effective(SUBACCOUNT_ACTIVE, AGENT_INACTIVE), AGENT_INACTIVE);
    assert_int_equal(campaign_effective(SUBACCOUNT_ACTIVE, CAMPAIGN_RUNNING), CAMPAIGN_RUNNING);
    assert_int_equal(campaign_effective(SUBACCOUNT_ACTIVE, CAMPAIGN_PAUSED), CAMPAIGN_PAUSED);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_int_equal(agent_effective(others[i], AGENT_ACTIVE), AGENT_INACTIVE);
        assert_int_equal(campaign_effective(others[i], CAMPAIGN_RUNNING), CAMPAIGN_PAUSED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_first_is_what_is_told),
        cmocka_unit_test(what_is_wanted_is_granted_or_what_is_left),
        cmocka_unit_test(without_a_limit_any_number_of_calls_is_in_progress),
        cmocka_unit_test(an_extension_is_refused_in_a_stated_order),
        cmocka_unit_test(what_has_ended_is_not_given_back),
        cmocka_unit_test(it_lasts_as_long_as_was_granted_and_a_little_longer),
        cmocka_unit_test(in_an_account_that_is_not_active_nothing_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
