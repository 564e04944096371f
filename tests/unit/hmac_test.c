/* HMAC by the RFCs' own cases (2202 for SHA-1, 4231 for SHA-256), and base64. */
#include "arena_fixture.h"

#include "base/hmac.h"
#include "base/types.h"

static void hmacs_are_those_of_the_rfcs(void **state)
{
    const struct str key = STR("Jefe"), text = STR("what do ya want for nothing?");

    assert_str(str_hex(*state, hmac_of(*state, HMAC_SHA1, key, text)),
               "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    assert_str(str_hex(*state, hmac_of(*state, HMAC_SHA256, key, text)),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void base64_pads(void **state)
{
    const struct {
        const char *clear, *text;
    } examples[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foobar", "Zm9vYmFy" } };

    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        struct str clear = str_from_c(examples[i].clear);
        struct bytes bytes = { (const unsigned char *)clear.at, clear.len };
        assert_str(base64_of(*state, bytes), examples[i].text);
    }
}

static void texts_are_the_same_or_not(void **state)
{
    (void)state;
    assert_true(str_equal_constant_time(STR("secret"), STR("secret")));
    assert_false(str_equal_constant_time(STR("secret"), STR("secreT")));
    assert_false(str_equal_constant_time(STR("secret"), STR("secret ")));
    assert_false(str_equal_constant_time(STR_NONE, STR("secret")));
}

#define ARENA_TEST(function) \
    cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

static const struct CMUnitTest tests[] = {
    ARENA_TEST(hmacs_are_those_of_the_rfcs),
    ARENA_TEST(base64_pads),
    cmocka_unit_test(texts_are_the_same_or_not),
};

int main(void)
{
    return cmocka_run_group_tests_name("hmac", tests, NULL, NULL);
}
