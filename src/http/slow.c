#include "http/slow.h"

#include "base/time.h"
#include "http/server.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { WATCH_SECONDS = 1 };

struct open_connection {
    struct open_connection *next, **link; /* the way in which the list points to it */
    int fd;
    atomic_int phase;
    atomic_int_fast64_t since_us;
};

struct connections {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    struct open_connection *first; /* under lock, as is what follows */
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

static int64_t longest_us(enum connection_phase phase)
{
    switch (phase) {
    case CONNECTION_IDLE: /* the header may be trickling in: idle time and sending time together */
        return (int64_t)(IDLE_SECONDS_MAX + REQUEST_SECONDS_MAX) * 1000000;
    case CONNECTION_RECEIVING: return (int64_t)REQUEST_SECONDS_MAX * 1000000;
    case CONNECTION_WORKING:
    default: return INT64_MAX;
    }
}

/* Shut, not closed: MHD owns the descriptor, sees the end, and closes it. */
static void shut_late(struct connections *connections, int64_t now_us)
{
    for (struct open_connection *c = connections->first; c != NULL; c = c->next) {
        enum connection_phase phase = (enum connection_phase)atomic_load(&c->phase);
        if (now_us - atomic_load(&c->since_us) > longest_us(phase)) shutdown(c->fd, SHUT_RDWR);
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
    pthread_mutex_unlock(&connections->lock);
    return c;
}

void connection_closed(struct connections *connections, struct open_connection *c)
{
    pthread_mutex_lock(&connections->lock);
    *c->link = c->next;
    if (c->next != NULL) c->next->link = c->link;
    pthread_mutex_unlock(&connections->lock);
    free(c);
}

void connection_set_phase(struct open_connection *c, enum connection_phase phase)
{
    atomic_store(&c->since_us, clock_monotonic_us());
    atomic_store(&c->phase, phase);
}
