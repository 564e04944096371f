/* JSON, strictly: what RFC 8259 allows and nothing else, in the words of this program's refusals. */
#include "arena_fixture.h"
#include "property.h"

#include "base/json.h"

#include <cjson/cJSON.h>
#include <string.h>

static enum reason parsed(struct arena *arena, struct str text, const struct cJSON **out)
{
    struct problem problem;

    problem_init(&problem, arena);
    *out = NULL;
    bool ok = json_parse(arena, text, &problem, out);
    assert_int_equal(ok, !problem_is_set(&problem));
    assert_int_equal(ok, *out != NULL);
    return problem.reason;
}

static void what_the_rfc_allows_is_read(void **state)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "17",
        "-1.5",
        "1e2",
        "1E+2",
        "1.25e-2",
        "true",
        "false",
        "null",
        "\"\"",
        "[]",
        "{}",
        " \t\r\n[ 1 , 2 ]\n",
        "{\"a\":{\"b\":[null]}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\ud83d\\ude00\"",
        "\"caf\xC3\xA9\"",
        "\xEF\xBB\xBF[1]",
        "[1,[2,[3]]]",
        "{\"a\":1,\"a\":2}", /* told apart later, by name */
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct cJSON *value;

        assert_row(parsed(*state, str_from_c(texts[i]), &value) == REASON_NONE, texts[i]);
    }
}

static void what_the_rfc_forbids_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "01",
        "-01",
        "+1",
        "1.",
        ".5",
        "-",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "-NaN",
        "Infinity",
        "tru",
        "True",
        "nul",
        "truex",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\U0041\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "[1]x",
        "[1][2]",
        "1 2",
        "/* a */ 1",
        "// a\n1",
        "[1]\xC2\xA0",
        "\xEF\xBB\xBF\xEF\xBB\xBF[1]",
        "\v1",
        "\f1",
        /* more digits than the parser's buffer has room for would be read as another number */
        "0000000000000000000000000000000000000000000000000000000000000001",
        "1111111111111111111111111111111111111111111111111111111111111111",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct cJSON *value;

        assert_row(parsed(*state, str_from_c(texts[i]), &value) == REASON_BAD_JSON, texts[i]);
    }
}

static void what_is_no_text_is_refused_as_such(void **state)
{
    static const struct str texts[] = {
        STR("\"\\u0000\""),
        STR("\"a\0b\""),
        STR("\0"),
        STR("\"\xC3\""),
        STR("\"\xED\xA0\x80\""),
        STR("\"\\ud83d\""),
        STR("\"\\ude00\""),
        STR("\"\\ud83d\\ud83d\""),
        STR("\"\\ud83dx\""),
        STR("\"\\ud83d\\n\""),
        STR("\"\xC0\x80\""),
        STR("\"\xFF\""),
        STR("{\"a\\u0000\":1}"),
        STR("\"\xF4\x90\x80\x80\""),
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        const struct cJSON *value;

        assert_row(parsed(*state, texts[i], &value) == REASON_BAD_TEXT, texts[i].at);
    }
}

static struct str nested(struct arena *arena, size_t levels, char open, char close)
{
    char *at = arena_alloc(arena, 2 * levels);

    memset(at, open, levels);
    memset(at + levels, close, levels);
    return (struct str){ at, 2 * levels };
}

static void nesting_ends_at_its_limit(void **state)
{
    const struct cJSON *value;

    assert_int_equal(parsed(*state, nested(*state, JSON_DEPTH_MAX, '[', ']'), &value), REASON_NONE);
    assert_int_equal(parsed(*state, nested(*state, JSON_DEPTH_MAX + 1, '[', ']'), &value),
                     REASON_TOO_DEEP);
    assert_int_equal(parsed(*state, nested(*state, 1 << 20, '[', ']'), &value), REASON_TOO_DEEP);
    assert_int_equal(parsed(*state, nested(*state, 1 << 20, '{', '}'), &value), REASON_BAD_JSON);
}

