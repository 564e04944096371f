/* Structs from JSON and back by their tables of fields. */
#include "arena_fixture.h"
#include "property.h"

#include "base/field.h"

#include <string.h>

static const char *const colours[] = { "red", "green", "blue", NULL };

struct size {
    int64_t width, height;
};

struct thing {
    id64_t id;
    int64_t count;
    micros_t price;
    instant_t at;
    struct str name, code, line;
    bool flag;
    int colour;
    uint64_t colours;
    struct size size;
    struct size *spare;
    struct list sizes; /* of struct size */
    struct str made;
};

/* clang-format off */
static const struct field size_fields[] = {
    FIELD_INTEGER(struct size, width, .flags = FIELD_REQUIRED),
    FIELD_INTEGER(struct size, height),
    FIELD_END,
};

static const struct field thing_fields[] = {
    FIELD_ID(struct thing, id, ID_CALL),
    FIELD_INTEGER(struct thing, count, .min = -5, .max = 100),
    FIELD_MONEY(struct thing, price, .min = 0, .max = 10 * MICROS_PER_USD),
    FIELD_INSTANT(struct thing, at, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct thing, name, .min = 1, .max = 5, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct thing, code, .max = 5, .flags = FIELD_CODE),
    FIELD_TEXT(struct thing, line, .min = 1, .max = 9, .flags = FIELD_LINE),
    FIELD_BOOLEAN(struct thing, flag),
    FIELD_NAME(struct thing, colour, colours),
    FIELD_NAMES(struct thing, colours, colours, .min = 1),
    FIELD_OBJECT(struct thing, size, size_fields),
    FIELD_OBJECT(struct thing, spare, size_fields, .flags = FIELD_POINTER | FIELD_OMIT_NULL, .size = sizeof(struct size)),
    FIELD_LIST(struct thing, sizes, size_fields, struct size, .min = 1, .max = 2),
    FIELD_TEXT(struct thing, made, .flags = FIELD_READ_ONLY),
    FIELD_END,
};
/* clang-format on */

/* A reading of `json` by a table. */
struct reading {
    struct problem problem;
    struct thing thing;
    uint64_t present;
    bool ok;
};

static struct reading read_as(struct arena *arena, enum field_strictness strictness,
                              const char *json)
{
    struct reading r;
    const struct cJSON *object;

    problem_init(&r.problem, arena);
    assert_true(json_parse(arena, str_from_c(json), &r.problem, &object));
    r.ok = fields_from_json(thing_fields, strictness, arena, object, STR(""), &r.problem, &r.thing,
                            &r.present);
    assert_int_equal(r.ok, !problem_is_set(&r.problem));
    return r;
}

static struct reading read(void **state, const char *json)
{
    return read_as(*state, FIELDS_CLOSED, json);
}

static struct str written(struct arena *arena, const struct thing *thing)
{
    struct buffer out = buffer_new(arena, 256);

    fields_to_json(thing_fields, thing, &out);
    return buffer_str(&out);
}

static void each_type_is_read(void **state)
{
    struct reading r =
        read(state,
             "{\"id\":\"call_0000000000010\",\"count\":-5,\"price\":\"1.25\",\"at\":"
             "\"2026-11-23T08:12:45Z\",\"name\":\"caf\\u00e9\",\"code\":\"a-1\",\"line\":\" a b \","
             "\"flag\":true,\"colour\":\"blue\",\"colours\":[\"red\",\"blue\"],"
             "\"size\":{\"width\":1},\"spare\":{\"width\":2,\"height\":3},"
             "\"sizes\":[{\"width\":4},{\"width\":5}]}");

    assert_true(r.ok);
    assert_int_equal(r.thing.id, 32);
    assert_int_equal(r.thing.count, -5);
    assert_int_equal(r.thing.price, 1250000);
    assert_int_equal(r.thing.at, INT64_C(1795421565000000));
    assert_str(r.thing.name, "caf\xC3\xA9");
    assert_str(r.thing.code, "a-1");
    assert_str(r.thing.line, "a b");
    assert_true(r.thing.flag);
    assert_int_equal(r.thing.colour, 2);
    assert_int_equal(r.thing.colours, 5);
    assert_int_equal(r.thing.size.width, 1);
    assert_int_equal(r.thing.spare->height, 3);
    assert_int_equal(r.thing.sizes.count, 2);
    assert_int_equal(((const struct size *)r.thing.sizes.at)[1].width, 5);
}

