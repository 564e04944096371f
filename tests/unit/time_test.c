/* Instants as text and back, and the clocks. */
#include "arena_fixture.h"
#include "property.h"

#include "base/time.h"

#include <time.h>

enum { ROUNDS = 20000 };

/* 2026-11-23T08:12:45Z, by `date -u -d … +%s`. */
#define EXAMPLE (INT64_C(1795421565) * MICROS_PER_SECOND)

static void an_instant_is_read_with_its_zone(void **state)
{
    static const struct {
        const char *text;
        instant_t instant;
    } rows[] = {
        { "2026-11-23T08:12:45Z", EXAMPLE },
        { "2026-11-23t08:12:45z", EXAMPLE },
        { "2026-11-23 08:12:45Z", EXAMPLE },
        { "2026-11-23T10:12:45+02:00", EXAMPLE },
        { "2026-11-23T13:57:45+05:45", EXAMPLE },
        { "2026-11-22T20:12:45-12:00", EXAMPLE },
        { "2026-11-23T08:12:45-00:00", EXAMPLE },
        { "2026-11-23T08:12:45.25Z", EXAMPLE + 250000 },
        { "2026-11-23T08:12:45.000001Z", EXAMPLE + 1 },
        { "2026-11-23T08:12:45.000000999Z", EXAMPLE },
        { "2026-11-23T08:12:45.123456789+00:00", EXAMPLE + 123456 },
        { "1970-01-01T00:00:00Z", 0 },
        { "2000-02-29T12:00:00Z", INT64_C(951825600) * MICROS_PER_SECOND },
        { "2016-12-31T23:59:60Z", INT64_C(1483228800) * MICROS_PER_SECOND },
        { "2199-12-31T23:59:59.999999Z", INT64_C(7258118400) * MICROS_PER_SECOND - 1 },
    };
    instant_t instant;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_row(instant_parse(str_from_c(rows[i].text), &instant) && instant == rows[i].instant,
                   rows[i].text);
}

static void what_is_no_instant_with_a_zone_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "now",
        "1795421565",
        "2026-11-23",
        "2026-11-23T08:12:45",
        "2026-11-23T08:12Z",
        "2026-11-23T8:12:45Z",
        "26-11-23T08:12:45Z",
        "2026-11-23T08:12:45 Z",
        " 2026-11-23T08:12:45Z",
        "2026-11-23T08:12:45Z ",
        "2026-11-23_08:12:45Z",
        "2026/11/23T08:12:45Z",
        "2026-11-23T08:12:45.Z",
        "2026-11-23T08:12:45,5Z",
        "2026-11-23T08:12:45.1234567890Z",
        "2026-11-23T08:12:45+0200",
        "2026-11-23T08:12:45+2:00",
        "2026-11-23T08:12:45+24:00",
        "2026-11-23T08:12:45+02:60",
        "2026-11-23T08:12:45CET",
        "2026-11-23T24:00:00Z",
        "2026-11-23T08:60:00Z",
        "2026-11-23T08:12:61Z",
        "2026-00-23T08:12:45Z",
        "2026-13-23T08:12:45Z",
        "2026-11-00T08:12:45Z",
        "2026-11-31T08:12:45Z",
        "2026-02-29T08:12:45Z",
        "2100-02-29T08:12:45Z",
        "2026-1１-23T08:12:45Z",
    };
    instant_t instant;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!instant_parse(str_from_c(texts[i]), &instant), texts[i]);
}

static void years_are_those_from_1970_to_2199(void **state)
{
    static const char *const texts[] = {
        "1969-12-31T23:59:59Z",      "1970-01-01T00:00:00+00:01", "2200-01-01T00:00:00Z",
        "2199-12-31T23:59:59-00:01", "2199-12-31T23:59:60Z",      "9999-12-31T23:59:59Z",
        "0000-01-01T00:00:00Z",
    };
    instant_t instant;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!instant_parse(str_from_c(texts[i]), &instant), texts[i]);
}

