#include "engine/events.h"

#include "base/log.h"
#include "base/time.h"
#include "engine/event_channels.h"
#include "store/feed.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum {
    INBOX_MARKS_MAX = 65536,
    READER_ARENA_BYTES = 256 * 1024,
    GATHER_MS = 40, /* after the first mark, so that what belongs together is told together */
    EVERY_MS = 250, /* an account is told of once in this time */
    EVERY_OF_MANY_MS = 700, /* when many listen: waking them is what costs */
    MANY_LISTENERS = 200,
    ACCOUNTS_AT_ONCE_LEAST = 16,
    ACCOUNTS_AT_ONCE_MAX = 512,
    TOLD_BYTES_PER_SECOND = 16 * 1024 * 1024, /* to all listeners together */
    EVENT_BYTES_USUAL = 400,
    TICK_MS = 1000,
};

static int64_t ms(int64_t n)
{
    return n * 1000;
}

/* --- marks --- */

static void take_marks(void *context, struct marks *marks)
{
    struct events *events = context;

    if (atomic_load(&events->n_channels) == 0) return;
    pthread_mutex_lock(&events->inbox_lock);
    bool was_empty = marks_are_empty(events->inbox);
    marks_add_all(events->inbox, marks);
    if (was_empty) pthread_cond_signal(&events->wake);
    pthread_mutex_unlock(&events->inbox_lock);
}

static void take_loss(void *context)
{
    struct events *events = context;

    pthread_mutex_lock(&events->inbox_lock);
    marks_lose(events->inbox);
    pthread_cond_signal(&events->wake);
    pthread_mutex_unlock(&events->inbox_lock);
}

static void empty_inbox(struct events *events)
{
    struct marks *empty = events->taken;

    pthread_mutex_lock(&events->inbox_lock);
    events->taken = events->inbox;
    events->inbox = empty;
    pthread_mutex_unlock(&events->inbox_lock);
}

static void lose_all(struct events *events, struct channel *channel)
{
    static const struct event reset = { .kind = EVENT_RESET, .data = STR("{}") };

    channel_add(channel, &events->bytes, &reset);
    events->stats.resets++;
    events_each_of(events, channel, listener_ask_to_look);
}

static void each_channel_loses(struct events *events)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        for (struct channel *c = events->channels[i]; c != NULL; c = c->next)
            lose_all(events, c);
    }
}

static void spread_mark(struct events *events, const struct mark *mark)
{
    bool is_about_access = (mark->kinds & CHANGED_ACCESS) != 0;

    if (mark->agency == ID_NONE) {
        if (is_about_access) events_each(events, listener_ask_to_look);
        return;
    }
    struct channel *channel = events_channel(events, mark->agency);
    if (channel == NULL) return;
    if (is_about_access) events_each_of(events, channel, listener_ask_to_look);
    if ((mark->kinds & ~(unsigned)CHANGED_ACCESS) == 0) return;
    channel_mark(channel, mark);
    events->has_dirt = true;
}

/* What commits marked, to the channels that it is about. */
static void spread_marks(struct events *events)
{
    empty_inbox(events);
    pthread_mutex_lock(&events->lock);
    for (size_t i = 0; i < marks_count(events->taken); i++)
        spread_mark(events, marks_at(events->taken, i));
    if (marks_are_lost(events->taken)) each_channel_loses(events);
    pthread_mutex_unlock(&events->lock);
    marks_clear(events->taken);
}

/* --- who may see what --- */

static struct listener *next_to_look_at(struct events *events)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        for (struct channel *c = events->channels[i]; c != NULL; c = c->next) {
            for (struct listener *l = c->listeners; l != NULL; l = l->next) {
                if (l->must_look && !l->is_over) return l;
            }
        }
    }
    return NULL;
}

static void take_look(struct events *events, struct listener *listener, enum looked looked,
                      const struct viewer *viewer)
{
    bool may_stay = looked == LOOKED_ALLOWED && viewer->agency == listener->channel->agency;

    if (!may_stay) {
        events->stats.cut_off++;
        listener_finish(events, listener);
        return;
    }
    listener_set_viewer(listener, viewer);
    listener->must_look = false;
    listener->look_at_us = clock_monotonic_us() + LISTENER_LOOK_SECONDS * MICROS_PER_SECOND;
    if (listener->until_now)
        listener_wake(events, listener);
    else
        listener_offer(events, listener, 0);
}

