/* A load generator for calls that are asked for first: POST /v1/reservations, then POST /v1/calls with the record that
   names what was held.

   hold_load HOST PORT KEY ACCOUNTS CONNECTIONS RATE SECONDS

   RATE 0: each connection asks again as soon as its call has been charged. Otherwise so many calls a second begin at
   even distances, whether or not those before them are through, and the time until the answer counts from when a call
   should have begun: a server that stalls does not slow the questions down. Prints one line of JSON. Whatever is not
   granted, or not charged, ends it with an error. */
#include "load_client.h"

enum {
    REPLY_BYTES = 4096,
    REQUEST_BYTES = 1024,
    BODY_BYTES = 512,
    EVENTS_MAX = 256,
    ANSWER_MS_MAX = 10000,
    RESERVATION_CHARS = 17, /* "rsv_" and 13 digits */
    TALK_SECONDS = 61,
};

enum step { IDLE, ASKING, REPORTING };

struct connection {
    struct link link;
    enum step step;
    char account[ACCOUNT_CHARS + 1];
    struct connection *next_idle;
};

struct load {
    struct sockaddr_in address;
    const char *key;
    struct accounts accounts;
    struct connection *connections, *idle;
    size_t n_connections, under_way;
    uint64_t next_id;
    int64_t end_us, gap_us, next_us; /* gap_us 0: as fast as it goes */
    int64_t pairs;
    struct latencies asking, reporting;
    int epoll;
};

static void write_request(const struct load *load, struct link *link, const char *path,
                          const char *body)
{
    link->request_len =
        (size_t)snprintf(link->request, REQUEST_BYTES,
                         "POST %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
                         "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                         path, load->key, strlen(body), body);
}

static void ask(struct load *load, struct connection *c, int64_t began_us)
{
    char body[BODY_BYTES];
    uint64_t number = load->next_id++;

    memcpy(c->account, load->accounts.at + number % load->accounts.count * ACCOUNT_CHARS,
           ACCOUNT_CHARS);
    snprintf(body, sizeof(body),
             "{\"subaccount\":\"%s\",\"tier\":\"premium\",\"direction\":\"outbound\","
             "\"agent\":\"agent-%u\"}",
             c->account, (unsigned)(number % 7));
    write_request(load, &c->link, "/v1/reservations", body);
    c->step = ASKING;
    load->under_way++;
    link_begin(&c->link, load->epoll, c, began_us);
}

static void report_call(struct load *load, struct connection *c, const char *held)
{
    static const char begin[] = "{\"id\":\"";
    char body[BODY_BYTES], started[32];
    time_t now = time(NULL) - TALK_SECONDS;
    struct tm utc;

    if (strncmp(held, begin, strlen(begin)) != 0) die("no reservation", held);
    strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    snprintf(
        body, sizeof(body),
        "{\"id\":\"held-%llu\",\"source\":\"engine-1\",\"subaccount\":\"%s\",\"tier\":\"premium\","
        "\"direction\":\"outbound\",\"status\":\"completed\",\"started_at\":\"%s\","
        "\"duration_seconds\":%d,\"from\":\"+14155550123\",\"to\":\"+14155551456\","
        "\"reservation\":\"%.*s\"}",
        (unsigned long long)load->next_id++, c->account, started, TALK_SECONDS, RESERVATION_CHARS,
        held + strlen(begin));
    write_request(load, &c->link, "/v1/calls", body);
    c->step = REPORTING;
    link_begin(&c->link, load->epoll, c, now_us());
}

static void rest(struct load *load, struct connection *c)
{
    c->step = IDLE;
    c->next_idle = load->idle;
    load->idle = c;
    load->under_way--;
}

/* The call is charged: the next one, or none. */
static void finish(struct load *load, struct connection *c, const char *body)
{
    if (strstr(body, "\"reservation\":\"ended\"") == NULL) die("not ended", body);
    latency_note(&load->reporting, c->link.began_us);
    load->pairs++;
    rest(load, c);
}

static void go_on(struct load *load, struct connection *c, uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        link_watch(&c->link, load->epoll, c, EPOLLIN, EPOLL_CTL_MOD);
        link_send(&c->link, load->epoll, c);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    const char *body = link_receive(&c->link, c->step == ASKING ? 201 : 200);

    if (body == NULL) return;
    if (c->step == REPORTING) {
        finish(load, c, body);
        return;
    }
    latency_note(&load->asking, c->link.began_us);
    report_call(load, c, body);
}

/* Those whose time has come, on connections that are free. */
static void begin_due(struct load *load)
{
    while (load->idle != NULL && now_us() < load->end_us
           && (load->gap_us == 0 || load->next_us <= now_us())) {
        struct connection *c = load->idle;
        load->idle = c->next_idle;
        ask(load, c, load->gap_us == 0 ? now_us() : load->next_us);
        load->next_us += load->gap_us;
    }
}

/* Until something comes in or the next call is due. */
static int wait_for(const struct load *load, struct epoll_event *events)
{
    int64_t until_us = ANSWER_MS_MAX * INT64_C(1000);

    if (load->gap_us > 0 && load->idle != NULL && now_us() < load->end_us)
        until_us = load->next_us - now_us();
    if (until_us < 0) until_us = 0;
    const struct timespec timeout = { until_us / 1000000, until_us % 1000000 * 1000 };
    int n = epoll_pwait2(load->epoll, events, EVENTS_MAX, &timeout, NULL);

    if (n < 0 || (n == 0 && until_us == ANSWER_MS_MAX * INT64_C(1000)))
        die("no answer", "within 10 seconds");
    return n;
}

static double run(struct load *load, double seconds)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t began_us = now_us();

    load->next_us = began_us;
    load->end_us = began_us + (int64_t)(seconds * 1e6);
    while (now_us() < load->end_us || load->under_way > 0) {
        begin_due(load);
        int n = wait_for(load, events);
        for (int i = 0; i < n; i++)
            go_on(load, events[i].data.ptr, events[i].events);
    }
    return (double)(now_us() - began_us) / 1e6;
}

