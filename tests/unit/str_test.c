/* Text: borrowed or built, cut and compared by bytes, checked and folded as Unicode. */
#include "arena_fixture.h"

#include "base/types.h"

#include <string.h>

static struct bytes raw(const char *literal, size_t len)
{
    return (struct bytes){ (const unsigned char *)literal, len };
}

static void absent_and_empty_are_told_apart(void **state)
{
    assert_true(str_is_absent(STR_NONE));
    assert_true(str_is_absent(str_from_c(NULL)));
    assert_false(str_is_absent(STR("")));
    assert_true(str_is_absent(str_copy(*state, STR_NONE)));
    assert_false(str_is_absent(str_copy(*state, STR(""))));
}

static void absent_and_empty_hold_the_same_bytes(void **state)
{
    assert_true(str_equal(STR_NONE, STR("")));
    assert_int_equal(str_compare(STR_NONE, STR("")), 0);
}

static void a_copy_is_terminated_and_its_own(void **state)
{
    char source[] = "minutes left";
    struct str copy = str_copy(*state, (struct str){ source, 7 });

    source[0] = 'M';
    assert_str(copy, "minutes");
    assert_int_equal(copy.at[copy.len], '\0');
    assert_string_equal(str_to_c(*state, STR_NONE), "");
}

static void order_is_by_unsigned_bytes_and_a_prefix_comes_first(void **state)
{
    static const char *const sorted[] = { "", "A", "AB", "B", "a", "z", "\xC3\xA9" };

    for (size_t i = 0; i < COUNT_OF(sorted); i++) {
        for (size_t j = 0; j < COUNT_OF(sorted); j++) {
            int order = str_compare(str_from_c(sorted[i]), str_from_c(sorted[j]));
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void starts_and_ends_count_the_empty_text(void **state)
{
    assert_true(str_starts_with(STR("call_1"), STR("call_")));
    assert_true(str_starts_with(STR("call_1"), STR("")));
    assert_false(str_starts_with(STR("call"), STR("call_")));
    assert_true(str_contains(STR("call_1"), STR("l_")));
    assert_true(str_contains(STR("call"), STR("call")));
    assert_false(str_contains(STR("call"), STR("call_")));
    assert_false(str_contains(STR_NONE, STR("c")));
    assert_true(str_contains(STR_NONE, STR("")));
    assert_true(str_ends_with(STR("Master.csv"), STR(".csv")));
    assert_true(str_ends_with(STR(""), STR("")));
    assert_false(str_ends_with(STR("csv"), STR(".csv")));
}

static void a_byte_is_found_anywhere_or_not_at_all(void **state)
{
    assert_true(str_contains_byte(STR("a=b"), '='));
    assert_false(str_contains_byte(STR("ab"), '='));
    assert_false(str_contains_byte(STR_NONE, '='));
}

static void trimming_takes_ascii_white_space_from_the_ends_only(void **state)
{
    assert_str(str_trim(STR(" \t\r\n\v\f a b \n")), "a b");
    assert_str(str_trim(STR(" \n ")), "");
    assert_true(str_is_absent(str_trim(STR_NONE)));
}

static void a_part_is_clamped_to_the_text(void **state)
{
    assert_str(str_sub(STR("abcdef"), 2, 3), "cde");
    assert_str(str_sub(STR("abcdef"), 4, SIZE_MAX), "ef");
    assert_str(str_sub(STR("abcdef"), 9, 1), "");
}

static void a_cut_never_leaves_half_a_character(void **state)
{
    assert_str(str_cut(STR("aé"), 3), "aé");
    assert_str(str_cut(STR("aé"), 2), "a");
    assert_str(str_cut(STR("😀"), 3), "");
    assert_str(str_cut(STR("abc"), 0), "");
}

static void splitting_yields_every_part_also_empty_ones(void **state)
{
    static const char *const parts[] = { "a", "", "b", "" };
    struct str rest = STR("a,,b,"), part;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        assert_true(str_split(&rest, ',', &part));
        assert_str(part, parts[i]);
    }
    assert_false(str_split(&rest, ',', &part));
}

static void an_empty_text_is_one_empty_part_and_an_absent_one_none(void **state)
{
    struct str rest = STR(""), none = STR_NONE, part;

    assert_true(str_split(&rest, ',', &part));
    assert_int_equal(part.len, 0);
    assert_false(str_split(&rest, ',', &part));
    assert_false(str_split(&none, ',', &part));
}

static void integers_reach_both_ends_of_64_bits(void **state)
{
    int64_t number;

    assert_true(str_to_int64(STR("9223372036854775807"), &number) && number == INT64_MAX);
    assert_true(str_to_int64(STR("-9223372036854775808"), &number) && number == INT64_MIN);
    assert_true(str_to_int64(STR("-0"), &number) && number == 0);
    assert_true(str_to_int64(STR("007"), &number) && number == 7);
}

static void what_is_no_whole_decimal_integer_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x10",
        "--1",
        "1-",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999",
        "١",
    };
    int64_t number;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!str_to_int64(str_from_c(texts[i]), &number), texts[i]);
}