static void an_instant_is_written_in_utc_without_idle_digits(void **state)
{
    assert_str(instant_format(*state, EXAMPLE), "2026-11-23T08:12:45Z");
    assert_str(instant_format(*state, EXAMPLE + 250000), "2026-11-23T08:12:45.25Z");
    assert_str(instant_format(*state, EXAMPLE + 1), "2026-11-23T08:12:45.000001Z");
    assert_str(instant_format(*state, EXAMPLE + 100), "2026-11-23T08:12:45.0001Z");
    assert_str(instant_format(*state, 0), "1970-01-01T00:00:00Z");
}

static void an_instant_before_1970_is_written_too(void **state)
{
    assert_str(instant_format(*state, -1), "1969-12-31T23:59:59.999999Z");
    assert_str(instant_format(*state, -MICROS_PER_DAY), "1969-12-31T00:00:00Z");
    assert_str(instant_format(*state, -1500000), "1969-12-31T23:59:58.5Z");
}

static void every_instant_survives_writing_and_reading(void **state)
{
    const instant_t end = INT64_C(7258118400) * MICROS_PER_SECOND;
    struct rng rng = property_rng("instants as text");

    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark mark = arena_mark(*state);
        instant_t instant = rng_between(&rng, 0, end - 1), again;

        assert_true(instant_parse(instant_format(*state, instant), &again));
        assert_true(again == instant);
        arena_rewind(*state, mark);
    }
}

/* The C library's calendar, which shares no line with ours. */
static void seconds_are_written_as_the_system_writes_them(void **state)
{
    struct rng rng = property_rng("instants and gmtime");

    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark mark = arena_mark(*state);
        time_t seconds = (time_t)rng_between(&rng, 0, INT64_C(7258118399));
        struct tm tm;
        char expected[32];

        assert_non_null(gmtime_r(&seconds, &tm));
        strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &tm);
        assert_str(instant_format(*state, seconds * MICROS_PER_SECOND), expected);
        arena_rewind(*state, mark);
    }
}

static void the_clock_is_the_systems(void **state)
{
    instant_t before = (instant_t)time(NULL) * MICROS_PER_SECOND;

    assert_in_range(clock_now(), before, before + 60 * MICROS_PER_SECOND);
}

static void the_monotonic_clock_never_steps_back(void **state)
{
    int64_t last = clock_monotonic_us();

    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_us();
        assert_true(now >= last);
        last = now;
    }
}

/* Last, as it sets this program's clock. */
static void a_test_clock_starts_where_it_is_set_and_goes_on(void **state)
{
    int64_t monotonic = clock_monotonic_us();

    clock_set_test(EXAMPLE);
    assert_in_range(clock_now(), EXAMPLE, EXAMPLE + 60 * MICROS_PER_SECOND);
    instant_t first = clock_now();
    nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
    assert_true(clock_now() >= first + 2000);
    clock_set_test(EXAMPLE - 365 * MICROS_PER_DAY);
    assert_true(clock_now() < EXAMPLE);
    assert_in_range(clock_monotonic_us(), monotonic, monotonic + 60 * MICROS_PER_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instant_is_read_with_its_zone),
        cmocka_unit_test(what_is_no_instant_with_a_zone_is_refused),
        cmocka_unit_test(years_are_those_from_1970_to_2199),
        cmocka_unit_test(an_instant_is_written_in_utc_without_idle_digits),
        cmocka_unit_test(an_instant_before_1970_is_written_too),
        cmocka_unit_test(every_instant_survives_writing_and_reading),
        cmocka_unit_test(seconds_are_written_as_the_system_writes_them),
        cmocka_unit_test(the_clock_is_the_systems),
        cmocka_unit_test(the_monotonic_clock_never_steps_back),
        cmocka_unit_test(a_test_clock_starts_where_it_is_set_and_goes_on),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
