/* What the load generators share: keep-alive connections on one thread, each with one request under way, and how long
   requests took. */
#ifndef BENCH_LOAD_CLIENT_H
#define BENCH_LOAD_CLIENT_H

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

enum { ACCOUNT_CHARS = 17, /* "sub_" and 13 digits */ LATENCIES_MAX = 8 << 20 };

/* One socket: a request that is being sent, and the reply as far as it has come in. */
struct link {
    int fd;
    char *request; /* head and body */
    size_t request_len, sent;
    char *reply;
    size_t reply_len, reply_max;
    int64_t began_us;
};

struct accounts {
    char *at; /* ACCOUNT_CHARS each */
    size_t count;
};

struct latencies {
    uint32_t *us;
    size_t count;
};

static inline int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void die(const char *what, const char *detail)
{
    fprintf(stderr, "load: %s: %.300s\n", what, detail);
    exit(1);
}

static inline void *allocate(size_t bytes)
{
    void *at = calloc(1, bytes);

    if (at == NULL) die("memory", "there is none");
    return at;
}

/* One id in each line. */
static inline void accounts_read(struct accounts *out, const char *path)
{
    char line[64];
    FILE *file = fopen(path, "r");
    size_t capacity = 0;

    if (file == NULL) die(path, strerror(errno));
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strcspn(line, "\n") != ACCOUNT_CHARS) die("no sub-account's id", line);
        if (out->count == capacity) {
            capacity = capacity == 0 ? 64 : capacity * 2;
            out->at = realloc(out->at, capacity * ACCOUNT_CHARS);
            if (out->at == NULL) die("memory", "there is none");
        }
        memcpy(out->at + out->count++ * ACCOUNT_CHARS, line, ACCOUNT_CHARS);
    }
    fclose(file);
    if (out->count == 0) die(path, "names no sub-account");
}

static inline struct sockaddr_in address_of(const char *host, const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };

    inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

/* `owner` is what epoll gives back. */
static inline void link_watch(const struct link *link, int epoll, void *owner, uint32_t events,
                              int operation)
{
    struct epoll_event event = { .events = events, .data.ptr = owner };

    if (epoll_ctl(epoll, operation, link->fd, &event) != 0) die("epoll_ctl", strerror(errno));
}

static inline void link_open(struct link *link, int epoll, void *owner,
                             const struct sockaddr_in *address)
{
    int on = 1;

    link->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (link->fd < 0 || connect(link->fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
        die("connect", strerror(errno));
    setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    fcntl(link->fd, F_SETFL, fcntl(link->fd, F_GETFL) | O_NONBLOCK);
    link_watch(link, epoll, owner, EPOLLIN, EPOLL_CTL_ADD);
}

static inline void link_send(struct link *link, int epoll, void *owner)
{
    while (link->sent < link->request_len) {
        ssize_t n = send(link->fd, link->request + link->sent, link->request_len - link->sent,
                         MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            link_watch(link, epoll, owner, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return;
        }
        if (n < 0) die("send", strerror(errno));
        link->sent += (size_t)n;
    }
}

/* Sends what link->request holds; its reply is timed from `began_us`. */
static inline void link_begin(struct link *link, int epoll, void *owner, int64_t began_us)
{
    link->sent = 0;
    link->reply_len = 0;
    link->began_us = began_us;
    link_send(link, epoll, owner);
}

/* The body of a reply that has come in whole, NULL before that. */
static inline const char *link_body(struct link *link)
{
    link->reply[link->reply_len] = '\0';
    char *end = strstr(link->reply, "\r\n\r\n");
    if (end == NULL) return NULL;
    char *length = strcasestr(link->reply, "content-length:");
    if (length == NULL || length > end) die("no content length", link->reply);
    size_t whole = (size_t)(end + 4 - link->reply) + strtoul(length + 15, NULL, 10);

    return link->reply_len < whole ? NULL : end + 4;
}

/* The same after reading what is there; other statuses than `status` end the program. */
static inline const char *link_receive(struct link *link, int status)
{
    ssize_t n =
        recv(link->fd, link->reply + link->reply_len, link->reply_max - 1 - link->reply_len, 0);

    if (n < 0 && errno == EAGAIN) return NULL;
    if (n <= 0) die("connection closed", n < 0 ? strerror(errno) : "by the server");
    link->reply_len += (size_t)n;
    const char *body = link_body(link);

    if (body != NULL && strtol(link->reply + strlen("HTTP/1.1 "), NULL, 10) != status)
        die("not what was hoped for", link->reply);
    return body;
}

static inline void latency_note(struct latencies *all, int64_t began_us)
{
    if (all->us == NULL) all->us = allocate(sizeof(uint32_t) * LATENCIES_MAX);
    if (all->count < LATENCIES_MAX) all->us[all->count++] = (uint32_t)(now_us() - began_us);
}

static inline int latency_compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Once latencies_sort was called. */
static inline double latency_ms(const struct latencies *all, double share)
{
    return all->count == 0 ? 0 : all->us[(size_t)((double)(all->count - 1) * share)] / 1e3;
}

static inline void latencies_sort(struct latencies *all)
{
    if (all->count > 0) qsort(all->us, all->count, sizeof(uint32_t), latency_compare);
}

static inline double cpu_seconds(void)
{
    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    return (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec)
        + (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
}

#endif
