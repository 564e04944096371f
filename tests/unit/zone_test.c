/* Dates and the clocks of zones: gaps, overlaps, skipped days, and arithmetic that never drifts. */
#include "arena_fixture.h"
#include "property.h"

#include "base/time.h"
#include "base/zone.h"

#include <pthread.h>

static const char *const zone_names[] = {
    "UTC",          "Europe/Berlin",    "America/New_York",    "America/Sao_Paulo",
    "Asia/Tokyo",   "Asia/Kathmandu",   "Australia/Lord_Howe", "Pacific/Apia",
    "Africa/Cairo", "America/St_Johns", "Pacific/Chatham",     "Africa/Casablanca",
    "Asia/Tehran",  "America/Asuncion", "Antarctica/Troll",    "Asia/Kolkata",
};

static const struct zone *zone_named(const char *name)
{
    const struct zone *zone = zone_find(str_from_c(name));

    assert_non_null(zone);
    return zone;
}

static struct date date(const char *text)
{
    struct date parsed;

    assert_true(date_parse(str_from_c(text), &parsed));
    return parsed;
}

static void days_are_counted_from_1970(void **state)
{
    static const struct {
        const char *text;
        int64_t days;
    } rows[] = {
        { "1970-01-01", 0 },       { "1970-01-02", 1 },     { "1969-12-31", -1 },
        { "2000-02-29", 11016 },   { "2000-03-01", 11017 }, { "2026-11-25", 20782 },
        { "2100-02-28", 47540 },   { "2100-03-01", 47541 }, { "0001-01-01", -719162 },
        { "9999-12-31", 2932896 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row(date_to_days(date(rows[i].text)) == rows[i].days, rows[i].text);
        assert_str(date_format(*state, date_from_days(rows[i].days)), rows[i].text);
    }
}

static void every_day_is_followed_by_the_next(void **state)
{
    struct date last = date_from_days(-200000);

    for (int64_t day = -199999; day < 200000; day++) {
        struct date next = date_from_days(day);
        bool is_first = next.day == 1;
        assert_true(date_is_valid(next));
        assert_int_equal(date_to_days(next), day);
        assert_int_equal(date_compare(last, next), -1);
        assert_true(is_first ? last.day == date_days_in_month(last.year, last.month)
                             : next.day == last.day + 1 && next.month == last.month);
        last = next;
    }
}

static void months_are_clamped_and_days_added(void **state)
{
    static const struct {
        const char *from;
        int32_t months;
        const char *to;
    } rows[] = {
        { "2026-01-31", 1, "2026-02-28" },   { "2024-01-31", 1, "2024-02-29" },
        { "2026-01-31", 2, "2026-03-31" },   { "2026-03-31", -1, "2026-02-28" },
        { "2026-12-15", 1, "2027-01-15" },   { "2026-01-15", -1, "2025-12-15" },
        { "2026-01-31", -13, "2024-12-31" }, { "2024-02-29", 12, "2025-02-28" },
        { "2024-02-29", 48, "2028-02-29" },  { "2026-05-31", 0, "2026-05-31" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str(date_format(*state, date_add_months(date(rows[i].from), rows[i].months)),
                   rows[i].to);
    assert_str(date_format(*state, date_add_days(date("2026-12-31"), 1)), "2027-01-01");
    assert_str(date_format(*state, date_add_days(date("2024-03-01"), -1)), "2024-02-29");
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const texts[] = {
        "",           "2026-11",    "2026-11-2",  "2026-11-233", "2026/11/23", "26-11-23",
        "2026-13-01", "2026-00-01", "2026-02-29", "2026-04-31",  "2026-01-00", "2026-1-011",
        "+026-01-01", "2026-01-0x", " 2026-01-1", "2100-02-29",  "2026-01-32",
    };
    struct date parsed;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!date_parse(str_from_c(texts[i]), &parsed), texts[i]);
}

static void zones_are_those_of_the_iana_database(void **state)
{
    static const char *const unknown[] = {
        "",
        "Mars/Olympus",
        "europe/berlin ",
        "GMT+3",
        "UTC+1",
        "Etc/Unknown",
        "PST",
        "Z",
        "+02:00",
        "Europe",
        "Europe/",
        "SystemV/EST5EDT",
        "EST5EDT4",
        "Europe/Berlin\n",
    };

    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        assert_row(zone_find(str_from_c(unknown[i])) == NULL, unknown[i]);
    for (size_t i = 0; i < COUNT_OF(zone_names); i++)
        assert_str(zone_name(zone_named(zone_names[i])), zone_names[i]);
}

/* A wall time, the instant that it means, and the later one where it comes twice. */
static void wall_times_mean_their_instants(void **state)
{
    static const struct {
        const char *zone, *date;
        struct clock_time time;
        const char *at, *later;
    } rows[] = {
        { "UTC", "2026-11-23", { 8, 12, 45 }, "2026-11-23T08:12:45Z", NULL },
        { "Europe/Berlin", "2026-07-01", { 12, 0, 0 }, "2026-07-01T10:00:00Z", NULL },
        { "Europe/Berlin", "2026-01-01", { 0, 0, 0 }, "2025-12-31T23:00:00Z", NULL },
        /* The gap: read with the offset before it. */
        { "Europe/Berlin", "2026-03-29", { 2, 30, 0 }, "2026-03-29T01:30:00Z", NULL },
        { "Europe/Berlin", "2026-03-29", { 1, 59, 59 }, "2026-03-29T00:59:59Z", NULL },
        { "Europe/Berlin", "2026-03-29", { 3, 0, 0 }, "2026-03-29T01:00:00Z", NULL },
        /* The overlap: the earlier of two. */
        { "Europe/Berlin",
          "2026-10-25",
          { 2, 30, 0 },
          "2026-10-25T00:30:00Z",
          "2026-10-25T01:30:00Z" },
        { "Europe/Berlin", "2026-10-25", { 3, 0, 0 }, "2026-10-25T02:00:00Z", NULL },
        { "America/New_York",
          "2026-11-01",
          { 1, 0, 0 },
          "2026-11-01T05:00:00Z",
          "2026-11-01T06:00:00Z" },
        /* Half an hour, and three quarters. */
        { "Australia/Lord_Howe",
          "2026-04-05",
          { 1, 45, 0 },
          "2026-04-04T14:45:00Z",
          "2026-04-04T15:15:00Z" },
        { "Asia/Kathmandu", "2026-11-23", { 0, 0, 0 }, "2026-11-22T18:15:00Z", NULL },
        { "Asia/Kolkata", "2026-11-23", { 5, 30, 0 }, "2026-11-23T00:00:00Z", NULL },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct zone *zone = zone_named(rows[i].zone);
        instant_t at = zone_instant(zone, date(rows[i].date), rows[i].time);
        instant_t later = zone_instant_later(zone, date(rows[i].date), rows[i].time);

        assert_str(instant_format(*state, at), rows[i].at);
        assert_str(instant_format(*state, later),
                   rows[i].later == NULL ? rows[i].at : rows[i].later);
    }
}

static void a_day_begins_where_its_clock_does(void **state)
{
    static const struct {
        const char *zone, *date, *at;
    } rows[] = {
        { "UTC", "2026-11-23", "2026-11-23T00:00:00Z" },
        { "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z" },
        { "America/Sao_Paulo", "2018-11-04",
          "2018-11-04T03:00:00Z" }, /* midnight was skipped: 01:00 */
        { "Pacific/Apia", "2011-12-30",
          "2011-12-30T10:00:00Z" }, /* the day was skipped: the 31st begins */
        { "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
        { "Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z" },
        { "America/Asuncion", "2023-10-01", "2023-10-01T04:00:00Z" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str(
            instant_format(*state, zone_midnight(zone_named(rows[i].zone), date(rows[i].date))),
            rows[i].at);
}

/* Some instant of 1975 to 2150. */
static instant_t any_instant(struct rng *rng)
{
    return rng_between(rng, INT64_C(157766400), INT64_C(5680281600)) * MICROS_PER_SECOND;
}

static void every_instant_is_found_by_its_wall_time(void **state)
{
    struct rng rng = property_rng("instants and wall times");

    for (int i = 0; i < 20000; i++) {
        const struct zone *zone =
            zone_named(zone_names[rng_between(&rng, 0, COUNT_OF(zone_names) - 1)]);
        instant_t at = any_instant(&rng);
        struct date day = zone_date(zone, at);
        struct clock_time time = zone_time(zone, at);
        instant_t first = zone_instant(zone, day, time), last = zone_instant_later(zone, day, time);

        assert_true(date_is_valid(day));
        assert_true(time.hour < 24 && time.minute < 60 && time.second < 60);
        assert_true(at == first || at == last);
        assert_true(first <= last && last - first <= 24 * MICROS_PER_HOUR);
    }
}

static void midnights_cut_time_into_days(void **state)
{
    struct rng rng = property_rng("midnights");

    for (int i = 0; i < 5000; i++) {
        const struct zone *zone =
            zone_named(zone_names[rng_between(&rng, 0, COUNT_OF(zone_names) - 1)]);
        instant_t at = any_instant(&rng);
        struct date day = zone_date(zone, at);
        instant_t begin = zone_midnight(zone, day),
                  end = zone_midnight(zone, date_add_days(day, 1));

        assert_true(begin <= at && at < end);
        assert_int_equal(date_compare(zone_date(zone, begin), day), 0);
        assert_int_equal(date_compare(zone_date(zone, begin - 1), day), -1);
        assert_true(date_compare(zone_date(zone, end), day) > 0);
    }
}

static void *find_zones(void *context)
{
    const struct zone **found = context;

    for (size_t i = 0; i < COUNT_OF(zone_names); i++)
        found[i] = zone_find(str_from_c(zone_names[i]));
    return NULL;
}

static void threads_share_one_zone_a_name(void **state)
{
    enum { THREADS = 4 };
    static const struct zone *found[THREADS][COUNT_OF(zone_names)];
    pthread_t threads[THREADS];

    for (size_t t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, find_zones, found[t]), 0);
    for (size_t t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (size_t t = 0; t < THREADS; t++) {
        for (size_t i = 0; i < COUNT_OF(zone_names); i++)
            assert_ptr_equal(found[t][i], zone_named(zone_names[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_one_zone_a_name),
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(every_day_is_followed_by_the_next),
        cmocka_unit_test(months_are_clamped_and_days_added),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(zones_are_those_of_the_iana_database),
        cmocka_unit_test(wall_times_mean_their_instants),
        cmocka_unit_test(a_day_begins_where_its_clock_does),
        cmocka_unit_test(every_instant_is_found_by_its_wall_time),
        cmocka_unit_test(midnights_cut_time_into_days),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
