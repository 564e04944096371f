/* Which sign-ins look as if they came from the same device, and what they are called. */
#include "arena_fixture.h"

#include "domain/devices.h"

#define FIREFOX STR("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
#define CHROME                                                                             \
    STR("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)" \
        " Chrome/126.0.0.0 Safari/537.36")
#define HOME STR("203.0.113.7")

static bool are_same(void **state, struct str agent, struct str address, struct str other_agent,
                     struct str other_address)
{
    return device_number(*state, agent, address)
        == device_number(*state, other_agent, other_address);
}

static void a_newer_version_is_the_same_device(void **state)
{
    struct str newer =
        STR("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0");

    assert_true(are_same(state, FIREFOX, HOME, newer, HOME));
    assert_false(are_same(state, FIREFOX, HOME, CHROME, HOME));
    assert_false(are_same(state, FIREFOX, HOME, STR_NONE, HOME));
}

static void addresses_of_one_network_are_one_place(void **state)
{
    assert_true(are_same(state, FIREFOX, HOME, FIREFOX, STR("203.0.200.9")));
    assert_false(are_same(state, FIREFOX, HOME, FIREFOX, STR("203.1.113.7")));
    assert_true(are_same(state, FIREFOX, STR("2001:db8:1::1"), FIREFOX, STR("2001:db8:ffff::2")));
    assert_false(are_same(state, FIREFOX, STR("2001:db8:1::1"), FIREFOX, STR("2001:db9:1::1")));
    assert_false(are_same(state, FIREFOX, HOME, FIREFOX, STR("::ffff:203.0.113.7")));
    assert_false(are_same(state, FIREFOX, HOME, FIREFOX, STR_NONE));
}

static void devices_have_names(void **state)
{
    assert_str(device_text(*state, FIREFOX, HOME), "Firefox on Linux, address 203.0.113.7");
    assert_str(device_text(*state, CHROME, HOME), "Chrome on Windows, address 203.0.113.7");
    assert_str(device_text(
                   *state,
                   STR("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
                       " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
                   HOME),
               "Safari on iPhone, address 203.0.113.7");
    assert_str(device_text(*state, STR("curl/7.88.1"), HOME), "curl, address 203.0.113.7");
    assert_str(device_name(*state, FIREFOX), "Firefox on Linux");
    assert_true(str_is_absent(device_name(*state, STR("Call +1 555 0100 at once"))));
}

static void whatever_else_was_sent_is_not_repeated(void **state)
{
    const char *expected = "a program that does not say what it is, address 203.0.113.7";

    assert_str(device_text(*state, STR("Call +1 555 0100 at once\r\nBcc: x@y.example"), HOME),
               expected);
    assert_str(device_text(*state, STR_NONE, HOME), expected);
    assert_str(device_text(*state, STR_NONE, STR_NONE),
               "a program that does not say what it is, address unknown");
}

#define ARENA_TEST(function) \
    cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

static const struct CMUnitTest tests[] = {
    ARENA_TEST(a_newer_version_is_the_same_device),
    ARENA_TEST(addresses_of_one_network_are_one_place),
    ARENA_TEST(devices_have_names),
    ARENA_TEST(whatever_else_was_sent_is_not_repeated),
};

int main(void)
{
    return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
