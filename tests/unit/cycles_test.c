/* Billing cycles: the vectors, and that months share out all of time between them. */
#include "property.h"
#include "vectors.h"

#include "domain/cycles.h"

static const char *const zones[] = {
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/Havana",    /* sets its clocks back over midnight, and forward at it */
    "America/Sao_Paulo", /* midnights were skipped */
    "Asia/Beirut",       /* the same */
    "America/St_Johns",  /* until 2011 set them back at 00:01: a date began twice */
    "Africa/Cairo",
    "Pacific/Apia",        /* has no 30 December 2011 */
    "Australia/Lord_Howe", /* half-hour summer time */
    "Pacific/Kiritimati",
};

static const struct zone *zone_named(const char *name)
{
    const struct zone *zone = zone_find(str_from_c(name));

    assert_non_null(zone);
    return zone;
}

static void cycles_start_where_every_vector_says(void **state)
{
    cJSON *rows = vectors_load(*state, "billing_cycles"), *row;

    cJSON_ArrayForEach(row, rows)
    {
        const struct zone *zone = zone_find(vector_text(row, "timezone"));
        const cJSON *starts = cJSON_GetObjectItemCaseSensitive(row, "starts"), *start;
        struct date anchor;
        int32_t index = 0;

        assert_non_null(zone);
        assert_true(date_parse(vector_text(row, "anchor"), &anchor));
        assert_true(cJSON_GetArraySize(starts) > 1);
        cJSON_ArrayForEach(start, starts)
        {
            instant_t expected;

            assert_true(instant_parse(str_from_c(start->valuestring), &expected));
            assert_true(cycle_start(anchor, zone, index) == expected);
            assert_true(cycle_at(anchor, zone, expected).start == expected);
            index++;
        }
    }
    cJSON_Delete(rows);
}

static void a_clamped_day_returns(void **state)
{
    const struct zone *utc = zone_named("UTC");
    const struct date anchor = { 2026, 1, 31 };

    assert_int_equal(zone_date(utc, cycle_start(anchor, utc, 1)).day, 28);
    assert_int_equal(zone_date(utc, cycle_start(anchor, utc, 2)).day, 31);
    assert_int_equal(zone_date(utc, cycle_start(anchor, utc, 25)).day, 29); /* 2028 */
    assert_int_equal(zone_date(utc, cycle_start(anchor, utc, -2)).day, 30); /* November */
}

static void a_period_holds_its_start_and_not_its_end(void **state)
{
    const struct zone *berlin = zone_named("Europe/Berlin");
    const struct date anchor = { 2026, 3, 15 };
    struct period first = cycle_at(anchor, berlin, cycle_start(anchor, berlin, 0));

    assert_true(first.start == cycle_start(anchor, berlin, 0));
    assert_true(first.end == cycle_start(anchor, berlin, 1));
    assert_true(cycle_at(anchor, berlin, first.end - 1).start == first.start);
    assert_true(cycle_at(anchor, berlin, first.end).start == first.end);
}

static void time_before_the_anchor_has_cycles_too(void **state)
{
    const struct zone *utc = zone_named("UTC");
    const struct date anchor = { 2026, 3, 15 };
    instant_t start = cycle_start(anchor, utc, 0);

    assert_true(cycle_at(anchor, utc, start - 1).end == start);
    assert_true(cycle_at(anchor, utc, start - 1).start == cycle_start(anchor, utc, -1));
}

/* 1 November 2009 began at 02:30 UTC, and a minute later it was 31 October again for an hour. */
static void a_cycle_goes_on_when_its_first_day_begins_twice(void **state)
{
    const struct zone *st_johns = zone_named("America/St_Johns");
    const struct date anchor = { 2009, 9, 1 };
    instant_t start, yesterday_again;

    assert_true(instant_parse(STR("2009-11-01T02:30:00Z"), &start));
    assert_true(instant_parse(STR("2009-11-01T02:45:00Z"), &yesterday_again));
    assert_int_equal(zone_date(st_johns, yesterday_again).month, 10);
    assert_true(cycle_start(anchor, st_johns, 2) == start);
    assert_true(cycle_at(anchor, st_johns, yesterday_again).start == start);
    assert_true(cycle_at(anchor, st_johns, start - 1).end == start);
}