static void what_is_not_given_is_the_types_null(void **state)
{
    struct reading r;

    memset(&r.thing, 0x55, sizeof(r.thing));
    r = read(state, "{}");
    assert_true(r.ok);
    assert_int_equal(r.present, 0);
    assert_int_equal(r.thing.id, ID_NONE);
    assert_int_equal(r.thing.count, 0);
    assert_int_equal(r.thing.price, MICROS_NONE);
    assert_int_equal(r.thing.at, INSTANT_NONE);
    assert_true(str_is_absent(r.thing.name));
    assert_false(r.thing.flag);
    assert_int_equal(r.thing.colour, -1);
    assert_null(r.thing.spare);
    assert_int_equal(r.thing.sizes.count, 0);
}

static void what_was_given_is_told_null_included(void **state)
{
    struct reading r = read(state, "{\"count\":0,\"name\":null,\"at\":null}");

    assert_true(r.ok);
    assert_int_equal(r.present,
                     field_bit(thing_fields, "count") | field_bit(thing_fields, "name")
                         | field_bit(thing_fields, "at"));
    assert_true(str_is_absent(r.thing.name));
    assert_int_equal(r.thing.at, INSTANT_NONE);
}

static void each_wrong_value_is_refused_by_its_path(void **state)
{
    static const struct {
        const char *json, *field;
        enum reason reason;
    } rows[] = {
        { "{\"id\":\"sub_0000000000010\"}", "id", REASON_BAD_ID },
        { "{\"id\":32}", "id", REASON_WRONG_TYPE },
        { "{\"id\":null}", "id", REASON_WRONG_TYPE },
        { "{\"count\":\"1\"}", "count", REASON_WRONG_TYPE },
        { "{\"count\":1.5}", "count", REASON_WRONG_TYPE },
        { "{\"count\":true}", "count", REASON_WRONG_TYPE },
        { "{\"count\":-6}", "count", REASON_TOO_SMALL },
        { "{\"count\":101}", "count", REASON_TOO_LARGE },
        { "{\"count\":9007199254740993}", "count", REASON_TOO_LARGE },
        { "{\"count\":-9007199254740993}", "count", REASON_TOO_SMALL },
        { "{\"count\":1e400}", "count", REASON_TOO_LARGE },
        { "{\"price\":1.25}", "price", REASON_WRONG_TYPE },
        { "{\"price\":\"1.2345678\"}", "price", REASON_BAD_MONEY },
        { "{\"price\":\"-0.01\"}", "price", REASON_TOO_SMALL },
        { "{\"price\":\"10.000001\"}", "price", REASON_TOO_LARGE },
        { "{\"at\":\"2026-11-23\"}", "at", REASON_BAD_TIME },
        { "{\"at\":1795421565}", "at", REASON_WRONG_TYPE },
        { "{\"name\":\"\"}", "name", REASON_TOO_SHORT },
        { "{\"name\":\"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\"}", "name", REASON_TOO_LONG },
        { "{\"name\":{}}", "name", REASON_WRONG_TYPE },
        { "{\"code\":\"a b\"}", "code", REASON_BAD_CODE },
        { "{\"code\":\"\\u00e9\"}", "code", REASON_BAD_CODE },
        { "{\"code\":null}", "code", REASON_WRONG_TYPE },
        { "{\"line\":\"a\\nb\"}", "line", REASON_BAD_LINE },
        { "{\"line\":\"   \"}", "line", REASON_TOO_SHORT },
        { "{\"flag\":\"true\"}", "flag", REASON_WRONG_TYPE },
        { "{\"flag\":1}", "flag", REASON_WRONG_TYPE },
        { "{\"colour\":\"Red\"}", "colour", REASON_NOT_ALLOWED_VALUE },
        { "{\"colour\":0}", "colour", REASON_WRONG_TYPE },
        { "{\"colours\":[]}", "colours", REASON_TOO_SHORT },
        { "{\"colours\":\"red\"}", "colours", REASON_WRONG_TYPE },
        { "{\"colours\":[\"red\",\"gold\"]}", "colours.1", REASON_NOT_ALLOWED_VALUE },
        { "{\"colours\":[0]}", "colours.0", REASON_NOT_ALLOWED_VALUE },
        { "{\"size\":[]}", "size", REASON_WRONG_TYPE },
        { "{\"size\":{}}", "size.width", REASON_REQUIRED },
        { "{\"size\":{\"width\":null}}", "size.width", REASON_REQUIRED },
        { "{\"size\":{\"width\":1,\"depth\":2}}", "size.depth", REASON_UNKNOWN_FIELD },
        { "{\"spare\":{\"width\":\"1\"}}", "spare.width", REASON_WRONG_TYPE },
        { "{\"sizes\":[]}", "sizes", REASON_TOO_SHORT },
        { "{\"sizes\":[{\"width\":1},{\"width\":1},{\"width\":1}]}", "sizes", REASON_TOO_LONG },
        { "{\"sizes\":[{\"width\":1},7]}", "sizes.1", REASON_WRONG_TYPE },
        { "{\"sizes\":[{\"width\":1},{}]}", "sizes.1.width", REASON_REQUIRED },
        { "{\"made\":\"me\"}", "made", REASON_READ_ONLY_FIELD },
        { "{\"size\":{\"width\":1,\"width\":2}}", "size.width", REASON_REPEATED_FIELD },
        { "{\"count\":1,\"flag\":true,\"count\":1}", "count", REASON_REPEATED_FIELD },
        { "{\"Count\":1}", "Count", REASON_UNKNOWN_FIELD },
        { "{\"\":1}", "", REASON_UNKNOWN_FIELD },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading r = read(state, rows[i].json);

        assert_row(!r.ok && r.problem.n_fields == 1, rows[i].json);
        assert_row(r.problem.fields[0].reason == rows[i].reason, rows[i].json);
        assert_str(r.problem.fields[0].field, rows[i].field);
    }
}

