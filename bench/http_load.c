/* A load generator for POST /v1/calls: keep-alive connections on one thread, each with one request under way, bodies
   written by patching a template, so that little of the machine goes to making the load.

   http_load HOST PORT KEY ACCOUNTS CONNECTIONS BATCH SPREAD SECONDS CALLS

   ACCOUNTS is a file with a sub-account's id in each line; calls go to them in turn, and started within the SPREAD
   seconds before a minute ago. Ends after SECONDS or CALLS, whichever comes first. Prints one line of JSON: what was
   acknowledged, how fast, and how long requests took. Anything but "accepted" for every record ends it with an error:
   a benchmark of refusals measures nothing. */
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
    ACCOUNT_CHARS = 17, /* "sub_" and 13 digits */
    TIME_CHARS = 20,
    SPREAD_MAX = 600,
    EVENTS_MAX = 256,
    ANSWER_MS_MAX = 10000,
    LATENCIES_MAX = 8 << 20
};

/* Where in the body a record's changing parts stand. */
struct places {
    char *id, *account, *started;
};

struct connection {
    int fd;
    char *request; /* head and body */
    size_t request_len, sent;
    struct places *places;
    char *reply;
    size_t reply_len;
    int64_t began_us;
};

struct load {
    struct sockaddr_in address;
    const char *key;
    size_t connections, batch;
    int64_t end_us, calls_max;
    char *accounts; /* ACCOUNT_CHARS each */
    size_t n_accounts;
    time_t started_of; /* the second that `started` was written for */
    size_t spread_seconds;
    char started[SPREAD_MAX][TIME_CHARS + 1];
    uint64_t next_id;
    int64_t requests, calls_sent, calls;
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

static void *allocate(size_t bytes)
{
    void *at = calloc(1, bytes);

    if (at == NULL) die("memory", "there is none");
    return at;
}

static void write_digits(char *at, uint64_t number)
{
    for (size_t i = ID_DIGITS; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
}

static void read_accounts(struct load *load, const char *path)
{
    char line[64];
    FILE *file = fopen(path, "r");
    size_t capacity = 0;

    if (file == NULL) die(path, strerror(errno));
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strcspn(line, "\n") != ACCOUNT_CHARS) die("no sub-account's id", line);
        if (load->n_accounts == capacity) {
            capacity = capacity == 0 ? 64 : capacity * 2;
            load->accounts = realloc(load->accounts, capacity * ACCOUNT_CHARS);
            if (load->accounts == NULL) die("memory", "there is none");
        }
        memcpy(load->accounts + load->n_accounts++ * ACCOUNT_CHARS, line, ACCOUNT_CHARS);
    }
    fclose(file);
    if (load->n_accounts == 0) die(path, "names no sub-account");
}

static struct places add_record(char **at, size_t number)
{
    static const char *const statuses[] = { "completed", "completed", "completed", "voicemail",
                                            "completed" };
    struct places places;

    *at += sprintf(*at, "{\"id\":\"call-");
    places.id = *at;
    *at += sprintf(*at, "%0*d\",\"source\":\"engine-1\",\"subaccount\":\"", ID_DIGITS, 0);
    places.account = *at;
    *at += sprintf(
        *at,
        "%0*d\",\"tier\":\"%s\",\"direction\":\"outbound\",\"status\":\"%s\",\"started_at\":\"",
        ACCOUNT_CHARS, 0, number % 3 == 0 ? "basic" : "premium", statuses[number % 5]);
    places.started = *at;
    *at += sprintf(*at,
                   "%0*d\",\"duration_seconds\":%zu,\"agent\":\"agent-%zu\","
                   "\"from\":\"+14155550%03zu\",\"to\":\"+14155551%03zu\"}",
                   TIME_CHARS, 0, 20 + number % 300, number % 7, number % 1000, number * 7 % 1000);
    return places;
}

