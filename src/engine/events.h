/* Live events: what happens to an agency's accounts, told within a moment of the commit to whoever listens and may see it
   (GET /v1/events). Charging costs it nothing but a mark for each account (store/marks.h): a thread of its own gathers the
   marks, reads the newest figures of each touched account once, whoever listens, and puts them into the agency's ring,
   from which listeners are served in memory. One who cannot keep up is told to start afresh.

   Ids are EPOCH-NUMBER: the epoch is a channel's, made when an agency gets its first listener, the number counts its
   events. Whoever comes back with an id that the ring still holds gets what came after it; with one of another node,
   of before a restart, or too old, the event "reset": fetch again. */
#ifndef ENGINE_EVENTS_H
#define ENGINE_EVENTS_H

#include "domain/roles.h"
#include "store/db.h"

#include <sys/types.h>

enum {
    EVENTS_KEPT_MAX = 1024, /* of an agency, for those who come back */
    EVENT_BYTES_MAX = 6 * 1024,
    EVENTS_BYTES_MAX = 64 * 1024 * 1024, /* of all agencies */
    HEARTBEAT_SECONDS = 15,
    LISTENER_LOOK_SECONDS =
        60, /* whether one may still listen is asked again, also when nothing says so */
    CHANNEL_KEPT_SECONDS = 120, /* without listeners, for those who come back */
};

/* Who listens, as far as what they may see goes. */
struct viewer {
    id64_t agency;
    enum role role;
    struct reach reach;
};

enum looked { LOOKED_ALLOWED, LOOKED_REFUSED, LOOKED_FAILED };

struct events_hooks {
    /* Whether `who` may listen now and what they may see, lists in tx->arena. Each time on the events' thread. */
    enum looked (*look)(void *who, struct tx *tx, struct viewer *out);
    /* There is something to read again. */
    void (*wake)(void *connection);
    /* There is nothing to read: called by events_read, before anybody can wake it. */
    void (*pause)(void *connection);
    /* Nobody has `who` any more. */
    void (*forget)(void *who);
};

struct events;
struct listener;

/* Before anything is written. NULL and a problem when the store cannot be read. */
struct events *events_start(struct db *db, const struct events_hooks *hooks,
                            struct problem *problem);

/* Ends all streams and takes no more listeners. */
void events_end(struct events *events);

/* Then reads the store no more. To be called before the writer ends: of SQLite's connections only one that writes can take
   the log into the database as it closes, so a reader's must not be the last. */
void events_rest(struct events *events);

/* At last, when nobody listens any more and nothing is written. */
void events_stop(struct events *events);

struct listener_order {
    id64_t agency;
    void *who; /* the listener's from here on, also when it is refused */
    void *connection;
    int fd;                   /* its socket: whether the client has left */
    struct str last_event_id; /* absent: from now on */
    bool until_now;           /* ends when everything so far is told */
};

/* NULL when there are too many: *refused. */
struct listener *events_join(struct events *events, const struct listener_order *order,
                             enum reason *refused);
void events_leave(struct listener *listener);

/* Whole events as text, as many as fit: how many bytes; 0: none for now, paused; -1: it is over. */
ssize_t events_read(struct listener *listener, char *out, size_t max);

/* For /metrics. Counts since the start. */
struct events_stats {
    size_t listeners, agencies; /* now */
    size_t bytes;               /* kept now */
    uint64_t made, reads;       /* events; reads of the store for them */
    uint64_t resets;            /* told to start afresh */
    uint64_t refused, cut_off;  /* listeners: too many; who may not listen any more */
};
struct events_stats events_stats(struct events *events);

#endif