static void open_all(struct load *load)
{
    load->connections = allocate(load->n_connections * sizeof(*load->connections));
    for (size_t i = 0; i < load->n_connections; i++) {
        struct connection *c = &load->connections[i];
        c->link.request = allocate(REQUEST_BYTES);
        c->link.reply = allocate(REPLY_BYTES);
        c->link.reply_max = REPLY_BYTES;
        link_open(&c->link, load->epoll, c, &load->address);
        load->under_way++;
        rest(load, c);
    }
}

static void print(struct load *load, double seconds)
{
    latencies_sort(&load->asking);
    latencies_sort(&load->reporting);
    printf(
        "{\"pairs\":%ld,\"seconds\":%.3f,\"pairs_per_second\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
        "\"max_ms\":%.3f,\"end_p99_ms\":%.3f,\"client_cpu_seconds\":%.3f}\n",
        (long)load->pairs, seconds, (double)load->pairs / seconds, latency_ms(&load->asking, 0.50),
        latency_ms(&load->asking, 0.99), latency_ms(&load->asking, 1.0),
        latency_ms(&load->reporting, 0.99), cpu_seconds());
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fprintf(stderr, "usage: hold_load HOST PORT KEY ACCOUNTS CONNECTIONS RATE SECONDS\n");
        return 2;
    }
    struct load *load = allocate(sizeof(*load));
    double rate = strtod(argv[6], NULL);

    load->address = address_of(argv[1], argv[2]);
    load->key = argv[3];
    accounts_read(&load->accounts, argv[4]);
    load->n_connections = strtoul(argv[5], NULL, 10);
    load->gap_us = rate > 0 ? (int64_t)(1e6 / rate) : 0;
    load->next_id = (uint64_t)now_us() % 100000000000 * 10;
    load->epoll = epoll_create1(0);
    open_all(load);
    print(load, run(load, strtod(argv[7], NULL)));
    return 0;
}
