#include "http/receive.h"

#include "base/id.h"
#include "base/time.h"
#include "http/exchange.h"
#include "http/proxy.h"
#include "http/query.h"
#include "http/slow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EXCHANGE_ARENA_BYTES = 16 * 1024, EXCHANGES_KEPT_MAX = 256 };

/* What a request holds beyond its arena's first block, and `more` that is about to be added, is taken from the server's
   budget. False when there is not so much left for its sender. */
static bool take_memory(struct exchange *exchange, size_t more)
{
    size_t all = arena_used(exchange->request.arena) + more;
    size_t taken = EXCHANGE_ARENA_BYTES + exchange->taken_bytes;

    if (all <= taken) return true;
    if (!budget_take(exchange->request.server->budget, exchange->sender, all - taken)) return false;
    exchange->taken_bytes += all - taken;
    return true;
}

static struct exchange *exchange_take(struct server *server)
{
    pthread_mutex_lock(&server->free_lock);
    struct exchange *exchange = server->free_exchanges;
    if (exchange != NULL) {
        server->free_exchanges = exchange->next;
        server->n_free--;
    }
    pthread_mutex_unlock(&server->free_lock);
    struct arena *arena =
        exchange != NULL ? exchange->request.arena : arena_new(EXCHANGE_ARENA_BYTES);
    if (exchange == NULL) exchange = malloc(sizeof(*exchange));
    assert(exchange != NULL);
    memset(exchange, 0, sizeof(*exchange));
    exchange->request.arena = arena;
    exchange->request.server = server;
    exchange->request.units = 1;
    problem_init(&exchange->request.problem, arena);
    return exchange;
}

static void exchange_free(struct exchange *exchange)
{
    arena_free(exchange->request.arena);
    free(exchange);
}

static void exchange_give_back(struct server *server, struct exchange *exchange)
{
    arena_reset(exchange->request.arena);
    pthread_mutex_lock(&server->free_lock);
    bool kept = server->n_free < EXCHANGES_KEPT_MAX;
    if (kept) {
        exchange->next = server->free_exchanges;
        server->free_exchanges = exchange;
        server->n_free++;
    }
    pthread_mutex_unlock(&server->free_lock);
    if (!kept) exchange_free(exchange);
}

void exchanges_free(struct server *server)
{
    while (server->free_exchanges != NULL) {
        struct exchange *next = server->free_exchanges->next;
        exchange_free(server->free_exchanges);
        server->free_exchanges = next;
    }
}

static struct open_connection *open_connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info == NULL ? NULL : info->socket_context;
}

void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_context = connection_opened(server->connections, info->connect_fd);
    } else if (*socket_context != NULL) {
        connection_closed(server->connections, *socket_context);
        *socket_context = NULL;
    }
}

void *on_request_line(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = context;
    struct exchange *exchange = exchange_take(server);

    /* From here on it is receiving: a header that trickles in is late as a body is. */
    if (open_connection_of(connection) != NULL)
        connection_set_phase(open_connection_of(connection), CONNECTION_RECEIVING);
    exchange->connection = connection;
    exchange->request.began_us = clock_monotonic_us();
    exchange->path = str_copy(exchange->request.arena, str_from_c(uri));
    return exchange;
}

static struct str header(struct exchange *exchange, const char *name)
{
    return str_from_c(MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name));
}

struct gathered_header {
    const char *name;
    struct arena *arena;
    struct str values; /* absent: none so far */
};

static enum MHD_Result gather_header(void *context, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct gathered_header *gathered = context;

    (void)kind;
    if (strcasecmp(name, gathered->name) != 0 || value == NULL) return MHD_YES;
    gathered->values = str_is_absent(gathered->values)
        ? str_from_c(value)
        : str_format(gathered->arena, "%.*s, %s", STR_ARG(gathered->values), value);
    return MHD_YES;
}

/* A header whose lines are one list (RFC 9110 §5.3): a proxy may add to it with a line of its own. */
static struct str list_header(struct exchange *exchange, const char *name)
{
    struct gathered_header gathered = { name, exchange->request.arena, STR_NONE };

    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, gather_header, &gathered);
    return gathered.values;
}

/* "Application/JSON; charset=utf-8" as "application/json". */
static struct str media_type(struct arena *arena, struct str content_type)
{
    struct str rest = content_type, type = STR_NONE;

    str_split(&rest, ';', &type);
    return str_is_absent(type) ? STR_NONE : str_fold(arena, str_trim(type));
}