static void all_that_is_wrong_is_told_at_once(void **state)
{
    struct reading r = read(state, "{\"count\":101,\"name\":\"\",\"size\":{\"width\":\"x\"}}");

    assert_int_equal(r.problem.reason, REASON_INVALID);
    assert_int_equal(r.problem.n_fields, 3);
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const texts[] = { "[]", "7", "\"a\"", "null", "true" };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!read(state, texts[i]).ok, texts[i]);
}

static void an_open_reading_passes_over_what_it_does_not_know(void **state)
{
    struct reading r =
        read_as(*state, FIELDS_OPEN, "{\"traceparent\":[1,{\"a\":2}],\"count\":7,\"x\":null}");

    assert_true(r.ok);
    assert_int_equal(r.thing.count, 7);
    assert_false(read_as(*state, FIELDS_OPEN, "{\"size\":{\"width\":1,\"depth\":2}}").ok);
}

static void a_long_name_that_nobody_knows_is_not_repeated_whole(void **state)
{
    char json[2048] = "{\"";
    size_t len = 2;

    memset(json + len, 'x', 1000);
    memcpy(json + len + 1000, "\":1}", 5);
    struct reading r = read(state, json);
    assert_int_equal(r.problem.fields[0].reason, REASON_UNKNOWN_FIELD);
    assert_true(r.problem.fields[0].field.len <= PROBLEM_PATH_MAX);
}

static void nulls_are_written_as_such_or_left_out(void **state)
{
    struct thing thing;

    fields_clear(thing_fields, &thing);
    assert_str(written(*state, &thing),
               "{\"id\":null,\"count\":0,\"price\":null,\"at\":null,\"name\":null,\"code\":null,"
               "\"line\":null,\"flag\":false,\"colour\":null,\"colours\":[],"
               "\"size\":{\"width\":0,\"height\":0},\"sizes\":[],\"made\":null}");
}