/* The lock is let go of while the store is asked; one that left meanwhile is freed here. False: the store fails. */
static bool look_at(struct events *events, struct listener *listener)
{
    struct arena_mark mark = arena_mark(events->looks);
    struct viewer viewer;

    listener->is_looked_at = true;
    pthread_mutex_unlock(&events->lock);
    enum looked looked = events->hooks.look(listener->who, events->reader, &viewer);
    pthread_mutex_lock(&events->lock);
    listener->is_looked_at = false;
    if (listener->has_left) {
        events->hooks.forget(listener->who);
        listener_free(listener);
    } else if (looked != LOOKED_FAILED) {
        take_look(events, listener, looked, &viewer);
    }
    arena_rewind(events->looks, mark);
    return looked != LOOKED_FAILED;
}

static bool begin_reading(struct events *events, struct arena *arena)
{
    arena_reset(arena);
    problem_init(&events->problem, arena);
    if (tx_begin(events->reader, arena, &events->problem, clock_now())) return true;
    log_event(LOG_WARN, "events_not_read", LOG_TEXT("detail", problem_detail(&events->problem)));
    return false;
}

/* Nothing is told to those whom it is not known of: when the store fails they wait for the next look. */
static void look_at_listeners(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    struct listener *listener = next_to_look_at(events);
    if (listener != NULL && begin_reading(events, events->looks)) {
        while (listener != NULL && look_at(events, listener))
            listener = next_to_look_at(events);
        tx_rollback(events->reader);
    }
    pthread_mutex_unlock(&events->lock);
}

/* --- figures --- */

static size_t count_listeners(struct events *events)
{
    pthread_mutex_lock(&events->lock);
    size_t n = events->n_listeners;
    pthread_mutex_unlock(&events->lock);
    return n;
}

static struct channel *first_channel(struct events *events, size_t bucket)
{
    pthread_mutex_lock(&events->lock);
    struct channel *channel = events->channels[bucket];
    pthread_mutex_unlock(&events->lock);
    return channel;
}

static int64_t every_us(size_t n_listeners)
{
    return ms(n_listeners > MANY_LISTENERS ? EVERY_OF_MANY_MS : EVERY_MS);
}

/* How many accounts are told of at once: the more listen, the fewer, as all they are told together is bounded. Those who
   come too late for it are told of next time, with what is newest then. */
static size_t accounts_at_once(size_t n_listeners)
{
    int64_t bytes = TOLD_BYTES_PER_SECOND * every_us(n_listeners) / MICROS_PER_SECOND;
    size_t most = (size_t)bytes / EVENT_BYTES_USUAL / (n_listeners > 0 ? n_listeners : 1);

    if (most < ACCOUNTS_AT_ONCE_LEAST) return ACCOUNTS_AT_ONCE_LEAST;
    return most < ACCOUNTS_AT_ONCE_MAX ? most : ACCOUNTS_AT_ONCE_MAX;
}

static void add_events(struct events *events, struct channel *channel, const struct event *all,
                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        channel_add(channel, &events->bytes, &all[i]);
    events->stats.made += n;
    events->stats.reads++;
    events_each_of(events, channel, listener_offer);
}

static bool read_figures(struct events *events, struct channel *channel, size_t most,
                         struct event **made, size_t *n_made)
{
    size_t n;
    const struct mark *marks = channel_serve(channel, most, &n);

    if (!begin_reading(events, events->figures)) return false;
    bool read =
        event_figures(events->reader, channel->agency, marks, n, channel->told, made, n_made);
    if (!read)
        log_event(LOG_ERROR, "events_not_read",
                  LOG_TEXT("detail", problem_detail(&events->problem)));
    tx_rollback(events->reader);
    return read;
}

/* Who may see what is asked again after the figures were read, as somebody may have lost sight of them while they
   changed. */
static void read_channel(struct events *events, struct channel *channel, size_t most)
{
    struct event *made = NULL;
    size_t n_made = 0;
    bool read = read_figures(events, channel, most, &made, &n_made);

    spread_marks(events);
    look_at_listeners(events);
    pthread_mutex_lock(&events->lock);
    if (read) {
        add_events(events, channel, made, n_made);
    } else {
        lose_all(events, channel);
        events_each_of(events, channel, listener_offer);
    }
    pthread_mutex_unlock(&events->lock);
}

/* The thread alone takes channels away, so it may walk over them without the lock. */
static void read_channels(struct events *events)
{
    size_t most = accounts_at_once(count_listeners(events));

    events->has_dirt = false;
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        for (struct channel *c = first_channel(events, i); c != NULL; c = c->next) {
            if (channel_is_dirty(c)) read_channel(events, c, most);
            events->has_dirt = events->has_dirt || channel_is_dirty(c);
        }
    }
    events->read_at_us = clock_monotonic_us();
}

/* --- the thread --- */

static void tend(struct events *events, struct listener *listener, int64_t now_us)
{
    if (now_us >= listener->look_at_us) listener->must_look = true;
    if (now_us >= listener->beat_at_us) listener_wake(events, listener);
}