static void well_formed_utf8_is_text(void **state)
{
    static const char *const texts[] = {
        "",
        "plain ASCII, longer than a word",
        "é",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
        "12345678é",
        "\x7F",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(str_is_text(str_from_c(texts[i])), texts[i]);
}

/* RFC 3629 §3 and §10: each of these has let something past a check elsewhere. */
static void malformed_utf8_is_not_text(void **state)
{
    static const char *const texts[] = {
        "\x80",
        "\xBF",
        "\xC0\xAF",
        "\xC1\xBF",
        "\xC3",
        "\xC3(",
        "\xE0\x9F\xBF",
        "\xE2\x82",
        "\xE2(\xA1",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF0\x9F\x98",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
        "1234567\x80",
        "12345678\xC3",
        "\xE2\x82\xAC\xE2",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!str_is_text(str_from_c(texts[i])), texts[i]);
}

static void a_nul_is_not_text_wherever_it_stands(void **state)
{
    char bytes[24];

    for (size_t at = 0; at < sizeof(bytes); at++) {
        memset(bytes, 'a', sizeof(bytes));
        bytes[at] = '\0';
        assert_false(str_is_text((struct str){ bytes, sizeof(bytes) }));
    }
}

static void code_points_are_counted_not_bytes(void **state)
{
    assert_int_equal(str_code_points(STR("")), 0);
    assert_int_equal(str_code_points(STR("aé€😀")), 4);
    assert_int_equal(str_code_points(str_repeat(*state, STR("é"), 150)), 150);
}

static void folding_makes_equal_what_people_take_for_equal(void **state)
{
    static const char *const pairs[][2] = {
        { "ADA@Example.COM", "ada@example.com" },
        { "Straße", "STRASSE" },
        { "ÅNGSTRÖM", "ångström" },
        { "e\xCC\x81", "\xC3\x89" }, /* e and a combining acute; É */
        { "ﬁle", "FILE" },
        { "Ⅳ", "iv" },
        { "ﾊﾝｶｸ", "ハンカク" },
        { "ΣΑΣ", "σας" },
    };

    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct str a = str_fold(*state, str_from_c(pairs[i][0]));
        struct str b = str_fold(*state, str_from_c(pairs[i][1]));
        assert_row(!str_is_absent(a) && str_equal(a, b), pairs[i][0]);
    }
}

static void folding_keeps_apart_what_differs(void **state)
{
    struct str dotless = str_fold(*state, STR("ı")), dotted = str_fold(*state, STR("i"));

    assert_false(str_equal(dotless, dotted));
    assert_false(str_equal(str_fold(*state, STR("é")), str_fold(*state, STR("e"))));
}

/* U+FDFA folds into 18 characters, more than any other. */
static void the_longest_fold_fits(void **state)
{
    struct str folded = str_fold(*state, str_repeat(*state, STR("\xEF\xB7\xBA"), 100));

    assert_int_equal(str_code_points(folded), 1800);
}

static void what_is_no_text_has_no_fold(void **state)
{
    assert_true(str_is_absent(str_fold(*state, STR("\xFF"))));
    assert_true(str_is_absent(str_fold(*state, STR_NONE)));
    assert_false(str_is_absent(str_fold(*state, STR(""))));
}

