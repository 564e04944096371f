/* A load generator for POST /v1/calls: keep-alive connections on one thread, each with one request under way, bodies
   written by patching ids into a template, so that little of the machine goes to making the load.

   http_load HOST PORT KEY CONNECTIONS BATCH SECONDS SUBACCOUNT…

   Prints one line of JSON: what was acknowledged, how fast, and how long requests took. Anything but "accepted" for
   every record ends it with an error: a benchmark of refusals measures nothing. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    REPLY_BYTES = 1 << 20,
    RECORD_BYTES = 512,
    HEAD_BYTES = 512,
    ID_DIGITS = 12,
    LATENCIES_MAX = 8 << 20
};

struct connection {
    int fd;
    char *request; /* head and body */
    size_t request_len, sent;
    char **id_places; /* where in the body each record's id digits are */
    char *reply;
    size_t reply_len;
    int64_t began_us;
};

struct load {
    struct sockaddr_in address;
    const char *key;
    size_t connections, batch;
    double seconds;
    char **subaccounts;
    size_t n_subaccounts;
    uint64_t next_id;
    uint64_t requests, calls;
    uint32_t *latencies_us;
    size_t n_latencies;
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "http_load: %s: %.300s\n", what, detail);
    exit(1);
}

static void write_digits(char *at, uint64_t number)
{
    for (size_t i = ID_DIGITS; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
}

/* The body once, with places for ids; accounts, statuses and durations vary over it. */
static void build_request(const struct load *load, struct connection *c, size_t number)
{
    static const char *const statuses[] = { "completed", "completed", "completed", "voicemail",
                                            "completed" };
    char *body = malloc(load->batch * RECORD_BYTES + 2), *at = body, started[32];
    time_t start = time(NULL) - 3600;
    struct tm utc;

    gmtime_r(&start, &utc);
    strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &utc);
    c->request = malloc(HEAD_BYTES + load->batch * RECORD_BYTES + 2);
    c->id_places = malloc(load->batch * sizeof(*c->id_places));
    c->reply = malloc(REPLY_BYTES);
    *at++ = '[';
    for (size_t i = 0; i < load->batch; i++) {
        size_t pick = number * load->batch + i;
        at += sprintf(at, "%s{\"id\":\"call-", i == 0 ? "" : ",");
        c->id_places[i] = at;
        at += ID_DIGITS;
        at += sprintf(
            at,
            "\",\"source\":\"engine-1\",\"subaccount\":\"%s\",\"tier\":\"%s\",\"direction\":\"outbound\","
            "\"status\":\"%s\",\"started_at\":\"%s\",\"duration_seconds\":%zu,\"agent\":\"agent-%zu\","
            "\"from\":\"+14155550%03zu\",\"to\":\"+14155551%03zu\"}",
            load->subaccounts[pick % load->n_subaccounts], pick % 3 == 0 ? "basic" : "premium",
            statuses[pick % 5], started, 20 + pick % 300, pick % 7, pick % 1000, pick * 7 % 1000);
    }
    *at++ = ']';
    size_t body_len = (size_t)(at - body);
    size_t head_len =
        (size_t)snprintf(c->request, HEAD_BYTES,
                         "POST /v1/calls HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
                         "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                         load->key, body_len);
    memcpy(c->request + head_len, body, body_len);
    for (size_t i = 0; i < load->batch; i++)
        c->id_places[i] = c->request + head_len + (c->id_places[i] - body);
    c->request_len = head_len + body_len;
    free(body);
}

static void watch(int epoll, struct connection *c, uint32_t events, int operation)
{
    struct epoll_event event = { .events = events, .data.ptr = c };

    if (epoll_ctl(epoll, operation, c->fd, &event) != 0) die("epoll_ctl", strerror(errno));
}

static void send_more(int epoll, struct connection *c)
{
    while (c->sent < c->request_len) {
        ssize_t n = send(c->fd, c->request + c->sent, c->request_len - c->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            watch(epoll, c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return;
        }
        if (n < 0) die("send", strerror(errno));
        c->sent += (size_t)n;
    }
}

static void begin_request(struct load *load, int epoll, struct connection *c)
{
    for (size_t i = 0; i < load->batch; i++)
        write_digits(c->id_places[i], load->next_id++);
    c->sent = 0;
    c->reply_len = 0;
    c->began_us = now_us();
    send_more(epoll, c);
}

/* Whether the reply is whole; it must say that every record was accepted. */
static bool reply_is_whole(const struct load *load, struct connection *c)
{
    char expected[32];

    c->reply[c->reply_len] = '\0';
    char *end = strstr(c->reply, "\r\n\r\n");
    if (end == NULL) return false;
    char *length = strcasestr(c->reply, "content-length:");
    if (length == NULL || length > end) die("no content length", c->reply);
    size_t whole = (size_t)(end + 4 - c->reply) + strtoul(length + 15, NULL, 10);
    if (c->reply_len < whole) return false;
    snprintf(expected, sizeof(expected), "{\"accepted\":%zu,", load->batch);
    if (strncmp(c->reply, "HTTP/1.1 200", 12) != 0
        || strncmp(end + 4, expected, strlen(expected)) != 0)
        die("not all accepted", strncmp(c->reply, "HTTP/1.1 200", 12) != 0 ? c->reply : end + 4);
    return true;
}

static bool receive(struct load *load, struct connection *c)
{
    ssize_t n = recv(c->fd, c->reply + c->reply_len, REPLY_BYTES - 1 - c->reply_len, 0);

    if (n < 0 && errno == EAGAIN) return false;
    if (n <= 0) die("connection closed", n < 0 ? strerror(errno) : "by the server");
    c->reply_len += (size_t)n;
    if (!reply_is_whole(load, c)) return false;
    load->requests++;
    load->calls += load->batch;
    if (load->n_latencies < LATENCIES_MAX)
        load->latencies_us[load->n_latencies++] = (uint32_t)(now_us() - c->began_us);
    return true;
}

static void open_connection(const struct load *load, int epoll, struct connection *c)
{
    int on = 1;

    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0
        || connect(c->fd, (const struct sockaddr *)&load->address, sizeof(load->address)) != 0)
        die("connect", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    fcntl(c->fd, F_SETFL, fcntl(c->fd, F_GETFL) | O_NONBLOCK);
    watch(epoll, c, EPOLLIN, EPOLL_CTL_ADD);
}

static double run(struct load *load, struct connection *connections)
{
    struct epoll_event events[256];
    int epoll = epoll_create1(0);
    int64_t began_us = now_us(), end_us = began_us + (int64_t)(load->seconds * 1e6);
    size_t open = load->connections;

    for (size_t i = 0; i < load->connections; i++)
        open_connection(load, epoll, &connections[i]);
    for (size_t i = 0; i < load->connections; i++)
        begin_request(load, epoll, &connections[i]);
    while (open > 0) {
        int n = epoll_wait(epoll, events, 256, 10000);
        if (n <= 0) die("no answer", "within 10 seconds");
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if ((events[i].events & EPOLLOUT) != 0) {
                watch(epoll, c, EPOLLIN, EPOLL_CTL_MOD);
                send_more(epoll, c);
            }
            if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || !receive(load, c))
                continue;
            if (now_us() < end_us) {
                begin_request(load, epoll, c);
            } else {
                close(c->fd);
                open--;
            }
        }
    }
    close(epoll);
    return (double)(now_us() - began_us) / 1e6;
}