/* Whatever falls between two starts is in that cycle, and the next begins where it ends. */
static void assert_cycle_holds(struct date anchor, const struct zone *zone, int32_t index,
                               instant_t within)
{
    instant_t start = cycle_start(anchor, zone, index);
    instant_t end = cycle_start(anchor, zone, index + 1);
    const instant_t samples[] = { start, within, end - 1 };

    assert_true(start < end);
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct period period = cycle_at(anchor, zone, samples[i]);

        assert_true(period.start == start);
        assert_true(period.end == end);
    }
}

static void cycles_share_out_five_years_without_gap_or_overlap(void **state)
{
    struct rng rng = property_rng("cycles partition time");

    for (int round = 0; round < 200; round++) {
        const struct zone *zone = zone_named(zones[(size_t)round % COUNT_OF(zones)]);
        struct date anchor = { (int32_t)rng_between(&rng, 2009, 2027),
                               (int32_t)rng_between(&rng, 1, 12), 0 };

        anchor.day = (int32_t)rng_between(&rng, 1, date_days_in_month(anchor.year, anchor.month));
        for (int32_t index = -3; index < 60; index++) {
            instant_t start = cycle_start(anchor, zone, index);
            instant_t end = cycle_start(anchor, zone, index + 1);

            assert_cycle_holds(anchor, zone, index, rng_between(&rng, start, end - 1));
        }
    }
}

static void every_cycle_starts_on_the_anchors_day_or_the_months_last(void **state)
{
    struct rng rng = property_rng("cycle days");

    for (int round = 0; round < 200; round++) {
        const struct zone *zone = zone_named(zones[(size_t)round % COUNT_OF(zones)]);
        struct date anchor = { 2020, (int32_t)rng_between(&rng, 1, 12), 0 };
        int32_t index = (int32_t)rng_between(&rng, -24, 120);

        anchor.day = (int32_t)rng_between(&rng, 1, date_days_in_month(anchor.year, anchor.month));

        struct date date = zone_date(zone, cycle_start(anchor, zone, index));
        int32_t last = date_days_in_month(date.year, date.month);

        assert_int_equal(date.day, anchor.day < last ? anchor.day : last);
        assert_int_equal((date.year - anchor.year) * 12 + date.month - anchor.month, index);
    }
}

static int set_up(void **state)
{
    *state = arena_new(4096);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

/* Also where a date began twice, and for days that the month does not have. */
static void anchors_of_the_same_day_share_their_cycle(void **state)
{
    struct rng rng = property_rng("shared cycles");

    for (int round = 0; round < 500; round++) {
        const struct zone *zone = zone_named(zones[(size_t)round % COUNT_OF(zones)]);
        instant_t at = rng_between(&rng, 0, INT64_C(30000)) * MICROS_PER_DAY
            + rng_between(&rng, 0, MICROS_PER_DAY - 1);
        struct cycles cycles = cycles_at(zone, at);

        for (int i = 0; i < 100; i++) {
            struct date anchor = date_from_days(rng_between(&rng, 0, 30000));
            struct period own = cycle_at(anchor, zone, at), shared = cycles_find(&cycles, anchor);

            assert_true(own.start == shared.start && own.end == shared.end);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_start_where_every_vector_says),
        cmocka_unit_test(a_clamped_day_returns),
        cmocka_unit_test(a_period_holds_its_start_and_not_its_end),
        cmocka_unit_test(time_before_the_anchor_has_cycles_too),
        cmocka_unit_test(a_cycle_goes_on_when_its_first_day_begins_twice),
        cmocka_unit_test(cycles_share_out_five_years_without_gap_or_overlap),
        cmocka_unit_test(every_cycle_starts_on_the_anchors_day_or_the_months_last),
        cmocka_unit_test(anchors_of_the_same_day_share_their_cycle),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