static void read_headers(struct exchange *exchange)
{
    struct request *r = &exchange->request;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct str peer = address_text(r->arena, info == NULL ? NULL : info->client_addr);

    r->now = clock_now();
    r->id = id_format(r->arena, ID_REQUEST, id_new(r->now));
    exchange->forwarded_for = list_header(exchange, "X-Forwarded-For");
    r->client_address =
        client_address(peer, exchange->forwarded_for, r->server->settings.trusted_proxies);
    r->user_agent = str_sub(header(exchange, MHD_HTTP_HEADER_USER_AGENT), 0, 300);
    if (!str_is_text(r->user_agent)) r->user_agent = STR_NONE;
    r->idempotency_key = header(exchange, "Idempotency-Key");
    r->last_event_id = header(exchange, "Last-Event-ID");
    r->content_type = media_type(r->arena, header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE));
    r->accept = header(exchange, MHD_HTTP_HEADER_ACCEPT);
    exchange->authorization = header(exchange, MHD_HTTP_HEADER_AUTHORIZATION);
    exchange->origin = header(exchange, "Origin");
    exchange->accept_encoding = header(exchange, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    exchange->if_none_match = header(exchange, MHD_HTTP_HEADER_IF_NONE_MATCH);
    exchange->credential =
        credential_read(exchange->authorization, header(exchange, MHD_HTTP_HEADER_COOKIE));
    r->agency_hint = exchange->credential.agency;
}

struct str request_header(const struct request *r, const char *name)
{
    struct exchange *exchange = (struct exchange *)(void *)r;

    return header(exchange, name);
}

struct str request_target(const struct request *r)
{
    return ((const struct exchange *)(const void *)r)->path;
}

/* HEAD is a GET whose body MHD leaves out. */
static int method_of(const char *name)
{
    return strcmp(name, "HEAD") == 0 ? GET : name_index(method_names, str_from_c(name));
}

/* The route of the path, and the most that its body may have. */
static void find_route(struct exchange *exchange, const char *method_name)
{
    struct request *r = &exchange->request;
    struct str rest = exchange->path, path = STR_NONE;
    int method = method_of(method_name);

    exchange->is_read = method == GET;
    str_split(&rest, '?', &path);
    if (router_match(r->server->router, (enum method)(method < 0 ? METHOD_COUNT : method), path,
                     &exchange->match)) {
        r->route = exchange->match.route;
        memcpy(exchange->id_texts, exchange->match.ids, sizeof(exchange->id_texts));
    }
    bool is_large = r->route != NULL && r->route->decode != NULL;
    exchange->body_max = is_large ? BODY_BYTES_MAX : SMALL_BODY_BYTES_MAX;
}

static bool headers_are_too_large(const struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    return info != NULL && info->header_size > HEADER_BYTES_MAX;
}

/* The body's announced length, 0 when it is not known. */
static size_t announced_length(struct exchange *exchange)
{
    int64_t length = 0;

    return str_to_int64(header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH), &length) && length > 0
        ? (size_t)length
        : 0;
}

/* Answers without waiting for the body. */
static enum MHD_Result refuse_now(struct exchange *exchange, enum reason reason)
{
    request_allow(&exchange->request, reason, NULL);
    atomic_store(&exchange->state, EXCHANGE_ANSWERED);
    return answer(exchange);
}

/* The header is there. A body that is announced far too large is not waited for: the connection ends with the answer. */
static enum MHD_Result begin(struct exchange *exchange, const char *method)
{
    read_headers(exchange);
    exchange->sender = sender_of(exchange);
    exchange->share = sender_share(exchange);
    find_route(exchange, method);
    if (headers_are_too_large(exchange)) return refuse_now(exchange, REASON_HEADERS_TOO_LARGE);
    size_t length = announced_length(exchange);
    if (length > BODY_DRAINED_BYTES_MAX) return refuse_now(exchange, REASON_BODY_TOO_LARGE);
    if (length > exchange->body_max)
        exchange->body_refused = REASON_BODY_TOO_LARGE;
    else if (!take_memory(exchange, length))
        exchange->body_refused = REASON_OVERLOADED;
    exchange->body =
        buffer_new(exchange->request.arena, exchange->body_refused == REASON_NONE ? length : 0);
    return MHD_YES;
}