static int compare_latencies(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double percentile_ms(const struct load *load, double share)
{
    return load->n_latencies == 0
        ? 0
        : load->latencies_us[(size_t)((double)(load->n_latencies - 1) * share)] / 1e3;
}

static void report(struct load *load, double seconds)
{
    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    qsort(load->latencies_us, load->n_latencies, sizeof(uint32_t), compare_latencies);
    printf(
        "{\"calls\":%lu,\"requests\":%lu,\"seconds\":%.3f,\"calls_per_second\":%.0f,\"requests_per_second\":%.0f,"
        "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"client_cpu_seconds\":%.2f}\n",
        load->calls, load->requests, seconds, (double)load->calls / seconds,
        (double)load->requests / seconds, percentile_ms(load, 0.50), percentile_ms(load, 0.99),
        percentile_ms(load, 1.0),
        (double)own.ru_utime.tv_sec + (double)own.ru_stime.tv_sec
            + (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6);
}

int main(int argc, char **argv)
{
    if (argc < 8) {
        fprintf(stderr, "usage: http_load HOST PORT KEY CONNECTIONS BATCH SECONDS SUBACCOUNT...\n");
        return 2;
    }
    struct load load = {
        .address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2])) },
        .key = argv[3],
        .connections = strtoul(argv[4], NULL, 10),
        .batch = strtoul(argv[5], NULL, 10),
        .seconds = strtod(argv[6], NULL),
        .subaccounts = argv + 7,
        .n_subaccounts = (size_t)argc - 7,
        .next_id = (uint64_t)now_us() % 100000000000 * 10,
        .latencies_us = malloc(sizeof(uint32_t) * LATENCIES_MAX),
    };
    inet_pton(AF_INET, argv[1], &load.address.sin_addr);
    struct connection *connections = calloc(load.connections, sizeof(*connections));
    for (size_t i = 0; i < load.connections; i++)
        build_request(&load, &connections[i], i);
    report(&load, run(&load, connections));
    return 0;
}
