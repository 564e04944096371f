/* Inside the events (engine/events.h): an agency's ring of events and those who listen to it. All of it is under the lock
   of the events but what is said to be the thread's. */
#ifndef ENGINE_EVENT_CHANNELS_H
#define ENGINE_EVENT_CHANNELS_H

#include "engine/event_figures.h"
#include "engine/events.h"

#include <pthread.h>
#include <stdatomic.h>

/* An event as it is sent. */
struct sent_event {
    uint64_t number;
    enum event_kind kind;
    id64_t subaccount;
    size_t len;
    char text[];
};

struct channel {
    id64_t agency;
    struct channel *next; /* of all */
    uint64_t epoch;

    struct sent_event *ring[EVENTS_KEPT_MAX]; /* by number */
    uint64_t first, next_number;              /* those that it holds: [first, next_number) */
    size_t bytes;

    struct listener *listeners;
    size_t n_listeners;
    int64_t deserted_at_us; /* when the last one left */

    /* The thread's. */
    struct marks *dirty;   /* since the last read, beside what is being served */
    struct marks *serving; /* those of [served, …) are yet to be read */
    size_t served;
    struct marks *told; /* risks, as mark->kinds */
};

struct listener {
    struct events *events;
    struct channel *channel;
    struct listener *next, **link; /* in the channel */
    void *who, *connection;
    int fd;
    struct viewer viewer; /* its list of grants is its own */
    uint64_t cursor;      /* the next event for it */
    int64_t look_at_us, beat_at_us;
    bool is_greeted, resumes, until_now;
    bool must_look; /* nothing is told before it is known what it may see */
    bool is_behind; /* something was missed */
    bool is_paused, is_over;
    bool is_looked_at, has_left; /* by the thread, which then frees it */
};

/* What the rings of all channels hold together, and may. */
struct ring_bytes {
    size_t held, share; /* share: of one channel */
};

enum { CHANNEL_BUCKETS = 1024 };

struct events {
    struct db *db;
    struct events_hooks hooks;
    struct feed *feed;
    pthread_t thread;

    /* What commits marked since the thread looked last; never held for long, as writers wait for it. */
    pthread_mutex_t inbox_lock;
    pthread_cond_t wake; /* on the clock of clock_monotonic_us; with inbox_lock */
    struct marks *inbox;
    bool is_prompted, is_stopping; /* with inbox_lock */
    atomic_size_t n_channels;      /* without any nothing is put into the inbox */

    pthread_mutex_t lock; /* of all that follows but what is the thread's */
    struct channel *channels[CHANNEL_BUCKETS];
    size_t n_listeners;
    struct ring_bytes bytes;
    bool has_ended;
    struct events_stats stats;

    /* The thread's. */
    struct tx *reader;
    struct arena *figures, *looks; /* of one read each */
    struct problem problem;
    struct marks *taken;
    bool has_dirt;
    int64_t read_at_us, due_us, tick_at_us;
};

/* --- event_listeners.c --- */

struct channel *events_channel(struct events *events, id64_t agency); /* NULL: nobody listens */
struct channel *events_open_channel(struct events *events, id64_t agency);
void events_share_bytes(struct events *events);

/* Those that nobody came back to. */
void events_drop_deserted(struct events *events, int64_t now_us);

typedef void (*listener_function)(struct events *events, struct listener *listener, int64_t now_us);
void events_each_of(struct events *events, struct channel *channel, listener_function visit);
void events_each(struct events *events, listener_function visit);

/* What is done to one. */
void listener_wake(struct events *events, struct listener *listener);
void listener_finish(struct events *events, struct listener *listener);
void listener_ask_to_look(struct events *events, struct listener *listener, int64_t now_us);

/* Wakes one that waits if there is something for it. One that is at the end and sees nothing of what came since stays
   there: the ring may go on without it. */
void listener_offer(struct events *events, struct listener *listener, int64_t now_us);

/* --- event_channels.c --- */

struct channel *channel_new(id64_t agency, uint64_t epoch);
void channel_free(struct channel *channel, struct ring_bytes *bytes);

/* Puts an event behind the others; the oldest go. */
void channel_add(struct channel *channel, struct ring_bytes *bytes, const struct event *event);

/* Notes what is to be read of the agency. The thread's. */
void channel_mark(struct channel *channel, const struct mark *mark);
bool channel_is_dirty(const struct channel *channel);

/* Up to `most` marks to be read now, which stay valid until the next of these calls. The thread's. */
struct mark *channel_serve(struct channel *channel, size_t most, size_t *n);

/* Takes a listener in, from the event after the one that it had last. */
void channel_join(struct channel *channel, struct listener *listener, struct str last_event_id);

/* Whether it is shown this one: the three permissions reach the same accounts, so an account's event is one. */
bool listener_sees(const struct listener *listener, const struct sent_event *event);

/* What is to be told next. */
ssize_t listener_write(struct listener *listener, char *out, size_t max);
void listener_set_viewer(struct listener *listener, const struct viewer *viewer);
void listener_free(struct listener *listener);

#endif
