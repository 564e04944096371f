/* Monthly auto-allocation: when a month's run is due, that each month comes once, and what failures do. */
#include "arena_fixture.h"
#include "property.h"

#include "domain/allocation.h"
#include "domain/purchases.h"

enum { CASES = 100000, DOWNTIMES = 2000 };

#define DAYS(n) (INT64_C(1) * (n)*MICROS_PER_DAY)

static const char *const zones[] = {
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "America/Havana",    /* sets its clocks back over midnight, and forward at it */
    "America/Sao_Paulo", /* midnights were skipped */
    "America/St_Johns",  /* a date began twice */
    "Pacific/Kiritimati",
};

static const struct zone *zone_named(const char *name)
{
    const struct zone *zone = zone_find(str_from_c(name));

    assert_non_null(zone);
    return zone;
}

static instant_t instant_of(const char *text)
{
    instant_t at;

    assert_true(instant_parse(str_from_c(text), &at));
    return at;
}

static month_t month(int32_t year, int32_t of_year)
{
    return month_of((struct date){ year, of_year, 1 });
}

static void months_are_written_as_people_do(void **state)
{
    assert_str(month_format(*state, month(2026, 1)), "2026-01");
    assert_str(month_format(*state, month(2026, 12)), "2026-12");
    assert_str(month_format(*state, month(2026, 12) + 1), "2027-01");
}

static void the_31st_is_the_last_day_of_shorter_months_and_returns(void **state)
{
    const struct zone *utc = zone_named("UTC");

    assert_true(allocation_due(utc, month(2026, 1), 31) == instant_of("2026-01-31T00:00:00Z"));
    assert_true(allocation_due(utc, month(2026, 2), 31) == instant_of("2026-02-28T00:00:00Z"));
    assert_true(allocation_due(utc, month(2026, 3), 31) == instant_of("2026-03-31T00:00:00Z"));
    assert_true(allocation_due(utc, month(2028, 2), 30) == instant_of("2028-02-29T00:00:00Z"));
}

