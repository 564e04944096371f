/* Query and body into the route's structs, on the HTTP thread, before anything else is known (http/route.h). */
#include "http/exchange.h"
#include "http/query.h"

enum { IDEMPOTENCY_LEAST_CHAR = 0x21, IDEMPOTENCY_MOST_CHAR = 0x7E };

static bool takes_body(const struct route *route)
{
    return route->input != NULL || route->decode != NULL;
}

static bool decode_object(struct exchange *exchange)
{
    struct request *r = &exchange->request;
    const struct cJSON *object;

    if (!str_equal(r->content_type, STR("application/json")))
        return fail(&r->problem, REASON_WRONG_CONTENT_TYPE, NULL, "Send application/json.");
    r->input = arena_alloc(r->arena, r->route->input_size);
    return json_parse(r->arena, r->body, &r->problem, &object)
        && fields_from_json(r->route->input, FIELDS_CLOSED, r->arena, object, STR(""), &r->problem,
                            r->input, &r->present);
}

static bool decode_body(struct exchange *exchange)
{
    struct request *r = &exchange->request;

    if (exchange->body_refused != REASON_NONE)
        return fail(&r->problem, exchange->body_refused, NULL,
                    "The body may have at most %zu bytes.", exchange->body_max);
    if (!takes_body(r->route)) {
        if (r->body.len > 0 && !str_equal(str_trim(r->body), STR("{}")))
            return fail(&r->problem, REASON_BAD_REQUEST, NULL, "This request takes no body.");
        return true;
    }
    if (r->route->decode != NULL) return r->route->decode(r);
    return decode_object(exchange) && (r->route->check == NULL || r->route->check(r));
}

static bool decode_query(struct exchange *exchange, struct str query)
{
    struct request *r = &exchange->request;

    if (r->route->query != NULL) r->query = arena_alloc(r->arena, r->route->query_size);
    return query_read(r->route->query, r->arena, query, &r->problem, r->query);
}

static bool check_idempotency_key(struct request *r)
{
    for (size_t i = 0; i < r->idempotency_key.len; i++) {
        unsigned char c = (unsigned char)r->idempotency_key.at[i];
        if (c < IDEMPOTENCY_LEAST_CHAR || c > IDEMPOTENCY_MOST_CHAR)
            return fail(&r->problem, REASON_BAD_REQUEST, NULL,
                        "An Idempotency-Key has printable ASCII characters only.");
    }
    if (r->idempotency_key.len > IDEMPOTENCY_KEY_MAX
        || (!str_is_absent(r->idempotency_key) && r->idempotency_key.len == 0))
        return fail(&r->problem, REASON_BAD_REQUEST, NULL,
                    "An Idempotency-Key has 1 to %d characters.", IDEMPOTENCY_KEY_MAX);
    return true;
}

/* MHD has parsed the query already, leniently; the raw text is read again, strictly. */
static struct str raw_query(const struct exchange *exchange)
{
    struct str rest = exchange->path, path;

    str_split(&rest, '?', &path);
    return rest;
}

void decode_request(struct exchange *exchange)
{
    struct request *r = &exchange->request;

    if (decode_query(exchange, raw_query(exchange)) && check_idempotency_key(r))
        decode_body(exchange);
    exchange->decoding = r->problem;
    problem_clear(&r->problem);
}
