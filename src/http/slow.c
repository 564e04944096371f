#include "http/slow.h"

#include "base/time.h"
#include "http/server.h"

#include <assert.h>
#include <linux/tcp.h> /* glibc's has fewer figures */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum {
    WATCH_SECONDS = 1,
    CROWDED_CONNECTIONS =
        CONNECTIONS_MAX / 8 * 7, /* from here on nobody keeps one that they do not use */
    CROWDED_IDLE_SECONDS = 2,
};

struct open_connection {
    struct open_connection *next, **link; /* the way in which the list points to it */
    int fd;
    atomic_int phase;
    atomic_int_fast64_t since_us;

    /* The watcher's: of a connection that is idle since idle_since_us, how much had come when it was first seen so, and
       when it was seen that more had come: the beginning of a request's first line. */
    int64_t idle_since_us, sending_since_us;
    uint64_t bytes_seen;
};

struct connections {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    struct open_connection *first; /* under lock, as is what follows */
    size_t count;
    bool stopping;
    pthread_t watcher;
};

struct connections *connections_new(void)
{
    struct connections *connections = calloc(1, sizeof(*connections));

    assert(connections != NULL);
    pthread_mutex_init(&connections->lock, NULL);
    pthread_cond_init(&connections->stop, NULL);
    return connections;
}

void connections_free(struct connections *connections)
{
    pthread_cond_destroy(&connections->stop);
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

static bool bytes_received(int fd, uint64_t *out)
{
    struct tcp_info info = { 0 };
    socklen_t len = sizeof(info);

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0) return false;
    *out = info.tcpi_bytes_received;
    return true;
}

/* Since when the first line of a request has been coming in, of which MHD says nothing before it is whole; 0: none has
   begun. */
static int64_t sending_since(struct open_connection *c, int64_t since_us, int64_t now_us)
{
    uint64_t bytes = 0;

    if (!bytes_received(c->fd, &bytes)) return 0;
    if (c->idle_since_us != since_us) {
        c->idle_since_us = since_us;
        c->sending_since_us = 0;
        c->bytes_seen = bytes;
    }
    if (bytes != c->bytes_seen && c->sending_since_us == 0) c->sending_since_us = now_us;
    return c->sending_since_us;
}

static bool is_late(struct connections *connections, struct open_connection *c, int64_t now_us)
{
    enum connection_phase phase = (enum connection_phase)atomic_load(&c->phase);
    int64_t since_us = atomic_load(&c->since_us), idle_seconds = IDLE_SECONDS_MAX, began_us;

    switch (phase) {
    case CONNECTION_IDLE:
        began_us = sending_since(c, since_us, now_us);
        if (began_us != 0) return now_us - began_us > REQUEST_SECONDS_MAX * MICROS_PER_SECOND;
        if (connections->count > CROWDED_CONNECTIONS) idle_seconds = CROWDED_IDLE_SECONDS;
        return now_us - since_us > idle_seconds * MICROS_PER_SECOND;
    case CONNECTION_RECEIVING: return now_us - since_us > REQUEST_SECONDS_MAX * MICROS_PER_SECOND;
    case CONNECTION_WORKING:
    default: return false;
    }
}

/* Shut, not closed: MHD owns the descriptor, sees the end, and closes it. */
static void shut_late(struct connections *connections, int64_t now_us)
{
    for (struct open_connection *c = connections->first; c != NULL; c = c->next) {
        if (is_late(connections, c, now_us)) shutdown(c->fd, SHUT_RDWR);
    }
}

static void *watch(void *context)
{
    struct connections *connections = context;

    pthread_mutex_lock(&connections->lock);
    while (!connections->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += WATCH_SECONDS;
        pthread_cond_timedwait(&connections->stop, &connections->lock, &until);
        shut_late(connections, clock_monotonic_us());
    }
    pthread_mutex_unlock(&connections->lock);
    return NULL;
}

void connections_watch(struct connections *connections)
{
    int failed = pthread_create(&connections->watcher, NULL, watch, connections);

    assert(failed == 0);
    (void)failed;
}

void connections_unwatch(struct connections *connections)
{
    pthread_mutex_lock(&connections->lock);
    connections->stopping = true;
    pthread_cond_signal(&connections->stop);
    pthread_mutex_unlock(&connections->lock);
    pthread_join(connections->watcher, NULL);
}

struct open_connection *connection_opened(struct connections *connections, int fd)
{
    struct open_connection *c = calloc(1, sizeof(*c));

    assert(c != NULL);
    c->fd = fd;
    connection_set_phase(c, CONNECTION_IDLE);
    pthread_mutex_lock(&connections->lock);
    c->next = connections->first;
    c->link = &connections->first;
    if (c->next != NULL) c->next->link = &c->next;
    connections->first = c;
    connections->count++;
    pthread_mutex_unlock(&connections->lock);
    return c;
}

void connection_closed(struct connections *connections, struct open_connection *c)
{
    pthread_mutex_lock(&connections->lock);
    *c->link = c->next;
    if (c->next != NULL) c->next->link = c->link;
    connections->count--;
    pthread_mutex_unlock(&connections->lock);
    free(c);
}

void connection_set_phase(struct open_connection *c, enum connection_phase phase)
{
    atomic_store(&c->since_us, clock_monotonic_us());
    atomic_store(&c->phase, phase);
}