static void nights_with_a_changed_clock_begin_where_the_day_does(void **state)
{
    static const struct {
        const char *zone;
        int32_t year, month;
        int64_t day;
        const char *due;
    } rows[] = {
        { "Europe/Berlin", 2026, 3, 29, "2026-03-28T23:00:00Z" },
        { "Europe/Berlin", 2026, 3, 30, "2026-03-29T22:00:00Z" },
        { "Europe/Berlin", 2026, 10, 26, "2026-10-25T23:00:00Z" },
        { "America/Havana", 2026, 3, 8, "2026-03-08T05:00:00Z" },     /* 00:00 is 01:00 */
        { "America/Sao_Paulo", 2018, 11, 4, "2018-11-04T03:00:00Z" }, /* the same */
        { "America/St_Johns", 2009, 11, 1, "2009-11-01T02:30:00Z" },  /* the first of two */
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_row(allocation_due(zone_named(rows[i].zone), month(rows[i].year, rows[i].month),
                                  rows[i].day)
                       == instant_of(rows[i].due),
                   rows[i].due);
}

static void settings_that_change_charge_nothing_at_once(void **state)
{
    const struct zone *utc = zone_named("UTC");
    instant_t now = instant_of("2026-11-10T09:00:00Z");

    assert_int_equal(allocation_first_month(utc, 20, MONTH_NONE, now), month(2026, 11));
    assert_int_equal(allocation_first_month(utc, 10, MONTH_NONE, now), month(2026, 12));
    assert_int_equal(allocation_first_month(utc, 5, MONTH_NONE, now), month(2026, 12));
    assert_int_equal(allocation_first_month(utc, 20, month(2026, 11), now), month(2026, 12));
    assert_int_equal(allocation_first_month(utc, 20, month(2027, 1), now), month(2027, 2));
    now = instant_of("2026-11-20T00:00:00Z");
    assert_int_equal(allocation_first_month(utc, 20, MONTH_NONE, now), month(2026, 12));
    assert_int_equal(allocation_first_month(utc, 20, MONTH_NONE, now - 1), month(2026, 11));
}

/* Whether a date is the run's day of its month, told by counting. */
static bool is_day(struct date date, int64_t day)
{
    struct date next = date_add_days(date, 1);

    return date.day == day || (date.day < day && next.month != date.month);
}

static void the_first_run_is_found_by_walking_over_all_days(void **state)
{
    struct rng rng = property_rng("first runs");
    instant_t from = instant_of("2008-01-01T00:00:00Z"), to = instant_of("2030-01-01T00:00:00Z");

    for (int i = 0; i < CASES; i++) {
        const struct zone *zone = zone_named(zones[(size_t)i % COUNT_OF(zones)]);
        int64_t day = rng_between(&rng, 1, 31);
        instant_t now = rng_between(&rng, from, to);
        struct date date = zone_date(zone, now);
        month_t last = month_of(date) + rng_between(&rng, -2, 2);

        if (rng_between(&rng, 0, 3) == 0)
            now = zone_midnight(zone, date) + rng_between(&rng, -1, 1);
        date = date_add_days(zone_date(zone, now), -1);
        while (!is_day(date, day) || zone_midnight(zone, date) <= now || month_of(date) <= last)
            date = date_add_days(date, 1);

        month_t found = allocation_first_month(zone, day, last, now);

        assert_int_equal(found, month_of(date));
        assert_true(allocation_due(zone, found, day) == zone_midnight(zone, date));
    }
}

/* However long nobody looked, each month comes once, in order, when it is due. */
static void months_missed_are_caught_up_in_order_each_once(void **state)
{
    struct rng rng = property_rng("downtimes");

    for (int i = 0; i < DOWNTIMES; i++) {
        const struct zone *zone = zone_named(zones[(size_t)i % COUNT_OF(zones)]);
        instant_t now = instant_of("2026-01-01T00:00:00Z") + any_magnitude(&rng) % DAYS(365);
        struct allocation allocation = { .enabled = true,
                                         .seconds = { 60, 120 },
                                         .day = rng_between(&rng, 1, 31) };
        struct allocation_run run;

        allocation.next_month = allocation_first_month(zone, allocation.day, MONTH_NONE, now);
        month_t expected = allocation.next_month;

        for (int look = 0; look < 40; look++) {
            now += any_magnitude(&rng) % DAYS(rng_between(&rng, 0, 5) == 0 ? 200 : 20);
            while (allocation_take_due(&allocation, zone, now, &run)) {
                assert_int_equal(run.month, expected++);
                assert_true(run.due_at <= now);
                assert_int_equal(run.seconds[TIER_PREMIUM], 120);
                assert_int_equal(run.state, ALLOCATION_SCHEDULED);
            }
            assert_true(allocation_due(zone, expected, allocation.day) > now);
        }
    }
}

static void what_is_off_is_never_due(void **state)
{
    struct allocation allocation = { .enabled = false, .day = 1, .next_month = MONTH_NONE };
    struct allocation_run run;

    assert_false(allocation_take_due(&allocation, zone_named("UTC"), INT64_MAX / 2, &run));
}

static void failures_are_retried_on_the_1st_3rd_and_5th_day_then_past_due(void **state)
{
    static const int64_t days[] = { 1, 3, 5 };
    instant_t begun = instant_of("2026-11-28T00:00:00Z"), now = begun;
    struct allocation_run run = { .state = ALLOCATION_SCHEDULED };

    for (size_t i = 0; i < COUNT_OF(days); i++) {
        allocation_begun(&run);
        assert_false(allocation_failed(&run, STR("card_declined"), now));
        assert_int_equal(run.state, ALLOCATION_RETRYING);
        assert_true(run.retry_at == begun + DAYS(days[i]));
        now = run.retry_at;
    }
    allocation_begun(&run);
    assert_true(allocation_failed(&run, STR("expired_card"), now));
    assert_int_equal(run.state, ALLOCATION_PAST_DUE);
    assert_true(run.settled_at == now);
    assert_true(run.retry_at == INSTANT_NONE);
    assert_str(run.reason, "expired_card");
}

/* A server that was down over a retry leaves a whole day or two between tries all the same. */
static void a_late_retry_moves_those_after_it(void **state)
{
    struct allocation_run run = { .state = ALLOCATION_PROCESSING };

    allocation_failed(&run, STR("card_declined"), 0);
    allocation_begun(&run);
    allocation_failed(&run, STR("card_declined"), DAYS(10));
    assert_true(run.retry_at == DAYS(12));
}

static void a_run_that_is_paid_or_skipped_is_settled(void **state)
{
    struct allocation_run run = { .state = ALLOCATION_PROCESSING, .retry_at = INSTANT_NONE };

    assert_false(allocation_is_settled(ALLOCATION_PROCESSING));
    allocation_failed(&run, STR("card_declined"), 0);
    assert_false(allocation_is_settled((enum allocation_state)run.state));
    allocation_succeeded(&run, 5);
    assert_true(allocation_is_settled((enum allocation_state)run.state));
    assert_true(str_is_absent(run.reason));
    allocation_skipped(&run, SKIP_SUSPENDED, 6);
    assert_true(allocation_is_settled((enum allocation_state)run.state));
    assert_str(run.reason, "suspended");
    assert_true(run.settled_at == 6);
}

static void both_tiers_cost_whole_cents_at_base(void **state)
{
    const seconds_t seconds[TIER_COUNT] = { 6001, 18000 };
    const seconds_t too_many[TIER_COUNT] = { 0, PURCHASE_SECONDS_MAX + 1 };
    const seconds_t beyond[TIER_COUNT] = { INT64_MAX, 0 };
    const micros_t base[TIER_COUNT] = { 90000, 160000 };
    micros_t cost;

    assert_int_equal(allocation_cost(seconds, base, &cost), REASON_NONE);
    assert_int_equal(cost, 9010000 + 48000000);
    assert_int_equal(allocation_cost(too_many, base, &cost), REASON_TOO_LARGE);
    assert_int_equal(allocation_cost(beyond, base, &cost), REASON_OVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_are_written_as_people_do),
        cmocka_unit_test(the_31st_is_the_last_day_of_shorter_months_and_returns),
        cmocka_unit_test(nights_with_a_changed_clock_begin_where_the_day_does),
        cmocka_unit_test(settings_that_change_charge_nothing_at_once),
        cmocka_unit_test(the_first_run_is_found_by_walking_over_all_days),
        cmocka_unit_test(months_missed_are_caught_up_in_order_each_once),
        cmocka_unit_test(what_is_off_is_never_due),
        cmocka_unit_test(failures_are_retried_on_the_1st_3rd_and_5th_day_then_past_due),
        cmocka_unit_test(a_late_retry_moves_those_after_it),
        cmocka_unit_test(a_run_that_is_paid_or_skipped_is_settled),
        cmocka_unit_test(both_tiers_cost_whole_cents_at_base),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
