/* Times as phone systems write them, and the hours that come twice or never. */
#include "arena_fixture.h"

#include "base/time.h"
#include "integrations/call_times.h"

static instant_t utc(const char *text)
{
    instant_t at = INSTANT_NONE;

    assert_true(instant_parse(str_from_c(text), &at));
    return at;
}

static const struct zone *berlin(void)
{
    return zone_find(STR("Europe/Berlin"));
}

static void each_way_to_write_a_time_is_read(void **state)
{
    static const struct {
        const char *text, *instant;
    } rows[] = {
        { "2026-11-23 08:12:45", "2026-11-23T07:12:45Z" },
        { " 2026-11-23 08:12:45 ", "2026-11-23T07:12:45Z" },
        { "2026-07-23 08:12:45", "2026-07-23T06:12:45Z" },
        { "2026-11-23T08:12:45", "2026-11-23T07:12:45Z" },
        { "2026-11-23T08:12:45Z", "2026-11-23T08:12:45Z" },
        { "2026-11-23 08:12:45 UTC", "2026-11-23T08:12:45Z" },
        { "2026-11-23 08:12:45 PST", "2026-11-23T16:12:45Z" },
        { "2026-11-23 08:12:45 edt", "2026-11-23T12:12:45Z" },
        { "2026-11-23 08:12:45+00:00", "2026-11-23T08:12:45Z" },
        { "2026-11-23 08:12:45 +0530", "2026-11-23T02:42:45Z" },
        { "2026-11-23T08:12:45.250-08:00", "2026-11-23T16:12:45.25Z" },
        { "2026-11-23T08:12:45.123456789Z", "2026-11-23T08:12:45.123456Z" },
        { "Mon, 23 Nov 2026 08:12:45 +0000", "2026-11-23T08:12:45Z" },
        { "Mon, 03 Nov 2026 08:12:45 GMT", "2026-11-03T08:12:45Z" },
        { "3 nov 2026 08:12:45 -0500", "2026-11-03T13:12:45Z" },
        { "1970-01-01 01:00:00", "1970-01-01T00:00:00Z" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct call_time time;
        bool parsed = call_time_parse(str_from_c(rows[i].text), berlin(), &time);
        assert_row(parsed && time.earlier == utc(rows[i].instant), rows[i].text);
        assert_row(time.later == time.earlier, rows[i].text);
    }
}

static void anything_else_is_no_time(void **state)
{
    static const char *const texts[] = {
        "",
        "now",
        "2026-11-23",
        "08:12:45",
        "2026-11-23 08:12",
        "2026-11-23 24:00:00",
        "2026-11-23 08:60:45",
        "2026-11-23 08:12:60",
        "2026-02-29 08:12:45",
        "2026-13-01 08:12:45",
        "2026-00-10 08:12:45",
        "0000-00-00 00:00:00",
        "1969-12-31 23:59:59",
        "2200-01-01 00:00:00",
        "26-11-23 08:12:45",
        "23/11/2026 08:12:45",
        "2026-11-23 08:12:45 CEST",
        "2026-11-23 08:12:45 +25:00",
        "2026-11-23 08:12:45 +0",
        "2026-11-23 08:12:45.",
        "2026-11-23 08:12:45Z and more",
        "2026-11-23 08:12:45 Z Z",
        "Mon 23 Nov 2026 08:12:45 +0000",
        "Mon, 23 Foo 2026 08:12:45 +0000",
        "1732435965",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct call_time time;
        assert_row(!call_time_parse(str_from_c(texts[i]), berlin(), &time), texts[i]);
    }
}

static void an_hour_that_comes_twice_has_two_instants(void **state)
{
    struct call_time time;

    assert_true(call_time_parse(STR("2026-10-25 02:30:00"), berlin(), &time));
    assert_true(time.earlier == utc("2026-10-25T00:30:00Z"));
    assert_true(time.later == utc("2026-10-25T01:30:00Z"));

    assert_true(call_time_parse(STR("2026-10-25 01:59:59"), berlin(), &time));
    assert_true(time.earlier == time.later);
    assert_true(call_time_parse(STR("2026-10-25 03:00:00"), berlin(), &time));
    assert_true(time.earlier == time.later);
    assert_true(call_time_parse(STR("2026-10-25 02:30:00 +0100"), berlin(), &time));
    assert_true(time.earlier == time.later);
}

static void half_an_hour_may_come_twice_too(void **state)
{
    const struct zone *lord_howe = zone_find(STR("Australia/Lord_Howe"));
    struct call_time time;

    assert_true(call_time_parse(STR("2026-04-05 01:45:00"), lord_howe, &time));
    assert_true(time.later - time.earlier == 30 * 60 * MICROS_PER_SECOND);
}

static void a_time_that_never_was_is_read_with_the_offset_before_the_gap(void **state)
{
    struct call_time time;

    assert_true(call_time_parse(STR("2026-03-29 02:30:00"), berlin(), &time));
    assert_true(time.earlier == utc("2026-03-29T01:30:00Z"));
    assert_true(time.later == time.earlier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_to_write_a_time_is_read),
        cmocka_unit_test(anything_else_is_no_time),
        cmocka_unit_test(an_hour_that_comes_twice_has_two_instants),
        cmocka_unit_test(half_an_hour_may_come_twice_too),
        cmocka_unit_test(a_time_that_never_was_is_read_with_the_offset_before_the_gap),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
