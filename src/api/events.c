/* Live events (engine/events.h): what happens to the accounts that the caller may see. */
#include "api/routes.h"
#include "http/request.h"

static const char *const until_names[] = { "now", NULL };

struct events_query {
    struct str last_event_id;
    int until; /* -1: it goes on */
};

/* clang-format off */
static const struct field events_query_fields[] = {
    FIELD_TEXT(struct events_query, last_event_id, .max = 64),
    FIELD_NAME(struct events_query, until, until_names),
    FIELD_END,
};
/* clang-format on */

/* A browser that comes back by itself says so in the header, whatever the address says. */
static bool listen(struct request *r)
{
    const struct events_query *query = r->query;
    struct str last = str_is_absent(r->last_event_id) ? query->last_event_id : r->last_event_id;

    return request_listen(r, last, query->until < 0 ? LISTEN_ON : LISTEN_UNTIL_NOW);
}

/* clang-format off */
const struct route event_routes[] = {
    {GET, "/v1/events", CAN_SUBACCOUNT_LIST, {{READ, listen}}, .query = events_query_fields,
     .query_size = sizeof(struct events_query), .key_scopes = 1u << SCOPE_READ, .name = "listenToEvents"},
    ROUTE_END,
};
/* clang-format on */
