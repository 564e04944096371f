#include "http/exchange.h"

#include "base/log.h"
#include "engine/rosters.h"
#include "http/receive.h"
#include "http/slow.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LISTEN_BACKLOG = 1024,
    CONNECTION_MEMORY_BYTES = 32
        * 1024, /* MHD's per connection: header, and the window of an upload; wiped at each request */
    READER_THREADS_LEAST = 2,
    WRITER_THREADS_DEFAULT = 2,
    BATCH_RECORDS_DEFAULT = 1000,
    REQUEST_MEMORY_BYTES_DEFAULT = 512 << 20,
    DRAIN_SECONDS_MAX = 25,
    DRAIN_LOOK_EVERY_MS = 2,
};

/* "127.0.0.1:8080", "[::1]:0", "localhost:8080" */
static bool split_address(struct arena *arena, struct str listen, const char **host,
                          const char **port)
{
    size_t colon = listen.len;

    while (colon > 0 && listen.at[colon - 1] != ':')
        colon--;
    if (colon <= 1 || colon == listen.len) return false;
    struct str name = str_sub(listen, 0, colon - 1);
    if (name.at[0] == '[' && name.at[name.len - 1] == ']') name = str_sub(name, 1, name.len - 2);
    *host = str_to_c(arena, name);
    *port = str_to_c(arena, str_sub(listen, colon, listen.len));
    return true;
}

static int bind_first(const struct addrinfo *found)
{
    for (; found != NULL; found = found->ai_next) {
        int on = 1;
        int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) continue;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
            return fd;
        int failed = errno;
        close(fd);
        errno = failed;
    }
    return -1;
}

/* The socket that it is, as text: port 0 has become a number. */
static struct str bound_address(struct arena *arena, int fd)
{
    struct sockaddr_storage address = { 0 };
    socklen_t len = sizeof(address);
    char host[INET6_ADDRSTRLEN], port[8];

    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0
        || getnameinfo((struct sockaddr *)&address, len, host, sizeof(host), port, sizeof(port),
                       NI_NUMERICHOST | NI_NUMERICSERV)
            != 0)
        return STR_NONE;
    return str_format(arena, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

static bool open_socket(struct server *server, struct problem *problem)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found = NULL;
    const char *host, *port;

    if (!split_address(server->arena, server->settings.listen, &host, &port))
        return fail(problem, REASON_BAD_REQUEST, NULL, "--listen is HOST:PORT, not \"%.*s\"",
                    STR_ARG(server->settings.listen));
    int failed = getaddrinfo(host, port, &hints, &found);
    if (failed != 0)
        return fail(problem, REASON_BAD_REQUEST, NULL, "cannot listen on %s: %s", host,
                    gai_strerror(failed));
    server->listen_fd = bind_first(found);
    int why = errno;
    freeaddrinfo(found);
    if (server->listen_fd < 0)
        return fail(problem, REASON_BAD_REQUEST, NULL, "cannot listen on %.*s: %s",
                    STR_ARG(server->settings.listen),
                    strerror(why)); /* NOLINT(concurrency-mt-unsafe): one thread so far */
    server->address = bound_address(server->arena, server->listen_fd);
    return true;
}

/* "https://minutes.example.com/x" as "https://minutes.example.com". */
static struct str origin_of(struct str url)
{
    size_t at = 0;
    int slashes = 0;

    for (; at < url.len; at++) {
        if (url.at[at] == '/' && ++slashes == 3) break;
    }
    return str_sub(url, 0, at);
}

static void settle_origin(struct server *server)
{
    struct str rest = server->address, port = STR_NONE;

    if (!str_is_absent(server->settings.public_url)) {
        server->origin = origin_of(server->settings.public_url);
        return;
    }
    server->origin = str_format(server->arena, "http://%.*s", STR_ARG(server->address));
    while (str_split(&rest, ':', &port)) {
    }
    if (str_starts_with(server->address, STR("127."))
        || str_starts_with(server->address, STR("[::1]")))
        server->origin_localhost =
            str_format(server->arena, "http://localhost:%.*s", STR_ARG(port));
}

static void copy_settings(struct server *server, const struct server_settings *given)
{
    struct arena *arena = server->arena;
    size_t cores = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    struct server_settings *own = &server->settings;

    *own = *given;
    own->listen = str_copy(arena, given->listen);
    own->public_url = str_copy(arena, given->public_url);
    own->metrics_token = str_copy(arena, given->metrics_token);
    own->trusted_proxies = str_copy(arena, given->trusted_proxies);
    own->setup_token = str_copy(arena, given->setup_token);
    own->secret_key = str_copy(arena, given->secret_key);
    if (own->http_threads == 0) own->http_threads = cores;
    if (own->reader_threads == 0)
        own->reader_threads = cores > READER_THREADS_LEAST ? cores : READER_THREADS_LEAST;
    if (own->writer_threads == 0) own->writer_threads = WRITER_THREADS_DEFAULT;
    if (own->batch_records_max == 0) own->batch_records_max = BATCH_RECORDS_DEFAULT;
    if (own->request_memory_bytes == 0) own->request_memory_bytes = REQUEST_MEMORY_BYTES_DEFAULT;
}

static void *make_reader(void *context)
{
    const struct server *server = context;
    struct problem problem;
    struct arena *arena = arena_new(1024);

    problem_init(&problem, arena);
    struct tx *tx = db_connect(server->db, DB_READER, &problem);
    arena_free(arena);
    if (tx != NULL) tx->rosters = server->rosters;
    return tx;
}

static void unmake_reader(void *resource)
{
    db_disconnect(resource);
}