/* The request once; tiers, statuses, durations and numbers vary over it and stay. */
static void build_request(const struct load *load, struct connection *c, size_t number)
{
    char *body = allocate(load->batch * RECORD_BYTES + 2), *at = body;

    c->request = allocate(HEAD_BYTES + load->batch * RECORD_BYTES + 2);
    c->places = allocate(load->batch * sizeof(*c->places));
    c->reply = allocate(REPLY_BYTES);
    for (size_t i = 0; i < load->batch; i++) {
        *at++ = i == 0 ? '[' : ',';
        c->places[i] = add_record(&at, number * load->batch + i);
    }
    *at++ = ']';
    size_t body_len = (size_t)(at - body);
    size_t head_len =
        (size_t)snprintf(c->request, HEAD_BYTES,
                         "POST /v1/calls HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
                         "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                         load->key, body_len);
    memcpy(c->request + head_len, body, body_len);
    for (size_t i = 0; i < load->batch; i++) {
        c->places[i].id = c->request + head_len + (c->places[i].id - body);
        c->places[i].account = c->request + head_len + (c->places[i].account - body);
        c->places[i].started = c->request + head_len + (c->places[i].started - body);
    }
    c->request_len = head_len + body_len;
    free(body);
}

/* The times at which calls that are reported now may have started, newest first; written once a second. */
static void write_started(struct load *load)
{
    time_t now = time(NULL);
    struct tm utc;

    if (now == load->started_of) return;
    load->started_of = now;
    for (size_t i = 0; i < load->spread_seconds; i++) {
        time_t at = now - 60 - (time_t)i;
        strftime(load->started[i], sizeof(load->started[i]), "%Y-%m-%dT%H:%M:%SZ",
                 gmtime_r(&at, &utc));
    }
}

static void patch_request(struct load *load, const struct connection *c)
{
    write_started(load);
    for (size_t i = 0; i < load->batch; i++) {
        uint64_t id = load->next_id++;
        write_digits(c->places[i].id, id);
        memcpy(c->places[i].account, load->accounts + id % load->n_accounts * ACCOUNT_CHARS,
               ACCOUNT_CHARS);
        memcpy(c->places[i].started, load->started[id % load->spread_seconds], TIME_CHARS);
    }
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
    patch_request(load, c);
    load->calls_sent += (int64_t)load->batch;
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
    load->calls += (int64_t)load->batch;
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

static bool wants_more(const struct load *load)
{
    return now_us() < load->end_us && load->calls_sent < load->calls_max;
}

/* What became ready on one connection; false when it has ended. */
static bool go_on(struct load *load, int epoll, struct connection *c, uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        watch(epoll, c, EPOLLIN, EPOLL_CTL_MOD);
        send_more(epoll, c);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || !receive(load, c)) return true;
    if (wants_more(load)) {
        begin_request(load, epoll, c);
        return true;
    }
    close(c->fd);
    return false;
}

static double run(struct load *load, struct connection *connections, double seconds)
{
    struct epoll_event events[EVENTS_MAX];
    int epoll = epoll_create1(0);
    size_t open = load->connections;

    for (size_t i = 0; i < load->connections; i++)
        open_connection(load, epoll, &connections[i]);
    int64_t began_us = now_us();
    load->end_us = began_us + (int64_t)(seconds * 1e6);
    for (size_t i = 0; i < load->connections; i++)
        begin_request(load, epoll, &connections[i]);
    while (open > 0) {
        int n = epoll_wait(epoll, events, EVENTS_MAX, ANSWER_MS_MAX);
        if (n <= 0) die("no answer", "within 10 seconds");
        for (int i = 0; i < n; i++) {
            if (!go_on(load, epoll, events[i].data.ptr, events[i].events)) open--;
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

static double cpu_seconds(void)
{
    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec)
        + (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
}

static void report(struct load *load, double seconds)
{
    qsort(load->latencies_us, load->n_latencies, sizeof(uint32_t), compare_latencies);
    printf("{\"calls\":%ld,\"requests\":%ld,\"seconds\":%.3f,\"calls_per_second\":%.0f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"client_cpu_seconds\":%.3f}\n",
           (long)load->calls, (long)load->requests, seconds, (double)load->calls / seconds,
           percentile_ms(load, 0.50), percentile_ms(load, 0.99), percentile_ms(load, 1.0),
           cpu_seconds());
}

int main(int argc, char **argv)
{
    if (argc != 10) {
        fprintf(stderr,
                "usage: http_load HOST PORT KEY ACCOUNTS CONNECTIONS BATCH SPREAD SECONDS CALLS\n");
        return 2;
    }
    struct load *load = allocate(sizeof(*load));
    load->address = (struct sockaddr_in){ .sin_family = AF_INET,
                                          .sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10)) };
    inet_pton(AF_INET, argv[1], &load->address.sin_addr);
    load->key = argv[3];
    read_accounts(load, argv[4]);
    load->connections = strtoul(argv[5], NULL, 10);
    load->batch = strtoul(argv[6], NULL, 10);
    load->spread_seconds = strtoul(argv[7], NULL, 10);
    load->calls_max = strtol(argv[9], NULL, 10);
    if (load->spread_seconds < 1 || load->spread_seconds > SPREAD_MAX)
        die("SPREAD", "is 1 to 600 seconds");
    load->next_id = (uint64_t)now_us() % 100000000000 * 10;
    load->latencies_us = allocate(sizeof(uint32_t) * LATENCIES_MAX);
    struct connection *connections = allocate(load->connections * sizeof(*connections));
    for (size_t i = 0; i < load->connections; i++)
        build_request(load, &connections[i], i);
    report(load, run(load, connections, strtod(argv[8], NULL)));
    return 0;
}