/* Nobody else notices that a client has left while there is nothing to send to it. */
static void notice_leaving(struct events *events, struct listener *listener, int64_t now_us)
{
    struct pollfd socket = { .fd = listener->fd, .events = POLLRDHUP };

    (void)now_us;
    if (listener->is_paused && poll(&socket, 1, 0) > 0) listener_finish(events, listener);
}

static void tick(struct events *events, int64_t now_us)
{
    events->tick_at_us = now_us + ms(TICK_MS);
    pthread_mutex_lock(&events->lock);
    events_each(events, tend);
    events_each(events, notice_leaving);
    events_drop_deserted(events, now_us);
    pthread_mutex_unlock(&events->lock);
}

/* When figures are to be read next, if any are. */
static int64_t due_us(struct events *events, int64_t now_us)
{
    int64_t gathered = now_us + ms(GATHER_MS);
    int64_t due = events->read_at_us + every_us(count_listeners(events));

    return due > gathered ? due : gathered;
}

static void wait_until(struct events *events, int64_t until_us)
{
    const struct timespec until = { .tv_sec = until_us / MICROS_PER_SECOND,
                                    .tv_nsec = until_us % MICROS_PER_SECOND * 1000 };

    pthread_cond_timedwait(&events->wake, &events->inbox_lock, &until);
}

/* Until there are marks, somebody came, or it is time; false when stopping. */
static bool wait_for_work(struct events *events)
{
    int64_t until_us = events->has_dirt && events->due_us < events->tick_at_us ? events->due_us
                                                                               : events->tick_at_us;

    pthread_mutex_lock(&events->inbox_lock);
    while (!events->is_stopping && !events->is_prompted
           && (events->has_dirt || marks_are_empty(events->inbox))
           && clock_monotonic_us() < until_us)
        wait_until(events, until_us);
    bool goes_on = !events->is_stopping;
    events->is_prompted = false;
    pthread_mutex_unlock(&events->inbox_lock);
    return goes_on;
}

static void *thread_main(void *context)
{
    struct events *events = context;

    while (wait_for_work(events)) {
        bool had_dirt = events->has_dirt;
        spread_marks(events);
        look_at_listeners(events);
        int64_t now_us = clock_monotonic_us();
        if (events->has_dirt && !had_dirt) events->due_us = due_us(events, now_us);
        if (events->has_dirt && now_us >= events->due_us) {
            read_channels(events);
            events->due_us = due_us(events, now_us);
        }
        if (now_us >= events->tick_at_us) tick(events, now_us);
    }
    return NULL;
}

static struct events *events_new(struct db *db, const struct events_hooks *hooks)
{
    struct events *events = calloc(1, sizeof(*events));
    pthread_condattr_t attributes;

    assert(events != NULL);
    events->db = db;
    events->hooks = *hooks;
    events->inbox = marks_new(INBOX_MARKS_MAX);
    events->taken = marks_new(INBOX_MARKS_MAX);
    events->figures = arena_new(READER_ARENA_BYTES);
    events->looks = arena_new(READER_ARENA_BYTES);
    pthread_mutex_init(&events->lock, NULL);
    pthread_mutex_init(&events->inbox_lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&events->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    events_share_bytes(events);
    return events;
}

static void events_free(struct events *events)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        while (events->channels[i] != NULL) {
            struct channel *next = events->channels[i]->next;
            channel_free(events->channels[i], &events->bytes);
            events->channels[i] = next;
        }
    }
    pthread_cond_destroy(&events->wake);
    pthread_mutex_destroy(&events->inbox_lock);
    pthread_mutex_destroy(&events->lock);
    arena_free(events->looks);
    arena_free(events->figures);
    marks_free(events->taken);
    marks_free(events->inbox);
    free(events);
}

struct events *events_start(struct db *db, const struct events_hooks *hooks,
                            struct problem *problem)
{
    struct events *events = events_new(db, hooks);

    events->reader = db_connect(db, DB_READER, problem);
    if (events->reader == NULL) {
        events_free(events);
        return NULL;
    }
    events->feed = feed_open(
        db, (struct feed_reader){ .take = take_marks, .lost = take_loss, .context = events });
    int failed = pthread_create(&events->thread, NULL, thread_main, events);
    assert(failed == 0);
    (void)failed;
    return events;
}

void events_rest(struct events *events)
{
    pthread_mutex_lock(&events->inbox_lock);
    events->is_stopping = true;
    pthread_cond_signal(&events->wake);
    pthread_mutex_unlock(&events->inbox_lock);
    pthread_join(events->thread, NULL);
    db_disconnect(events->reader);
    events->reader = NULL;
}

void events_stop(struct events *events)
{
    feed_close(events->feed);
    events_free(events);
}
