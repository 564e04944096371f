/* Who listens to which agency: they come, are served, and leave. */
#include "base/fibonacci_hash.h"
#include "base/time.h"
#include "domain/limits.h"
#include "engine/event_channels.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { SHARES_LEAST = 64 /* no ring takes more than this part of all their bytes */ };

static int64_t seconds(int64_t n)
{
    return n * MICROS_PER_SECOND;
}

/* --- channels; under the lock --- */

static struct channel **bucket_of(struct events *events, id64_t agency)
{
    uint64_t hash = fibonacci_hash((uint64_t)agency);

    return &events->channels[(hash >> 32) % CHANNEL_BUCKETS];
}

struct channel *events_channel(struct events *events, id64_t agency)
{
    struct channel *channel = *bucket_of(events, agency);

    while (channel != NULL && channel->agency != agency)
        channel = channel->next;
    return channel;
}

void events_share_bytes(struct events *events)
{
    size_t n = atomic_load(&events->n_channels);

    events->bytes.share = EVENTS_BYTES_MAX / (n > SHARES_LEAST ? n : SHARES_LEAST);
}

struct channel *events_open_channel(struct events *events, id64_t agency)
{
    struct channel *channel = events_channel(events, agency);

    if (channel != NULL) return channel;
    struct channel **bucket = bucket_of(events, agency);
    channel = channel_new(agency, (uint64_t)id_new(clock_now()));
    channel->next = *bucket;
    *bucket = channel;
    atomic_fetch_add(&events->n_channels, 1);
    events_share_bytes(events);
    return channel;
}

void events_drop_deserted(struct events *events, int64_t now_us)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        struct channel **link = &events->channels[i];
        while (*link != NULL) {
            struct channel *channel = *link;
            if (channel->n_listeners > 0
                || now_us - channel->deserted_at_us < seconds(CHANNEL_KEPT_SECONDS)) {
                link = &channel->next;
                continue;
            }
            *link = channel->next;
            channel_free(channel, &events->bytes);
            atomic_fetch_sub(&events->n_channels, 1);
        }
    }
    events_share_bytes(events);
}

/* --- each listener; under the lock --- */

void events_each_of(struct events *events, struct channel *channel, listener_function visit)
{
    int64_t now_us = clock_monotonic_us();

    for (struct listener *l = channel->listeners; l != NULL; l = l->next)
        visit(events, l, now_us);
}

void events_each(struct events *events, listener_function visit)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        for (struct channel *c = events->channels[i]; c != NULL; c = c->next)
            events_each_of(events, c, visit);
    }
}

void listener_wake(struct events *events, struct listener *listener)
{
    if (!listener->is_paused) return;
    listener->is_paused = false;
    events->hooks.wake(listener->connection);
}

void listener_finish(struct events *events, struct listener *listener)
{
    listener->is_over = true;
    listener_wake(events, listener);
}

void listener_ask_to_look(struct events *events, struct listener *listener, int64_t now_us)
{
    (void)events;
    (void)now_us;
    listener->must_look = true;
}

void listener_offer(struct events *events, struct listener *listener, int64_t now_us)
{
    const struct channel *channel = listener->channel;

    (void)now_us;
    if (!listener->is_paused) return;
    if (listener->is_behind) {
        listener_wake(events, listener);
        return;
    }
    for (uint64_t number = listener->cursor; number < channel->next_number; number++) {
        if (number < channel->first
            || listener_sees(listener, channel->ring[number % EVENTS_KEPT_MAX])) {
            listener_wake(events, listener);
            return;
        }
    }
    listener->cursor = channel->next_number;
}

/* --- listeners --- */

static void prompt(struct events *events)
{
    pthread_mutex_lock(&events->inbox_lock);
    events->is_prompted = true;
    pthread_cond_signal(&events->wake);
    pthread_mutex_unlock(&events->inbox_lock);
}

static enum reason refuse(struct events *events, id64_t agency)
{
    const struct channel *channel = events_channel(events, agency);

    if (events->has_ended) return REASON_SHUTTING_DOWN;
    return events->n_listeners >= (size_t)limits()->listeners
            || (channel != NULL && channel->n_listeners >= (size_t)limits()->agency_listeners)
        ? REASON_TOO_MANY_LISTENERS
        : REASON_NONE;
}

static struct listener *listener_new(struct events *events, const struct listener_order *order)
{
    struct listener *listener = calloc(1, sizeof(*listener));

    assert(listener != NULL);
    *listener = (struct listener){
        .events = events,
        .who = order->who,
        .connection = order->connection,
        .fd = order->fd,
        .until_now = order->until_now,
        .must_look = true,
        .look_at_us = INT64_MAX,
        .beat_at_us = clock_monotonic_us() + seconds(HEARTBEAT_SECONDS),
    };
    return listener;
}

struct listener *events_join(struct events *events, const struct listener_order *order,
                             enum reason *refused)
{
    struct listener *listener = NULL;

    pthread_mutex_lock(&events->lock);
    *refused = refuse(events, order->agency);
    if (*refused == REASON_NONE) {
        listener = listener_new(events, order);
        channel_join(events_open_channel(events, order->agency), listener, order->last_event_id);
        events->n_listeners++;
    } else {
        events->stats.refused++;
    }
    pthread_mutex_unlock(&events->lock);
    if (listener == NULL)
        events->hooks.forget(order->who);
    else
        prompt(events);
    return listener;
}

void events_leave(struct listener *listener)
{
    struct events *events = listener->events;
    struct channel *channel = listener->channel;

    pthread_mutex_lock(&events->lock);
    *listener->link = listener->next;
    if (listener->next != NULL) listener->next->link = listener->link;
    channel->n_listeners--;
    channel->deserted_at_us = clock_monotonic_us();
    events->n_listeners--;
    listener->has_left = true;
    bool is_free = !listener->is_looked_at;
    pthread_mutex_unlock(&events->lock);
    if (!is_free) return;
    events->hooks.forget(listener->who);
    listener_free(listener);
}

static ssize_t read_or_pause(struct listener *listener, char *out, size_t max)
{
    int64_t now_us = clock_monotonic_us();
    ssize_t len = listener_write(listener, out, max);

    if (len == 0 && listener->until_now && !listener->must_look) return -1;
    if (len == 0 && now_us >= listener->beat_at_us) {
        out[0] = ':';
        out[1] = out[2] = '\n';
        len = 3;
    }
    if (len > 0) {
        listener->beat_at_us = now_us + seconds(HEARTBEAT_SECONDS);
    } else if (len == 0) {
        listener->is_paused = true;
        listener->events->hooks.pause(listener->connection);
    }
    return len;
}

ssize_t events_read(struct listener *listener, char *out, size_t max)
{
    struct events *events = listener->events;

    pthread_mutex_lock(&events->lock);
    ssize_t len = listener->is_over ? -1 : read_or_pause(listener, out, max);
    pthread_mutex_unlock(&events->lock);
    return len;
}

struct events_stats events_stats(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    struct events_stats stats = events->stats;
    stats.listeners = events->n_listeners;
    stats.agencies = atomic_load(&events->n_channels);
    stats.bytes = events->bytes.held;
    pthread_mutex_unlock(&events->lock);
    return stats;
}

/* --- the end --- */

/* One whose socket is full is not waited for. */
static void end_one(struct events *events, struct listener *listener, int64_t now_us)
{
    (void)now_us;
    if (!listener->is_paused) shutdown(listener->fd, SHUT_RDWR);
    listener_finish(events, listener);
}

void events_end(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    events->has_ended = true;
    events_each(events, end_one);
    pthread_mutex_unlock(&events->lock);
}
