/* Money as text and back, and products in 128 bits (domain.md §1). */
#include "arena_fixture.h"
#include "property.h"

#include "base/decimal.h"

enum { ROUNDS = 20000 };

static void money_is_written_as_the_api_says(void **state)
{
    static const struct {
        micros_t amount;
        const char *text;
    } rows[] = {
        { 0, "0.00" },
        { 160000, "0.16" },
        { 12500000, "12.50" },
        { 12345678, "12.345678" },
        { -3200000, "-3.20" },
        { 1, "0.000001" },
        { -1, "-0.000001" },
        { 10, "0.00001" },
        { 120000, "0.12" },
        { 123000, "0.123" },
        { 100000000000000, "100000000.00" },
        { INT64_MAX, "9223372036854.775807" },
        { INT64_MIN, "-9223372036854.775808" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str(micros_format(*state, rows[i].amount), rows[i].text);
}

static void money_is_read_exactly(void **state)
{
    static const struct {
        const char *text;
        micros_t amount;
    } rows[] = {
        { "7", 7000000 },
        { "12.5", 12500000 },
        { "0.16", 160000 },
        { "-3.20", -3200000 },
        { "-0", 0 },
        { "-0.00", 0 },
        { "007.10", 7100000 },
        { "0.000001", 1 },
        { "9223372036854.775807", INT64_MAX },
        { "-9223372036854.775808", INT64_MIN },
    };
    micros_t amount;

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_row(micros_parse(str_from_c(rows[i].text), &amount) && amount == rows[i].amount,
                   rows[i].text);
}

static void what_is_no_plain_decimal_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "-",
        ".",
        ".5",
        "5.",
        "-.5",
        "+1",
        " 1",
        "1 ",
        "1,5",
        "1.2.3",
        "1e3",
        "1E0",
        "0x1",
        "NaN",
        "inf",
        "$1",
        "1.0000001",
        "0.1234567",
        "--1",
        "1-",
        "１",
        "9223372036854.775808",
        "-9223372036854.775809",
        "9223372036855",
        "99999999999999999999",
    };
    micros_t amount;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!micros_parse(str_from_c(texts[i]), &amount), texts[i]);
}

static void every_amount_survives_writing_and_reading(void **state)
{
    struct rng rng = property_rng("amounts as text");

    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark mark = arena_mark(*state);
        micros_t amount = any_int64(&rng), again;

        assert_true(micros_parse(micros_format(*state, amount), &again));
        assert_true(again == amount);
        arena_rewind(*state, mark);
    }
}

static void money_has_two_to_six_decimals_and_no_zero_past_the_second(void **state)
{
    struct rng rng = property_rng("decimals of amounts");

    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark mark = arena_mark(*state);
        struct str decimals = micros_format(*state, any_int64(&rng)), whole;

        assert_true(str_split(&decimals, '.', &whole));
        assert_true(whole.len >= 1 && decimals.len >= 2 && decimals.len <= 6);
        assert_true(decimals.len == 2 || decimals.at[decimals.len - 1] != '0');
        arena_rewind(*state, mark);
    }
}

static bool fits(__int128 wide)
{
    return wide >= INT64_MIN && wide <= INT64_MAX;
}

static void sums_differences_and_products_are_exact_or_refused(void **state)
{
    struct rng rng = property_rng("sums and products");

    for (int i = 0; i < ROUNDS; i++) {
        int64_t a = any_int64(&rng), b = any_int64(&rng), out;

        assert_int_equal(int64_add(a, b, &out), fits((__int128)a + b));
        if (int64_add(a, b, &out)) assert_true(out == a + b);
        assert_int_equal(int64_subtract(a, b, &out), fits((__int128)a - b));
        if (int64_subtract(a, b, &out)) assert_true(out == a - b);
        assert_int_equal(int64_multiply(a, b, &out), fits((__int128)a * b));
        if (int64_multiply(a, b, &out)) assert_true(out == a * b);
    }
}

/* q is a·b + addend divided by d, rounded down, when q·d is at most that and (q+1)·d is more. */
static void a_product_is_divided_without_losing_its_high_half(void **state)
{
    struct rng rng = property_rng("product and quotient");

    for (int i = 0; i < ROUNDS; i++) {
        int64_t a = any_magnitude(&rng), b = any_magnitude(&rng), addend = any_magnitude(&rng);
        int64_t divisor = rng_between(&rng, 1, INT64_MAX), q;
        __int128 dividend = (__int128)a * b + addend;

        if (int64_multiply_divide(a, b, addend, divisor, &q)) {
            assert_true((__int128)q * divisor <= dividend);
            assert_true(((__int128)q + 1) * divisor > dividend);
        } else {
            assert_true(dividend > ((__int128)INT64_MAX) * divisor);
        }
    }
}

static void a_quotient_rounded_up_is_the_least_that_covers_the_product(void **state)
{
    struct rng rng = property_rng("quotient rounded up");

    for (int i = 0; i < ROUNDS; i++) {
        int64_t a = any_magnitude(&rng), b = any_magnitude(&rng);
        int64_t divisor = rng_between(&rng, 1, INT64_MAX), q;
        __int128 dividend = (__int128)a * b;

        if (int64_multiply_divide_up(a, b, divisor, &q)) {
            assert_true((__int128)q * divisor >= dividend);
            assert_true(((__int128)q - 1) * divisor < dividend);
        } else {
            assert_true(dividend > ((__int128)INT64_MAX) * divisor);
        }
    }
}

static void the_largest_products_are_reported_not_wrapped(void **state)
{
    int64_t out;

    assert_true(int64_multiply_divide(INT64_MAX, INT64_MAX, 0, INT64_MAX, &out));
    assert_true(out == INT64_MAX);
    assert_false(int64_multiply_divide(INT64_MAX, INT64_MAX, 0, INT64_MAX - 1, &out));
    assert_true(int64_multiply_divide_up(INT64_MAX, 1, 1, &out) && out == INT64_MAX);
    assert_false(int64_multiply_divide_up(INT64_MAX, 2, 1, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_written_as_the_api_says),
        cmocka_unit_test(money_is_read_exactly),
        cmocka_unit_test(what_is_no_plain_decimal_is_refused),
        cmocka_unit_test(every_amount_survives_writing_and_reading),
        cmocka_unit_test(money_has_two_to_six_decimals_and_no_zero_past_the_second),
        cmocka_unit_test(sums_differences_and_products_are_exact_or_refused),
        cmocka_unit_test(a_product_is_divided_without_losing_its_high_half),
        cmocka_unit_test(a_quotient_rounded_up_is_the_least_that_covers_the_product),
        cmocka_unit_test(the_largest_products_are_reported_not_wrapped),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