static void receive(struct exchange *exchange, const char *upload, size_t *upload_len)
{
    if (exchange->body.len + *upload_len > exchange->body_max)
        exchange->body_refused = REASON_BODY_TOO_LARGE;
    else if (exchange->body_refused == REASON_NONE && !take_memory(exchange, *upload_len))
        exchange->body_refused = REASON_OVERLOADED;
    if (exchange->body_refused == REASON_NONE)
        buffer_add(&exchange->body, (struct str){ upload, *upload_len });
    *upload_len = 0;
}

/* Writes that a browser sends by itself must come from our own pages. */
static bool origin_is_fine(const struct exchange *exchange)
{
    const struct request *r = &exchange->request;
    const struct server *server = r->server;
    bool by_key = exchange->credential.kind == CREDENTIAL_API_KEY;

    if (r->route->method == GET || by_key || (r->route->flags & ROUTE_NO_ORIGIN) != 0) return true;
    return !str_is_absent(exchange->origin)
        && (str_equal(exchange->origin, server->origin)
            || str_equal(exchange->origin, server->origin_localhost));
}

/* What can be refused without asking the store. */
static enum reason refuse_early(const struct exchange *exchange)
{
    const struct request *r = &exchange->request;
    bool is_key = !str_is_absent(exchange->authorization);

    if (r->route->permission != CAN_ANYONE) {
        if (exchange->credential.kind == CREDENTIAL_NONE) return REASON_NOT_SIGNED_IN;
        if (exchange->credential.kind == CREDENTIAL_MALFORMED)
            return is_key ? REASON_BAD_API_KEY : REASON_SESSION_EXPIRED;
    }
    return origin_is_fine(exchange) ? REASON_NONE : REASON_BAD_ORIGIN;
}

/* The request is whole. */
static enum MHD_Result work(struct exchange *exchange)
{
    struct request *r = &exchange->request;
    struct open_connection *open = open_connection_of(exchange->connection);
    enum MHD_Result result;

    if (open != NULL) connection_set_phase(open, CONNECTION_WORKING);
    /* Counted before the look, so that a server that stops either waits for this one or refuses it. */
    exchange->counted = true;
    atomic_fetch_add(&r->server->in_flight, 1);
    if (atomic_load(&r->server->stopping)) return refuse_now(exchange, REASON_SHUTTING_DOWN);
    r->body = buffer_str(&exchange->body);
    problem_init(&exchange->decoding, r->arena);
    if (r->route == NULL) {
        if (exchange->is_read && !exchange->match.path_known && static_answer(exchange, &result))
            return result;
        return refuse_now(
            exchange, exchange->match.path_known ? REASON_METHOD_NOT_ALLOWED : REASON_NOT_FOUND);
    }
    enum reason refused = refuse_early(exchange);
    if (refused != REASON_NONE) return refuse_now(exchange, refused);
    if (sender_is_too_fast(exchange)) return refuse_now(exchange, REASON_TOO_MANY_REQUESTS);
    if (exchange->body_refused == REASON_OVERLOADED) return refuse_now(exchange, REASON_OVERLOADED);
    decode_request(exchange);
    if (!take_memory(exchange, 0)) return refuse_now(exchange, REASON_OVERLOADED);
    dispatch(exchange);
    /* Once suspended it is another thread's, and comes back through on_request. */
    return exchange->suspended ? MHD_YES : answer(exchange);
}

enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                           const char *method, const char *version, const char *upload,
                           size_t *upload_len, void **place)
{
    struct exchange *exchange = *place;

    (void)context;
    (void)connection;
    (void)url;
    (void)version;
    if (exchange == NULL) return MHD_NO;
    if (exchange->request.id.at == NULL) return begin(exchange, method);
    if (*upload_len > 0) {
        receive(exchange, upload, upload_len);
        return MHD_YES;
    }
    return atomic_load(&exchange->state) == EXCHANGE_ANSWERED ? answer(exchange) : work(exchange);
}

void on_request_over(void *context, struct MHD_Connection *connection, void **place,
                     enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct exchange *exchange = *place;
    struct open_connection *open = open_connection_of(connection);

    (void)code;
    if (open != NULL) connection_set_phase(open, CONNECTION_IDLE);
    if (exchange != NULL) budget_give(server->budget, exchange->sender, exchange->taken_bytes);
    if (exchange != NULL && exchange->request.response.listener != NULL)
        events_leave(exchange->request.response.listener);
    if (exchange != NULL && exchange->counted) atomic_fetch_sub(&server->in_flight, 1);
    if (exchange != NULL) exchange_give_back(server, exchange);
    *place = NULL;
}
