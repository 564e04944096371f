/* Pointers, units and times of payloads, and what follows from them. */
#include "arena_fixture.h"

#include "domain/mapping_values.h"

#include <string.h>

static const struct cJSON *parsed(struct arena *arena, const char *text)
{
    struct problem problem;
    const struct cJSON *tree = NULL;

    problem_init(&problem, arena);
    assert_true(json_parse_foreign(arena, str_from_c(text), &problem, &tree));
    return tree;
}

/* RFC 6901 §5, as far as its values are scalars. */
static void pointers_find_what_the_rfc_says(void **state)
{
    static const struct {
        const char *pointer, *value;
    } examples[] = {
        { "/foo/0", "bar" }, { "/foo/1", "baz" }, { "/", "0" },     { "/a~1b", "1" },
        { "/c%d", "2" },     { "/e^f", "3" },     { "/g|h", "4" },  { "/i\\j", "5" },
        { "/k\"l", "6" },    { "/ ", "7" },       { "/m~0n", "8" }, { "/foo/2", NULL },
        { "/foo/01", NULL }, { "/foo/-", NULL },  { "/foo", NULL }, { "/nothing/there", NULL },
    };
    const struct cJSON *tree =
        parsed(*state,
               "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,"
               "\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8}");

    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        struct str found =
            json_scalar(*state, pointer_find(*state, tree, str_from_c(examples[i].pointer)));
        if (examples[i].value == NULL)
            assert_true(str_is_absent(found));
        else
            assert_true(str_equal_c(found, examples[i].value));
    }
    assert_false(pointer_is_valid(STR("foo")));
    assert_false(pointer_is_valid(STR("/a~2b")));
    assert_false(pointer_is_valid(STR("/a~")));
}

