/* Whose request it is, when proxies stand between: only trusted ones are believed, and only as far as they go. */
#include "arena_fixture.h"

#include "base/types.h"
#include "http/proxy.h"

#include <arpa/inet.h>

#define TRUSTED "10.0.0.1, 10.0.0.2,2001:db8::1"

static void the_last_address_that_no_trusted_proxy_has_is_the_clients(void **state)
{
    static const struct {
        const char *peer, *forwarded, *client;
    } rows[] = {
        /* who is no trusted proxy can tell nothing */
        { "192.0.2.7", NULL, "192.0.2.7" },
        { "192.0.2.7", "203.0.113.9", "192.0.2.7" },
        { "10.0.0.11", "203.0.113.9", "10.0.0.11" },
        /* a trusted one tells who asked it */
        { "10.0.0.1", NULL, "10.0.0.1" },
        { "10.0.0.1", "203.0.113.9", "203.0.113.9" },
        { "10.0.0.1", " 203.0.113.9 ", "203.0.113.9" },
        { "2001:db8::1", "2001:db8::77", "2001:db8::77" },
        { "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9" },
        { "10.0.0.1", "203.0.113.9,10.0.0.2,10.0.0.1", "203.0.113.9" },
        /* what the client made up stands further left */
        { "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9" },
        { "10.0.0.1", "10.0.0.2, 203.0.113.9", "203.0.113.9" },
        { "10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1" },
        /* what is no address ends the search */
        { "10.0.0.1", "", "10.0.0.1" },
        { "10.0.0.1", ",", "10.0.0.1" },
        { "10.0.0.1", "unknown", "10.0.0.1" },
        { "10.0.0.1", "203.0.113.9, unknown", "10.0.0.1" },
        { "10.0.0.1", "203.0.113.9:4711", "10.0.0.1" },
        { "10.0.0.1", "[2001:db8::77]", "10.0.0.1" },
        { "10.0.0.1", "203.0.113.999", "10.0.0.1" },
        { "10.0.0.1", "203.0.113.9, 10.0.0.2, ", "10.0.0.1" },
        { "10.0.0.1", "10.0.0.2", "10.0.0.2" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str client =
            client_address(str_from_c(rows[i].peer), str_from_c(rows[i].forwarded), STR(TRUSTED));

        assert_str(client, rows[i].client);
    }
}

static void without_trusted_proxies_the_peer_it_is(void **state)
{
    assert_str(client_address(STR("127.0.0.1"), STR("203.0.113.9"), STR_NONE), "127.0.0.1");
    assert_str(client_address(STR("127.0.0.1"), STR("203.0.113.9"), STR("")), "127.0.0.1");
}

static struct str text_of(struct arena *arena, int family, const char *address)
{
    struct sockaddr_in narrow = { .sin_family = AF_INET };
    struct sockaddr_in6 wide = { .sin6_family = AF_INET6 };

    assert_int_equal(
        inet_pton(family, address,
                  family == AF_INET ? (void *)&narrow.sin_addr : (void *)&wide.sin6_addr),
        1);
    return address_text(arena,
                        family == AF_INET ? (const struct sockaddr *)(const void *)&narrow
                                          : (const struct sockaddr *)(const void *)&wide);
}

static void addresses_are_written_as_people_write_them(void **state)
{
    assert_str(text_of(*state, AF_INET, "192.0.2.7"), "192.0.2.7");
    assert_str(text_of(*state, AF_INET6, "2001:db8:0:0:0:0:0:7"), "2001:db8::7");
    assert_str(text_of(*state, AF_INET6, "::ffff:192.0.2.7"), "192.0.2.7");
    assert_str(address_text(*state, NULL), "unknown");
    assert_str(address_text(*state, &(struct sockaddr){ .sa_family = AF_UNIX }), "");
}

static void loopback_is_known_in_both_families(void **state)
{
    assert_true(address_is_loopback(STR("127.0.0.1")));
    assert_true(address_is_loopback(STR("127.8.0.1")));
    assert_true(address_is_loopback(STR("::1")));
    assert_false(address_is_loopback(STR("128.0.0.1")));
    assert_false(address_is_loopback(STR("1270.0.0.1")));
    assert_false(address_is_loopback(STR("::10")));
    assert_false(address_is_loopback(STR("unknown")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_address_that_no_trusted_proxy_has_is_the_clients),
        cmocka_unit_test(without_trusted_proxies_the_peer_it_is),
        cmocka_unit_test(addresses_are_written_as_people_write_them),
        cmocka_unit_test(loopback_is_known_in_both_families),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
