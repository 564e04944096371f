#include "http/route.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *const method_names[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };

const struct path_id path_ids[] = {
    { "subaccount", ID_SUBACCOUNT },
    { "purchase", ID_PURCHASE },
    { "call", ID_CALL },
    { "session", ID_SESSION },
    { "api_key", ID_API_KEY },
    { "user", ID_USER },
    { "invitation", ID_INVITATION },
    { "agency", ID_AGENCY },
    { "reservation", ID_RESERVATION },
    { "price_change", ID_PRICE_CHANGE },
    { "job", ID_JOB },
    { "renewal", ID_RENEWAL },
    { "payout", ID_PAYOUT },
    { "payment_method", ID_PAYMENT_METHOD },
    { "engine_connection", ID_ENGINE_CONNECTION },
    { "unmatched_call", ID_UNMATCHED_CALL },
};
const size_t path_ids_count = COUNT_OF(path_ids);

enum { SEGMENTS_MAX = 8 };

/* A route with its path cut at the slashes; a segment in braces takes any text. */
struct entry {
    const struct route *route;
    struct str segments[SEGMENTS_MAX];
    size_t n_segments;
};

struct router {
    struct entry *entries;
    size_t count;
};

/* Cuts "/a/b" into "a", "b"; false when there are too many parts. */
static bool cut(struct str path, struct str *segments, size_t *count)
{
    struct str rest = path, segment;

    *count = 0;
    if (path.len == 0 || path.at[0] != '/') return false;
    rest = str_sub(path, 1, path.len);
    while (str_split(&rest, '/', &segment)) {
        if (*count == SEGMENTS_MAX) return false;
        segments[(*count)++] = segment;
    }
    return true;
}

struct router *router_new(const struct route *const *tables)
{
    struct router *router = calloc(1, sizeof(*router));
    size_t count = 0;

    assert(router != NULL);
    for (const struct route *const *table = tables; *table != NULL; table++) {
        for (const struct route *route = *table; route->path != NULL; route++)
            count++;
    }
    router->entries = calloc(count + 1, sizeof(*router->entries));
    assert(router->entries != NULL);
    for (const struct route *const *table = tables; *table != NULL; table++) {
        for (const struct route *route = *table; route->path != NULL; route++) {
            struct entry *entry = &router->entries[router->count++];
            entry->route = route;
            bool fits = cut(str_from_c(route->path), entry->segments, &entry->n_segments);
            assert(fits && route->name != NULL);
            (void)fits;
        }
    }
    return router;
}

void router_free(struct router *router)
{
    free(router->entries);
    free(router);
}

size_t router_count(const struct router *router)
{
    return router->count;
}

const struct route *router_at(const struct router *router, size_t index)
{
    return router->entries[index].route;
}

static bool is_variable(struct str segment)
{
    return segment.len > 0 && segment.at[0] == '{';
}

/* Whether the path's segments are the entry's; fills the texts of its ids, absent where it has none. */
static bool matches(const struct entry *entry, const struct str *segments, size_t count,
                    struct str *ids)
{
    size_t n_ids = 0;

    if (entry->n_segments != count) return false;
    for (size_t i = 0; i < PATH_IDS_MAX; i++)
        ids[i] = STR_NONE;
    for (size_t i = 0; i < count; i++) {
        if (is_variable(entry->segments[i])) {
            assert(n_ids < PATH_IDS_MAX);
            ids[n_ids++] = segments[i];
        } else if (!str_equal(entry->segments[i], segments[i])) {
            return false;
        }
    }
    return true;
}

bool router_match(const struct router *router, enum method method, struct str path,
                  struct route_match *out)
{
    struct str segments[SEGMENTS_MAX], ids[PATH_IDS_MAX];
    size_t count;

    *out = (struct route_match){ 0 };
    if (!cut(path, segments, &count)) return false;
    for (size_t i = 0; i < router->count; i++) {
        const struct route *route = router->entries[i].route;
        if (!matches(&router->entries[i], segments, count, ids)) continue;
        out->path_known = true;
        out->methods |= 1u << route->method;
        if (route->method == method) {
            out->route = route;
            out->index = i;
            memcpy(out->ids, ids, sizeof(ids));
        }
    }
    return out->route != NULL;
}
