/* One-time codes, held to the numbers of RFC 6238, and recovery codes. */
#include "arena_fixture.h"

#include "domain/second_factor.h"

#include <string.h>

/* RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
#define SECRET ((struct bytes){ (const unsigned char *)"12345678901234567890", 20 })
static const struct vector {
    int64_t seconds;
    const char *code;
} vectors[] = {
    { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
    { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
};

static int64_t step_at(int64_t seconds, const char *code, int64_t last_step)
{
    return totp_step(SECRET, str_from_c(code), seconds * MICROS_PER_SECOND, last_step);
}

static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++)
        assert_int_equal(step_at(vectors[i].seconds, vectors[i].code, 0),
                         vectors[i].seconds / TOTP_STEP_SECONDS);
}

static void a_clock_may_be_one_step_off(void **state)
{
    const struct vector *v = &vectors[3];
    int64_t step = v->seconds / TOTP_STEP_SECONDS, begins = step * TOTP_STEP_SECONDS;

    (void)state;
    assert_int_equal(step_at(begins - 30, v->code, 0), step);
    assert_int_equal(step_at(begins + 59, v->code, 0), step);
    assert_int_equal(step_at(begins - 31, v->code, 0), -1);
    assert_int_equal(step_at(begins + 60, v->code, 0), -1);
}

static void a_code_counts_once_and_older_ones_not_after_it(void **state)
{
    const struct vector *v = &vectors[3];
    int64_t step = v->seconds / TOTP_STEP_SECONDS;

    (void)state;
    assert_int_equal(step_at(v->seconds, v->code, step - 1), step);
    assert_int_equal(step_at(v->seconds, v->code, step), -1);
    assert_int_equal(step_at(v->seconds, v->code, step + 1), -1);
}

static void what_is_no_code_is_of_no_step(void **state)
{
    (void)state;
    assert_int_equal(step_at(59, "287083", 0), -1);
    assert_int_equal(step_at(59, "28708", 0), -1);
    assert_int_equal(step_at(59, "", 0), -1);
    assert_int_equal(step_at(0, "287082", -1), 1);
}

static void the_secret_is_told_to_apps(void **state)
{
    assert_str(totp_secret_text(*state, SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_str(
        totp_url(*state, SECRET, STR("Müller: Söhne & Co"), STR("ada+1@n.example")),
        "otpauth://totp/M%C3%BCller%20%20S%C3%B6hne%20%26%20Co:ada%2B1%40n.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=M%C3%BCller%20%20S%C3%B6hne%20%26%20Co"
        "&algorithm=SHA1&digits=6&period=30");
}

static void an_apps_code_is_told_from_a_recovery_code(void **state)
{
    struct str digits;

    assert_true(code_is_totp(*state, STR("287082"), &digits));
    assert_true(code_is_totp(*state, STR(" 287 082 "), &digits));
    assert_str(digits, "287082");
    assert_false(code_is_totp(*state, STR("2870821"), &digits));
    assert_false(code_is_totp(*state, STR("28708"), &digits));
    assert_false(code_is_totp(*state, STR("k3v9-m2c5-x1qy-0abc"), &digits));
    assert_false(code_is_totp(*state, STR(""), &digits));
}

static void recovery_codes_read_back_however_they_are_typed(void **state)
{
    const unsigned char low[RECOVERY_CODE_BYTES] = { 0 };
    unsigned char high[RECOVERY_CODE_BYTES];
    const unsigned char mixed[RECOVERY_CODE_BYTES] = { 0x00, 0x44, 0x32, 0x14, 0xc7,
                                                       0x42, 0x54, 0xb6, 0x35, 0xcf };

    memset(high, 0xff, sizeof(high));
    assert_str(recovery_code_text(*state, low), "0000-0000-0000-0000");
    assert_str(recovery_code_text(*state, high), "zzzz-zzzz-zzzz-zzzz");
    assert_str(recovery_code_text(*state, mixed), "0123-4567-89ab-cdef");
    assert_str(recovery_code_key(*state, STR("0123-4567-89ab-cdef")), "0123456789abcdef");
    assert_str(recovery_code_key(*state, STR(" O I2 34567 89AB-CDEF")), "0123456789abcdef");
    assert_str(recovery_code_key(*state, STR("oL23")), "0123");
}

static void it_is_given_up_only_where_nobody_asks_for_it(void **state)
{
    (void)state;
    assert_int_equal(may_end_second_factor(true, false), REASON_NONE);
    assert_int_equal(may_end_second_factor(true, true), REASON_TWO_FACTOR_KEPT);
    assert_int_equal(may_end_second_factor(false, false), REASON_TWO_FACTOR_OFF);
}

#define ARENA_TEST(function) \
    cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(codes_are_those_of_the_rfc),
    cmocka_unit_test(a_clock_may_be_one_step_off),
    cmocka_unit_test(a_code_counts_once_and_older_ones_not_after_it),
    cmocka_unit_test(what_is_no_code_is_of_no_step),
    ARENA_TEST(the_secret_is_told_to_apps),
    ARENA_TEST(an_apps_code_is_told_from_a_recovery_code),
    ARENA_TEST(recovery_codes_read_back_however_they_are_typed),
    cmocka_unit_test(it_is_given_up_only_where_nobody_asks_for_it),
};

int main(void)
{
    return cmocka_run_group_tests_name("second_factor", tests, NULL, NULL);
}
