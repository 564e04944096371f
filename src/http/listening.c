/* Live events over HTTP: server-sent events (HTML, "Server-sent events") from the ring of an agency (engine/events.h). No
   thread has such a request; its connection is suspended while there is nothing to send. */
#include "http/exchange.h"

#include <assert.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 16 * 1024, COME_BACK_SECONDS = 10 };

/* Who listens: enough to ask again whether they still may, as any request of theirs is asked. */
struct who {
    struct server *server;
    const struct route *route;
    struct credential credential;
};

static enum looked look(void *context, struct tx *tx, struct viewer *out)
{
    const struct who *who = context;
    struct exchange *exchange = ARENA_NEW(tx->arena, struct exchange);
    struct request *r = &exchange->request;
    struct problem *outer = tx->problem;

    exchange->credential = who->credential;
    r->server = who->server;
    r->arena = tx->arena;
    r->route = who->route;
    r->tx = tx;
    r->now = tx->now;
    problem_init(&r->problem, tx->arena);
    tx_attach(tx, tx->arena, &r->problem);
    bool allowed = authenticate(exchange, tx);
    auth_forget();
    tx_attach(tx, tx->arena, outer);
    *out = (struct viewer){ r->caller.agency, r->caller.role, r->caller.reach };
    if (allowed) return LOOKED_ALLOWED;
    return reason_status(r->problem.reason) >= 500 ? LOOKED_FAILED : LOOKED_REFUSED;
}

static void resume(void *connection)
{
    MHD_resume_connection(connection);
}

static void suspend(void *connection)
{
    MHD_suspend_connection(connection);
}

const struct events_hooks listening_hooks = {
    .look = look,
    .wake = resume,
    .pause = suspend,
    .forget = free,
};

static int socket_of(const struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info->connect_fd;
}

/* The listener's (listener_order). */
static struct who *who_asks(const struct exchange *exchange)
{
    const struct request *r = &exchange->request;
    struct who *who = malloc(sizeof(*who));

    assert(who != NULL);
    *who = (struct who){ r->server, r->route, exchange->credential };
    return who;
}

bool request_listen(struct request *r, struct str last_event_id, enum listen_until until)
{
    struct exchange *exchange = (struct exchange *)(void *)r;
    enum reason refused;

    r->response.listener = events_join(r->server->events,
                                       &(struct listener_order){
                                           .agency = r->caller.agency,
                                           .who = who_asks(exchange),
                                           .connection = exchange->connection,
                                           .fd = socket_of(exchange),
                                           .last_event_id = last_event_id,
                                           .until_now = until == LISTEN_UNTIL_NOW,
                                       },
                                       &refused);
    if (r->response.listener == NULL) {
        r->response.retry_after_seconds = COME_BACK_SECONDS;
        return request_allow(r, refused, NULL);
    }
    return request_reply_text(r, 200, "text/event-stream", STR(""));
}

static ssize_t read_events(void *listener, uint64_t position, char *out, size_t max)
{
    (void)position;
    ssize_t len = events_read(listener, out, max);
    return len < 0 ? MHD_CONTENT_READER_END_OF_STREAM : len;
}

/* A proxy that gathers answers would keep them from being live. */
struct MHD_Response *listening_response(struct exchange *exchange)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_events, exchange->request.response.listener, NULL);

    if (response != NULL) MHD_add_response_header(response, "X-Accel-Buffering", "no");
    return response;
}