static void begun_seconds_count(void **state)
{
    static const struct {
        enum mapping_form form;
        const char *text;
        seconds_t seconds; /* -1: no number of this form */
    } examples[] = {
        { FORM_SECONDS, "61", 61 },
        { FORM_SECONDS, "61.000000", 61 },
        { FORM_SECONDS, "61.0000001", 62 },
        { FORM_SECONDS, "0.4", 1 },
        { FORM_SECONDS, "0", 0 },
        { FORM_MILLISECONDS, "61000", 61 },
        { FORM_MILLISECONDS, "61001", 62 },
        { FORM_MILLISECONDS, "999.5", 1 },
        { FORM_MINUTES, "1.5", 90 },
        { FORM_MINUTES, "0.01", 1 },
        { FORM_SECONDS, "1e3", -1 },
        { FORM_SECONDS, "1.", -1 },
        { FORM_SECONDS, ".5", -1 },
        { FORM_SECONDS, "--1", -1 },
        { FORM_SECONDS, "", -1 },
        { FORM_SECONDS, "99999999999999999999", -1 },
        { FORM_MINUTES, "9223372036854", -1 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        seconds_t seconds = -1;
        bool is_read = form_read_seconds(examples[i].form, str_from_c(examples[i].text), &seconds);
        assert_int_equal(is_read, examples[i].seconds >= 0);
        if (is_read) assert_int_equal(seconds, examples[i].seconds);
    }
}

static void times_read_as_what_they_are(void **state)
{
    const instant_t expected = INT64_C(1795881600) * MICROS_PER_SECOND; /* 2026-11-28T16:00:00Z */
    static const struct {
        enum mapping_form form;
        const char *text;
        bool is_read;
    } examples[] = {
        { FORM_TIME, "2026-11-28T16:00:00Z", true },
        { FORM_TIME, "2026-11-28T17:00:00+01:00", true },
        { FORM_EPOCH_SECONDS, "1795881600", true },
        { FORM_EPOCH_SECONDS, "1795881600.0", true },
        { FORM_EPOCH_MILLISECONDS, "1795881600000", true },
        { FORM_MAIL_TIME, "Sat, 28 Nov 2026 16:00:00 +0000", true },
        { FORM_MAIL_TIME, "28 Nov 2026 17:30:00 +0130", true },
        { FORM_MAIL_TIME, "Sat, 28 Nov 2026 16:00:00 GMT", true },
        { FORM_LOCAL_TIME, "2026-11-28 17:00:00", true }, /* in Berlin */
        { FORM_LOCAL_TIME, "2026-11-28T17:00:00.9", true },
        { FORM_TIME, "2026-11-28 16:00:00", false },
        { FORM_EPOCH_SECONDS, "-5", false },
        { FORM_EPOCH_SECONDS, "1795881600000", false }, /* milliseconds, taken for seconds */
        { FORM_MAIL_TIME, "Sat, 31 Nov 2026 16:00:00 +0000", false },
        { FORM_MAIL_TIME, "Sat, 28 Nov 2026", false },
        { FORM_LOCAL_TIME, "2026-11-28", false },
        { FORM_LOCAL_TIME, "2026-11-28 25:00:00", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        instant_t at = 0;
        bool is_read = form_read_instant(examples[i].form, zone_find(STR("Europe/Berlin")),
                                         str_from_c(examples[i].text), &at);
        assert_int_equal(is_read, examples[i].is_read);
        if (is_read) assert_int_equal(at, expected);
    }
}

#define RULE(map_field, ...)                        \
    {                                               \
        .field = (map_field), .as = -1, __VA_ARGS__ \
    }

static enum mapping_outcome applied(struct arena *arena, const char *payload,
                                    struct mapped_call *out)
{
    static struct mapping_word statuses[] = {
        { { "missed", 6 }, { "no_answer", 9 } },
        { { "done", 4 }, { "completed", 9 } },
    };
    static struct mapping_rule rules[] = {
        RULE(MAP_ID, .at = { "/id", 3 }),
        RULE(MAP_DIRECTION, .value = { "inbound", 7 }),
        RULE(MAP_STATUS, .at = { "/status", 7 }, .words = { statuses, 2 }),
        RULE(MAP_STARTED_AT, .at = { "/from", 5 }),
        RULE(MAP_ENDED_AT, .at = { "/until", 6 }),
        RULE(MAP_DURATION, .at = { "/talk", 5 }),
        RULE(MAP_SUMMARY, .at = { "/summary", 8 }),
        RULE(MAP_KEY, .at = { "/a", 2 }),
        RULE(MAP_KEY, .at = { "/b", 2 }),
    };
    const struct mapping mapping = { .rules = { rules, COUNT_OF(rules) } };
    const struct mapping_defaults defaults = { .zone = zone_find(STR("UTC")),
                                               .now = INT64_C(1795881600) * MICROS_PER_SECOND,
                                               .source = STR("test") };
    struct problem problem;

    problem_init(&problem, arena);
    return mapping_apply(&mapping, arena, &defaults, parsed(arena, payload), &problem, out);
}

static void what_is_not_said_follows_from_the_rest(void **state)
{
    struct mapped_call call;

    assert_int_equal(applied(*state,
                             "{\"id\":1,\"status\":\"done\",\"from\":\"2026-11-28T15:00:00Z\","
                             "\"until\":\"2026-11-28T15:01:00.2Z\",\"a\":\"x\",\"b\":\"x\"}",
                             &call),
                     MAPPING_CALL);
    assert_int_equal(call.record.duration_seconds, 61);
    assert_int_equal(call.n_keys, 1);
    assert_int_equal(applied(*state,
                             "{\"id\":1,\"status\":\"done\",\"until\":\"2026-11-28T15:01:00Z\","
                             "\"talk\":60}",
                             &call),
                     MAPPING_CALL);
    assert_int_equal(call.record.started_at, call.record.ended_at - 60 * MICROS_PER_SECOND);
}

static void who_did_not_answer_has_not_talked(void **state)
{
    struct mapped_call call;

    assert_int_equal(applied(*state,
                             "{\"id\":1,\"status\":\"missed\",\"from\":\"2026-11-28T15:00:00Z\","
                             "\"talk\":25}",
                             &call),
                     MAPPING_CALL);
    assert_int_equal(call.record.duration_seconds, 0);
}

static void long_descriptions_are_cut_and_long_ids_refused(void **state)
{
    struct str long_text = str_repeat(*state, STR("\xC3\xA9"), 2001);
    struct mapped_call call;

    assert_int_equal(
        applied(*state,
                str_to_c(*state,
                         str_format(*state,
                                    "{\"id\":1,\"status\":\"done\",\"talk\":1,"
                                    "\"from\":\"2026-11-28T15:00:00Z\",\"summary\":\"%.*s\"}",
                                    STR_ARG(long_text))),
                &call),
        MAPPING_CALL);
    assert_int_equal(str_code_points(call.record.summary), 2000);
    assert_int_equal(applied(*state,
                             str_to_c(*state,
                                      str_format(*state,
                                                 "{\"id\":\"%.*s\",\"status\":\"done\",\"talk\":1,"
                                                 "\"from\":\"2026-11-28T15:00:00Z\"}",
                                                 STR_ARG(long_text))),
                             &call),
                     MAPPING_FAULTY);
}

#define ARENA_TEST(function) \
    cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

static const struct CMUnitTest tests[] = {
    ARENA_TEST(pointers_find_what_the_rfc_says),
    ARENA_TEST(begun_seconds_count),
    ARENA_TEST(times_read_as_what_they_are),
    ARENA_TEST(what_is_not_said_follows_from_the_rest),
    ARENA_TEST(who_did_not_answer_has_not_talked),
    ARENA_TEST(long_descriptions_are_cut_and_long_ids_refused),
};

int main(void)
{
    return cmocka_run_group_tests_name("mapping", tests, NULL, NULL);
}