static void a_refusal_says_where(void **state)
{
    struct problem problem;
    const struct cJSON *value;

    problem_init(&problem, *state);
    assert_false(json_parse(*state, STR("{\"id\": 1,}"), &problem, &value));
    assert_non_null(strstr(problem_detail(&problem).at, "byte 9"));
}

static struct str written(struct arena *arena, struct str text)
{
    struct buffer out = buffer_new(arena, 16);

    json_write_string(&out, text);
    return buffer_str(&out);
}

static void strings_are_written_so_that_they_may_stand_anywhere(void **state)
{
    static const struct {
        struct str text;
        const char *json;
    } rows[] = {
        { STR(""), "\"\"" },
        { STR("a b"), "\"a b\"" },
        { STR("\"\\\n\r\t\b\x7F"), "\"\\\"\\\\\\n\\r\\t\\u0008\x7F\"" },
        { STR("</script>"), "\"\\u003c/script>\"" },
        { STR("caf\xC3\xA9 \xF0\x9F\x98\x80"), "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"" },
        { STR("\xE2\x80\xA8|\xE2\x80\xA9|\xE2\x80\xAA"), "\"\\u2028|\\u2029|\xE2\x80\xAA\"" },
        { STR("\xE2"), "\"\xE2\"" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str(written(*state, rows[i].text), rows[i].json);
}

/* A random text of up to `most` code points, with every length of sequence and much that needs an escape. */
static struct str any_text(struct arena *arena, struct rng *rng, int64_t most)
{
    static const char *const pieces[] = {
        "\"",           "\\",           "/",    "<",        "\n",
        "\x01",         "\x1F",         "\x7F", "\xC2\x80", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xEF\xBF\xBD", "a",    "Z9 ",      "\xF0\x9F\x98\x80"
    };
    struct buffer out = buffer_new(arena, 64);

    for (int64_t n = rng_between(rng, 0, most); n > 0; n--)
        buffer_add_c(&out, pieces[rng_between(rng, 0, COUNT_OF(pieces) - 1)]);
    return buffer_str(&out);
}

static void every_text_survives_writing_and_reading(void **state)
{
    struct rng rng = property_rng("texts through JSON");

    for (int i = 0; i < 2000; i++) {
        struct arena *arena = arena_new(4096);
        struct str text = any_text(arena, &rng, 40);
        const struct cJSON *value;

        assert_int_equal(parsed(arena, written(arena, text), &value), REASON_NONE);
        assert_true(cJSON_IsString(value));
        assert_true(str_equal(str_from_c(value->valuestring), text));
        arena_free(arena);
    }
}

static void whatever_is_cut_or_changed_never_does_harm(void **state)
{
    static const char whole[] =
        "{\"id\":\"c-1\",\"n\":[1,-2.5e3,true,null],\"t\":\"\\ud83d\\ude00\"}";
    struct rng rng = property_rng("mangled JSON");

    for (int i = 0; i < 20000; i++) {
        struct arena *arena = arena_new(4096);
        size_t len = (size_t)rng_between(&rng, 0, sizeof(whole) - 1);
        char *at = arena_alloc(arena, len + 1);
        const struct cJSON *value;

        memcpy(at, whole, len);
        if (len > 0)
            at[rng_between(&rng, 0, (int64_t)len - 1)] = (char)rng_between(&rng, -128, 127);
        parsed(arena, (struct str){ at, len }, &value);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_rfc_allows_is_read),
        cmocka_unit_test(what_the_rfc_forbids_is_refused),
        cmocka_unit_test(what_is_no_text_is_refused_as_such),
        cmocka_unit_test(nesting_ends_at_its_limit),
        cmocka_unit_test(a_refusal_says_where),
        cmocka_unit_test(strings_are_written_so_that_they_may_stand_anywhere),
        cmocka_unit_test(every_text_survives_writing_and_reading),
        cmocka_unit_test(whatever_is_cut_or_changed_never_does_harm),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
