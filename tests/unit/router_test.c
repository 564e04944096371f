/* Routes found by method and path; and the program's own table, which must hold together. */
#include "arena_fixture.h"

#include "api/routes.h"
#include "http/request.h"

#include <stdlib.h>
#include <string.h>

static bool nothing(struct request *r)
{
    (void)r;
    return true;
}

#define ROUTE(method, path, called)                                         \
    {                                                                       \
        method, path, CAN_ANYONE, { { INLINE, nothing } }, .name = (called) \
    }

static const struct route some[] = {
    ROUTE(GET, "/v1/things", "list"),
    ROUTE(POST, "/v1/things", "create"),
    ROUTE(GET, "/v1/things/{subaccount}", "read"),
    ROUTE(DELETE, "/v1/things/{subaccount}/parts/{call}", "drop"),
    ROUTE_END,
};
static const struct route others[] = { ROUTE(GET, "/healthz", "alive"), ROUTE_END };
static const struct route *const tables[] = { some, others, NULL };

static struct route_match match(enum method method, const char *path)
{
    struct router *router = router_new(tables);
    struct route_match found;
    bool matched = router_match(router, method, str_from_c(path), &found);

    assert_int_equal(matched, found.route != NULL);
    if (matched) assert_ptr_equal(router_at(router, found.index), found.route);
    router_free(router);
    return found;
}

static void a_route_is_found_by_method_and_path(void **state)
{
    assert_string_equal(match(GET, "/v1/things").route->name, "list");
    assert_string_equal(match(POST, "/v1/things").route->name, "create");
    assert_string_equal(match(GET, "/healthz").route->name, "alive");
    assert_string_equal(match(GET, "/v1/things/x").route->name, "read");
    assert_string_equal(match(DELETE, "/v1/things/x/parts/y").route->name, "drop");
}

static void the_ids_in_a_path_are_told_in_order_and_no_others(void **state)
{
    struct route_match two = match(DELETE, "/v1/things/one/parts/two");
    struct route_match one = match(GET, "/v1/things/one");
    struct route_match none = match(GET, "/v1/things");

    assert_str(two.ids[0], "one");
    assert_str(two.ids[1], "two");
    assert_str(one.ids[0], "one");
    assert_true(str_is_absent(one.ids[1]));
    assert_true(str_is_absent(none.ids[0]) && str_is_absent(none.ids[1]));
}

static void another_method_of_a_known_path_is_told(void **state)
{
    struct route_match found = match(PUT, "/v1/things");

    assert_null(found.route);
    assert_true(found.path_known);
    assert_int_equal(found.methods, 1u << GET | 1u << POST);
    assert_int_equal(match(METHOD_COUNT, "/v1/things").methods, 1u << GET | 1u << POST);
}

static void an_unknown_path_is_unknown(void **state)
{
    static const char *const paths[] = {
        "",
        "/",
        "v1/things",
        "/v1",
        "//v1/things",
        "/V1/things",
        "/v1/things/x/",
        "/v1/things/x/parts",
        "/v1//things",
        "/v1/thing",
        "/v1/thingss",
        "/v1/things/x/parts/y/z",
        "/a/b/c/d/e/f/g/h/i/j/k",
        "/v1/things/x/bits/y",
    };

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        assert_row(!match(DELETE, paths[i]).path_known, paths[i]);
}

/* What style.md asks of the table itself: a route without a permission or a name would not do. */
static void the_programs_routes_hold_together(void **state)
{
    struct router *router = router_new(api_routes);

    assert_true(router_count(router) > 20);
    for (size_t i = 0; i < router_count(router); i++) {
        const struct route *route = router_at(router, i);
        struct route_match found;

        assert_row(route->permission <= CAN_SIGNED_IN, route->name);
        assert_row(route->stages[0].mode != MODE_NONE, route->name);
        assert_row((route->input == NULL) == (route->input_size == 0), route->name);
        assert_row((route->query == NULL) == (route->query_size == 0), route->name);
        assert_row(route->input == NULL || route->decode == NULL, route->name);
        assert_row(route->method != GET || (route->input == NULL && route->decode == NULL),
                   route->name);
        /* Who it is is found out where there is a store: not before it can be in anybody's name. */
        assert_row(route->permission == CAN_ANYONE || route->stages[0].mode == READ
                       || route->stages[0].mode == WRITE,
                   route->name);
        /* A read of the API leaves everything as it is. */
        for (size_t s = 0; s < ROUTE_STAGES_MAX && strncmp(route->path, "/v1/", 4) == 0; s++)
            assert_row(route->method != GET || route->stages[s].mode != WRITE, route->name);
        assert_row(router_match(router, route->method, str_from_c(route->path), &found)
                       && found.route == route,
                   route->name);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(router_at(router, j)->name, route->name);
    }
    router_free(router);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_is_found_by_method_and_path),
        cmocka_unit_test(the_ids_in_a_path_are_told_in_order_and_no_others),
        cmocka_unit_test(another_method_of_a_known_path_is_told),
        cmocka_unit_test(an_unknown_path_is_unknown),
        cmocka_unit_test(the_programs_routes_hold_together),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