static struct thing any_thing(struct arena *arena, struct rng *rng)
{
    static const char *const names[] = { "a", "caf\xC3\xA9", "\"<\\\n", "\xF0\x9F\x98\x80" };
    struct size *sizes = ARENA_ARRAY(arena, struct size, 2);
    struct thing thing = {
        .id = rng_between(rng, 1, INT64_MAX),
        .count = rng_between(rng, -5, 100),
        .price = rng_between(rng, 0, 10 * MICROS_PER_USD),
        .at = rng_between(rng, 0, INT64_C(4102444800) * MICROS_PER_SECOND),
        .name = str_from_c(names[rng_between(rng, 0, 3)]),
        .code = STR("c-1"),
        .line = STR("one line"),
        .flag = rng_between(rng, 0, 1) == 1,
        .colour = (int)rng_between(rng, 0, 2),
        .colours = (uint64_t)rng_between(rng, 1, 7),
        .size = { rng_between(rng, -JSON_INTEGER_MAX, JSON_INTEGER_MAX),
                  rng_between(rng, -JSON_INTEGER_MAX, JSON_INTEGER_MAX) },
        .spare = rng_between(rng, 0, 1) == 1 ? ARENA_NEW(arena, struct size) : NULL,
        .sizes = { sizes, (size_t)rng_between(rng, 1, 2) },
        .made = STR_NONE,
    };

    sizes[0].width = rng_between(rng, 0, 9);
    sizes[1].height = rng_between(rng, 0, 9);
    return thing;
}

/* What is written is read back as it was: seen by writing it again. `made` is read only, and left out here. */
static void every_struct_survives_writing_and_reading(void **state)
{
    struct rng rng = property_rng("structs through JSON");

    for (int i = 0; i < 2000; i++) {
        struct arena *arena = arena_new(4096);
        struct thing thing = any_thing(arena, &rng);
        struct str json = written(arena, &thing);
        struct str end = STR(",\"made\":null}");

        assert_true(str_ends_with(json, end));
        struct str given = str_format(arena, "%.*s}", (int)(json.len - end.len), json.at);
        struct reading r = read_as(arena, FIELDS_CLOSED, str_to_c(arena, given));
        assert_true(r.ok);
        assert_int_equal(r.thing.id, thing.id);
        assert_int_equal(r.thing.size.width, thing.size.width);
        assert_true(str_equal(written(arena, &r.thing), json));
        arena_free(arena);
    }
}

static bool take(struct arena *arena, const char *name, const char *text, struct thing *out)
{
    struct problem problem;

    problem_init(&problem, arena);
    return field_from_text(field_find(thing_fields, str_from_c(name), NULL), arena,
                           str_from_c(text), &problem, out);
}

static void a_value_is_read_from_text_as_from_json(void **state)
{
    struct thing thing;

    fields_clear(thing_fields, &thing);
    assert_true(take(*state, "count", "-5", &thing) && thing.count == -5);
    assert_true(take(*state, "flag", "true", &thing) && thing.flag);
    assert_true(take(*state, "flag", "false", &thing) && !thing.flag);
    assert_true(take(*state, "colour", "green", &thing) && thing.colour == 1);
    assert_true(take(*state, "id", "call_0000000000010", &thing) && thing.id == 32);
    assert_false(take(*state, "count", "5.0", &thing));
    assert_false(take(*state, "count", "", &thing));
    assert_false(take(*state, "count", "101", &thing));
    assert_false(take(*state, "flag", "1", &thing));
    assert_false(take(*state, "at", "yesterday", &thing));
    assert_false(take(*state, "name", "\xFF", &thing));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_is_read),
        cmocka_unit_test(what_is_not_given_is_the_types_null),
        cmocka_unit_test(what_was_given_is_told_null_included),
        cmocka_unit_test(each_wrong_value_is_refused_by_its_path),
        cmocka_unit_test(all_that_is_wrong_is_told_at_once),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(an_open_reading_passes_over_what_it_does_not_know),
        cmocka_unit_test(a_long_name_that_nobody_knows_is_not_repeated_whole),
        cmocka_unit_test(nulls_are_written_as_such_or_left_out),
        cmocka_unit_test(every_struct_survives_writing_and_reading),
        cmocka_unit_test(a_value_is_read_from_text_as_from_json),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