/* From the reference vectors of FNV-1a 64. */
static void hashes_are_those_of_fnv_1a(void **state)
{
    assert_true(str_hash(STR("")) == UINT64_C(0xcbf29ce484222325));
    assert_true(str_hash(STR("a")) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(str_hash(STR("foobar")) == UINT64_C(0x85944171f73967e8));
}

static void hex_is_lower_case_and_two_digits_a_byte(void **state)
{
    assert_str(str_hex(*state, raw("\x00\x0F\xAB\xFF", 4)), "000fabff");
    assert_str(str_hex(*state, raw("", 0)), "");
}

static void constant_time_comparison_agrees_with_equality(void **state)
{
    assert_true(bytes_equal_constant_time(raw("abc", 3), raw("abc", 3)));
    assert_false(bytes_equal_constant_time(raw("abc", 3), raw("abd", 3)));
    assert_false(bytes_equal_constant_time(raw("abc", 3), raw("abc", 2)));
    assert_true(bytes_equal_constant_time((struct bytes){ NULL, 0 }, raw("", 0)));
}

static void a_buffer_grows_without_losing_a_byte(void **state)
{
    struct buffer b = buffer_new(*state, 0);

    for (int i = 0; i < 1000; i++)
        buffer_add_format(&b, "%03d,", i);
    struct str rest = buffer_str(&b), part;
    for (int i = 0; i < 1000; i++) {
        assert_true(str_split(&rest, ',', &part));
        assert_str(part, str_to_c(*state, str_format(*state, "%03d", i)));
    }
    assert_int_equal(rest.len, 0);
}

static void a_buffer_writes_the_ends_of_64_bits(void **state)
{
    struct buffer b = buffer_new(*state, 8);

    buffer_add_int(&b, INT64_MIN);
    buffer_add_byte(&b, ' ');
    buffer_add_int(&b, 0);
    buffer_add_byte(&b, ' ');
    buffer_add_int(&b, INT64_MAX);
    assert_str(buffer_str(&b), "-9223372036854775808 0 9223372036854775807");
}

static void nothing_added_to_a_buffer_changes_nothing(void **state)
{
    struct buffer b = buffer_new(*state, 8);

    buffer_add(&b, STR_NONE);
    buffer_add(&b, STR(""));
    buffer_add_c(&b, "");
    assert_int_equal(buffer_str(&b).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_and_empty_are_told_apart),
        cmocka_unit_test(absent_and_empty_hold_the_same_bytes),
        cmocka_unit_test(a_copy_is_terminated_and_its_own),
        cmocka_unit_test(order_is_by_unsigned_bytes_and_a_prefix_comes_first),
        cmocka_unit_test(starts_and_ends_count_the_empty_text),
        cmocka_unit_test(a_byte_is_found_anywhere_or_not_at_all),
        cmocka_unit_test(trimming_takes_ascii_white_space_from_the_ends_only),
        cmocka_unit_test(a_part_is_clamped_to_the_text),
        cmocka_unit_test(a_cut_never_leaves_half_a_character),
        cmocka_unit_test(splitting_yields_every_part_also_empty_ones),
        cmocka_unit_test(an_empty_text_is_one_empty_part_and_an_absent_one_none),
        cmocka_unit_test(integers_reach_both_ends_of_64_bits),
        cmocka_unit_test(what_is_no_whole_decimal_integer_is_refused),
        cmocka_unit_test(well_formed_utf8_is_text),
        cmocka_unit_test(malformed_utf8_is_not_text),
        cmocka_unit_test(a_nul_is_not_text_wherever_it_stands),
        cmocka_unit_test(code_points_are_counted_not_bytes),
        cmocka_unit_test(folding_makes_equal_what_people_take_for_equal),
        cmocka_unit_test(folding_keeps_apart_what_differs),
        cmocka_unit_test(the_longest_fold_fits),
        cmocka_unit_test(what_is_no_text_has_no_fold),
        cmocka_unit_test(hashes_are_those_of_fnv_1a),
        cmocka_unit_test(hex_is_lower_case_and_two_digits_a_byte),
        cmocka_unit_test(constant_time_comparison_agrees_with_equality),
        cmocka_unit_test(a_buffer_grows_without_losing_a_byte),
        cmocka_unit_test(a_buffer_writes_the_ends_of_64_bits),
        cmocka_unit_test(nothing_added_to_a_buffer_changes_nothing),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
