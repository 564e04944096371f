/* Query strings: percent-decoded strictly, read by a table, everything wrong named. */
#include "arena_fixture.h"
#include "property.h"

#include "http/query.h"

struct query {
    int64_t limit;
    struct str q;
    bool flag;
};

/* clang-format off */
static const struct field fields[] = {
    FIELD_INTEGER(struct query, limit, .min = 1, .max = 500),
    FIELD_TEXT(struct query, q, .min = 1, .max = 20),
    FIELD_BOOLEAN(struct query, flag),
    FIELD_END,
};
/* clang-format on */

static void escapes_are_decoded(void **state)
{
    static const struct {
        const char *text, *as_query, *as_path;
    } rows[] = {
        { "", "", "" },
        { "a+b", "a b", "a+b" },
        { "a%20b%2Bc", "a b+c", "a b+c" },
        { "%c3%A9", "\xC3\xA9", "\xC3\xA9" },
        { "%25", "%", "%" },
        { "%2525", "%25", "%25" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str out;

        assert_row(percent_decode(*state, str_from_c(rows[i].text), true, &out), rows[i].text);
        assert_str(out, rows[i].as_query);
        assert_row(percent_decode(*state, str_from_c(rows[i].text), false, &out), rows[i].text);
        assert_str(out, rows[i].as_path);
    }
}

static void what_is_no_text_escaped_is_refused(void **state)
{
    static const char *const texts[] = { "%",    "a%",   "%4",  "%4g", "%g4",         "%%41",
                                         "%00",  "a%00", "%ff", "%C3", "%ed%a0%80",   "%c0%80",
                                         "\xFF", "% 41", "%+1", "%-1", "%f4%90%80%80" };
    struct str out;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!percent_decode(*state, str_from_c(texts[i]), true, &out), texts[i]);
}

static void every_text_survives_escaping(void **state)
{
    struct rng rng = property_rng("percent escapes");

    for (int i = 0; i < 2000; i++) {
        struct arena *arena = arena_new(4096);
        struct buffer text = buffer_new(arena, 64), escaped = buffer_new(arena, 256);
        struct str out;

        for (int64_t n = rng_between(&rng, 0, 30); n > 0; n--) {
            char c = (char)rng_between(&rng, 1, 127);
            buffer_add_byte(&text, c);
            if (c > ' ' && c != '%' && c != '+' && rng_between(&rng, 0, 1) == 0)
                buffer_add_byte(&escaped, c);
            else
                buffer_add_format(&escaped, rng_between(&rng, 0, 1) == 0 ? "%%%02x" : "%%%02X",
                                  (unsigned)c);
        }
        assert_true(percent_decode(arena, buffer_str(&escaped), true, &out));
        assert_true(str_equal(out, buffer_str(&text)));
        arena_free(arena);
    }
}

static struct problem read(void **state, const char *text, struct query *out)
{
    struct problem problem;

    problem_init(&problem, *state);
    bool ok = query_read(fields, *state, str_from_c(text), &problem, out);
    assert_int_equal(ok, !problem_is_set(&problem));
    return problem;
}

static void parameters_are_read_by_their_types(void **state)
{
    struct query query;

    read(state, "q=a+%26+b&limit=7&flag=true", &query);
    assert_str(query.q, "a & b");
    assert_int_equal(query.limit, 7);
    assert_true(query.flag);
    read(state, "&&limit=500&", &query);
    assert_int_equal(query.limit, 500);
    assert_true(str_is_absent(query.q));
    read(state, "q=a=b", &query);
    assert_str(query.q, "a=b");
}

static void what_is_wrong_with_parameters_is_named(void **state)
{
    static const struct {
        const char *text, *field;
        enum reason reason;
    } rows[] = {
        { "colour=red", "colour", REASON_UNKNOWN_PARAMETER },
        { "Limit=1", "Limit", REASON_UNKNOWN_PARAMETER },
        { "=1", "", REASON_UNKNOWN_PARAMETER },
        { "limit", "limit", REASON_WRONG_TYPE },
        { "limit=", "limit", REASON_WRONG_TYPE },
        { "limit=0", "limit", REASON_TOO_SMALL },
        { "limit=501", "limit", REASON_TOO_LARGE },
        { "limit=1.0", "limit", REASON_WRONG_TYPE },
        { "limit=99999999999999999999", "limit", REASON_WRONG_TYPE },
        { "limit=1&limit=1", "limit", REASON_REPEATED_FIELD },
        { "l%69mit=1&limit=1", "limit", REASON_REPEATED_FIELD },
        { "q=", "q", REASON_TOO_SHORT },
        { "q=%zz", "q", REASON_BAD_REQUEST },
        { "q=%00", "q", REASON_BAD_REQUEST },
        { "flag=yes", "flag", REASON_WRONG_TYPE },
    };
    struct query query;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = read(state, rows[i].text, &query);

        assert_row(problem.n_fields == 1 && problem.fields[0].reason == rows[i].reason,
                   rows[i].text);
        assert_str(problem.fields[0].field, rows[i].field);
    }
    assert_int_equal(read(state, "a=1&b=2&limit=0", &query).n_fields, 3);
}

static void a_route_without_parameters_takes_none(void **state)
{
    struct problem problem;

    problem_init(&problem, *state);
    assert_true(query_read(NULL, *state, STR_NONE, &problem, NULL));
    assert_true(query_read(NULL, *state, STR("&"), &problem, NULL));
    assert_false(query_read(NULL, *state, STR("a=1"), &problem, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(what_is_no_text_escaped_is_refused),
        cmocka_unit_test(every_text_survives_escaping),
        cmocka_unit_test(parameters_are_read_by_their_types),
        cmocka_unit_test(what_is_wrong_with_parameters_is_named),
        cmocka_unit_test(a_route_without_parameters_takes_none),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
