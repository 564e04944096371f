/* What surrounds a body: path, query, cookies, bearer tokens, cursors, forwarded addresses. The same bytes are tried
   as each of them; none may do harm, and what is accepted must be well-formed. */
#include "api/routes.h"
#include "http/credentials.h"
#include "http/cursors.h"
#include "http/proxy.h"
#include "http/query.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_part_of(struct str part, struct str whole)
{
    return str_is_absent(part)
        || (part.at >= whole.at && part.at + part.len <= whole.at + whole.len);
}

static void check_path(struct arena *arena, struct str text)
{
    static struct router *router = NULL;
    struct route_match match;
    struct str path;

    if (router == NULL) router = router_new(api_routes);
    if (!percent_decode(arena, text, false, &path)) return;
    assert(str_is_text(path));
    for (enum method method = 0; method < METHOD_COUNT; method++) {
        if (!router_match(router, method, path, &match)) continue;
        assert(match.path_known && (match.methods & (1U << method)) != 0);
        for (size_t i = 0; i < PATH_IDS_MAX; i++)
            assert(is_part_of(match.ids[i], path));
    }
}

static void check_query(struct arena *arena, struct str text)
{
    for (const struct route *const *table = api_routes; *table != NULL; table++) {
        for (const struct route *route = *table; route->path != NULL; route++) {
            struct problem problem;
            void *out = route->query == NULL ? NULL : arena_alloc(arena, route->query_size);
            problem_init(&problem, arena);
            assert(query_read(route->query, arena, text, &problem, out)
                   != problem_is_set(&problem));
        }
    }
}

static void check_credentials(struct str text)
{
    struct credential bearer = credential_read(text, STR_NONE);
    struct credential cookie = credential_read(STR_NONE, text);
    assert(bearer.kind != CREDENTIAL_SESSION && cookie.kind != CREDENTIAL_API_KEY);
    assert(is_part_of(cookie_find(text, SESSION_COOKIE), text));
}

static void check_cursor(struct arena *arena, struct str text)
{
    static const char list[] = "calls";
    struct cursor cursor;
    struct cursor again;

    if (!cursor_decode(arena, text, list, &cursor)) return;
    assert(cursor_decode(arena, cursor_encode(arena, &cursor), list, &again));
    assert(cursor.id == again.id && cursor.number == again.number
           && str_equal(cursor.text, again.text));
}

static void check_addresses(struct str text)
{
    struct str peer = STR("192.0.2.7");
    struct str client = client_address(peer, text, STR("192.0.2.7, 2001:db8::1"));
    assert(str_equal(client, peer) || is_part_of(client, text));
    assert(str_equal(client_address(peer, text, STR_NONE), peer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct str text = { (const char *)data, size };

    check_path(arena, text);
    check_query(arena, text);
    check_credentials(text);
    check_cursor(arena, text);
    check_addresses(text);
    arena_free(arena);
    return 0;
}
