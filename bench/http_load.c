/* A load generator for POST /v1/calls: keep-alive connections on one thread, each with one request under way, bodies
   written by patching a template, so that little of the machine goes to making the load.

   http_load HOST PORT KEY ACCOUNTS CONNECTIONS BATCH SPREAD SECONDS CALLS

   ACCOUNTS is a file with a sub-account's id in each line; calls go to them in turn, and started within the SPREAD
   seconds before a minute ago. Ends after SECONDS or CALLS, whichever comes first. Prints one line of JSON: what was
   acknowledged, how fast, and how long requests took. Anything but "accepted" for every record ends it with an error:
   a benchmark of refusals measures nothing. */
#include "load_client.h"

enum {
    REPLY_BYTES = 1 << 20,
    RECORD_BYTES = 512,
    HEAD_BYTES = 512,
    ID_DIGITS = 12,
    TIME_CHARS = 20,
    SPREAD_MAX = 600,
    EVENTS_MAX = 256,
    ANSWER_MS_MAX = 10000,
};

/* Where in the body a record's changing parts stand. */
struct places {
    char *id, *account, *started;
};

struct connection {
    struct link link;
    struct places *places;
};

struct load {
    struct sockaddr_in address;
    const char *key;
    size_t connections, batch;
    int64_t end_us, calls_max;
    struct accounts accounts;
    time_t started_of; /* the second that `started` was written for */
    size_t spread_seconds;
    char started[SPREAD_MAX][TIME_CHARS + 1];
    uint64_t next_id;
    int64_t requests, calls_sent, calls;
    struct latencies latencies;
};

static void write_digits(char *at, uint64_t number)
{
    for (size_t i = ID_DIGITS; i > 0; i--, number /= 10)
        at[i - 1] = (char)('0' + number % 10);
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

    c->link.request = allocate(HEAD_BYTES + load->batch * RECORD_BYTES + 2);
    c->places = allocate(load->batch * sizeof(*c->places));
    c->link.reply = allocate(REPLY_BYTES);
    c->link.reply_max = REPLY_BYTES;
    for (size_t i = 0; i < load->batch; i++) {
        *at++ = i == 0 ? '[' : ',';
        c->places[i] = add_record(&at, number * load->batch + i);
    }
    *at++ = ']';
    size_t body_len = (size_t)(at - body);
    size_t head_len =
        (size_t)snprintf(c->link.request, HEAD_BYTES,
                         "POST /v1/calls HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
                         "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                         load->key, body_len);
    memcpy(c->link.request + head_len, body, body_len);
    for (size_t i = 0; i < load->batch; i++) {
        c->places[i].id = c->link.request + head_len + (c->places[i].id - body);
        c->places[i].account = c->link.request + head_len + (c->places[i].account - body);
        c->places[i].started = c->link.request + head_len + (c->places[i].started - body);
    }
    c->link.request_len = head_len + body_len;
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
        memcpy(c->places[i].account, load->accounts.at + id % load->accounts.count * ACCOUNT_CHARS,
               ACCOUNT_CHARS);
        memcpy(c->places[i].started, load->started[id % load->spread_seconds], TIME_CHARS);
    }
}

static void begin_request(struct load *load, int epoll, struct connection *c)
{
    patch_request(load, c);
    load->calls_sent += (int64_t)load->batch;
    link_begin(&c->link, epoll, c, now_us());
}

/* Whether the reply has come in; it must say that every record was accepted. */
static bool receive(struct load *load, struct connection *c)
{
    char expected[32];
    const char *body = link_receive(&c->link, 200);

    if (body == NULL) return false;
    snprintf(expected, sizeof(expected), "{\"accepted\":%zu,", load->batch);
    if (strncmp(body, expected, strlen(expected)) != 0) die("not all accepted", body);
    load->requests++;
    load->calls += (int64_t)load->batch;
    latency_note(&load->latencies, c->link.began_us);
    return true;
}

static bool wants_more(const struct load *load)
{
    return now_us() < load->end_us && load->calls_sent < load->calls_max;
}

/* What became ready on one connection; false when it has ended. */
static bool go_on(struct load *load, int epoll, struct connection *c, uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        link_watch(&c->link, epoll, c, EPOLLIN, EPOLL_CTL_MOD);
        link_send(&c->link, epoll, c);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || !receive(load, c)) return true;
    if (wants_more(load)) {
        begin_request(load, epoll, c);
        return true;
    }
    close(c->link.fd);
    return false;
}

static double run(struct load *load, struct connection *connections, double seconds)
{
    struct epoll_event events[EVENTS_MAX];
    int epoll = epoll_create1(0);
    size_t open = load->connections;

    for (size_t i = 0; i < load->connections; i++)
        link_open(&connections[i].link, epoll, &connections[i], &load->address);
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

static void report(struct load *load, double seconds)
{
    latencies_sort(&load->latencies);
    printf("{\"calls\":%ld,\"requests\":%ld,\"seconds\":%.3f,\"calls_per_second\":%.0f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"client_cpu_seconds\":%.3f}\n",
           (long)load->calls, (long)load->requests, seconds, (double)load->calls / seconds,
           latency_ms(&load->latencies, 0.50), latency_ms(&load->latencies, 0.99),
           latency_ms(&load->latencies, 1.0), cpu_seconds());
}

int main(int argc, char **argv)
{
    if (argc != 10) {
        fprintf(stderr,
                "usage: http_load HOST PORT KEY ACCOUNTS CONNECTIONS BATCH SPREAD SECONDS CALLS\n");
        return 2;
    }
    struct load *load = allocate(sizeof(*load));
    load->address = address_of(argv[1], argv[2]);
    load->key = argv[3];
    accounts_read(&load->accounts, argv[4]);
    load->connections = strtoul(argv[5], NULL, 10);
    load->batch = strtoul(argv[6], NULL, 10);
    load->spread_seconds = strtoul(argv[7], NULL, 10);
    load->calls_max = strtol(argv[9], NULL, 10);
    if (load->spread_seconds < 1 || load->spread_seconds > SPREAD_MAX)
        die("SPREAD", "is 1 to 600 seconds");
    load->next_id = (uint64_t)now_us() % 100000000000 * 10;
    struct connection *connections = allocate(load->connections * sizeof(*connections));
    for (size_t i = 0; i < load->connections; i++)
        build_request(load, &connections[i], i);
    report(load, run(load, connections, strtod(argv[8], NULL)));
    return 0;
}