static bool start_threads(struct server *server, struct problem *problem)
{
    const struct pool_resource reader = { make_reader, unmake_reader, server };

    server->events = events_start(server->db, &listening_hooks, problem);
    if (server->events == NULL) return false;
    server->writer = writer_start(server->db, server->settings.writer_threads, problem);
    if (server->writer == NULL) return false;
    server->rosters = rosters_new();
    server->readers = pool_start(server->settings.reader_threads, READ_QUEUE_MAX, 0, reader);
    if (server->readers == NULL)
        return fail(problem, REASON_STORE_UNAVAILABLE, NULL, "cannot connect readers to the store");
    /* A hash keeps 64 MB of memory busy: on every core at once they would take it from all else. */
    server->hashers = pool_start((server->settings.http_threads + 1) / 2, HASH_QUEUE_MAX,
                                 HASH_NICENESS, (struct pool_resource){ 0 });
    server->waiting = waiting_start(dispatch_again);
    return true;
}

static void log_from_mhd(void *context, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void log_from_mhd(void *context, const char *format, va_list args)
{
    char text[512];

    (void)context;
    vsnprintf(text, sizeof(text), format, args);
    log_event(LOG_DEBUG, "mhd", LOG_TEXT("text", str_trim(str_from_c(text))));
}

static bool start_daemon(struct server *server, struct problem *problem)
{
    server->connections = connections_new();
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, server, MHD_OPTION_EXTERNAL_LOGGER, log_from_mhd, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)server->settings.http_threads, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, server, MHD_OPTION_NOTIFY_COMPLETED,
        on_request_over, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (server->daemon == NULL)
        return fail(problem, REASON_INTERNAL, NULL, "cannot start the HTTP server: %s",
                    strerror(errno)); /* NOLINT(concurrency-mt-unsafe): start-up */
    connections_watch(server->connections);
    return true;
}

struct server *server_start(struct db *db, const struct server_settings *settings,
                            struct problem *problem)
{
    struct server *server = calloc(1, sizeof(*server));

    assert(server != NULL);
    server->db = db;
    server->arena = arena_new(4096);
    server->listen_fd = -1;
    pthread_mutex_init(&server->free_lock, NULL);
    pthread_mutex_init(&server->setup_lock, NULL);
    copy_settings(server, settings);
    server->router = router_new(settings->routes);
    server->budget = budget_new(server->settings.request_memory_bytes);
    server->rates = rates_new();
    server->metrics = metrics_new(router_count(server->router));
    if (!open_socket(server, problem) || !start_threads(server, problem)) {
        server_stop(server);
        return NULL;
    }
    settle_origin(server); /* before the first request can come */
    if (!start_daemon(server, problem)) {
        server_stop(server);
        return NULL;
    }
    return server;
}

/* Waits for the answers of what is under way to be sent; somebody who does not read theirs is not waited for long. */
static void drain(struct server *server)
{
    const struct timespec look_every = { .tv_nsec = DRAIN_LOOK_EVERY_MS * 1000000L };

    for (int ms = 0; atomic_load(&server->in_flight) > 0 && ms < DRAIN_SECONDS_MAX * 1000;
         ms += DRAIN_LOOK_EVERY_MS)
        nanosleep(&look_every, NULL);
}

/* First nobody new comes in and new requests are refused; then what is under way is finished, with the threads that it
   needs; then they end. */
void server_stop(struct server *server)
{
    atomic_store(&server->stopping, true);
    if (server->daemon != NULL) {
        MHD_quiesce_daemon(server->daemon);
        events_end(server->events);
        drain(server);
    }
    if (server->waiting != NULL) waiting_stop(server->waiting);
    if (server->hashers != NULL) pool_stop(server->hashers);
    if (server->readers != NULL) pool_stop(server->readers);
    if (server->rosters != NULL) rosters_free(server->rosters);
    if (server->events != NULL) events_rest(server->events);
    if (server->writer != NULL) writer_stop(server->writer);
    if (server->daemon != NULL) {
        connections_unwatch(server->connections);
        MHD_stop_daemon(server->daemon);
    }
    if (server->events != NULL) events_stop(server->events);
    if (server->listen_fd >= 0) close(server->listen_fd);
    if (server->connections != NULL) connections_free(server->connections);
    exchanges_free(server);
    budget_free(server->budget);
    rates_free(server->rates);
    metrics_free(server->metrics);
    router_free(server->router);
    pthread_mutex_destroy(&server->setup_lock);
    pthread_mutex_destroy(&server->free_lock);
    arena_free(server->arena);
    free(server);
}

struct str server_address(const struct server *server)
{
    return server->address;
}

const struct server_settings *server_settings(const struct server *server)
{
    return &server->settings;
}

struct str server_origin(const struct server *server)
{
    return server->origin;
}

struct db *server_db(const struct server *server)
{
    return server->db;
}

struct writer *server_writer(const struct server *server)
{
    return server->writer;
}

bool server_setup_token_matches(struct server *server, struct str token)
{
    struct str expected = server->settings.setup_token;

    pthread_mutex_lock(&server->setup_lock);
    bool open = !server->setup_done && !str_is_absent(expected);
    pthread_mutex_unlock(&server->setup_lock);
    return open
        && bytes_equal_constant_time(
               (struct bytes){ (const unsigned char *)expected.at, expected.len },
               (struct bytes){ (const unsigned char *)token.at, token.len });
}

void server_setup_done(struct server *server)
{
    pthread_mutex_lock(&server->setup_lock);
    server->setup_done = true;
    pthread_mutex_unlock(&server->setup_lock);
}
