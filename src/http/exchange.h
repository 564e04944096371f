/* One request on its way through the server, and what the server is made of: shared by the files of http/ alone. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "engine/events.h"
#include "engine/writer.h"
#include "http/budget.h"
#include "http/credentials.h"
#include "http/metrics.h"
#include "http/pool.h"
#include "http/rates.h"
#include "http/request.h"
#include "http/server.h"
#include "http/waiting.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum exchange_state {
    EXCHANGE_RECEIVING,
    EXCHANGE_WORKING,  /* handed to another thread, the connection suspended */
    EXCHANGE_ANSWERED, /* r->response or r->problem holds the answer */
};

struct exchange {
    struct request request; /* what handlers see; first: it is found back by its address */
    struct job job;         /* in the writer's queue; request_of_job finds the way back */
    struct work work;       /* in a pool's queue */
    struct waiter waiter;   /* in the waiting of those that look again */
    struct exchange *next;  /* in the list of free ones */
    struct MHD_Connection *connection;
    _Atomic enum exchange_state state;
    bool suspended;

    struct route_match match;
    struct credential credential;
    struct str authorization, origin, accept_encoding, if_none_match, forwarded_for, path;
    struct str id_texts[PATH_IDS_MAX];
    struct problem
        decoding; /* what was wrong with body or query, told after "who is it" and "may they" */
    size_t stage;
    bool counted;  /* in server->in_flight */
    bool replayed; /* the answer is one that was kept under the Idempotency-Key */
    bool is_read;  /* GET or HEAD */

    uint64_t sender;    /* senders.c: from when the header is there */
    uint32_t share;     /* of the queues: likewise */
    size_t taken_bytes; /* of the server's budget */
    struct buffer body;
    size_t body_max;
    enum reason body_refused; /* before or while it was received */
};

struct connections; /* http/slow.c: which sockets are open and how long they have been sending */

struct server {
    struct db *db;
    struct server_settings settings;
    struct arena *arena; /* of the settings' copies */
    struct str address, origin;
    struct str origin_localhost; /* also allowed when listening on loopback without a public URL */
    struct router *router;
    struct metrics *metrics;
    struct events *events;
    struct writer *writer;
    struct rosters *rosters; /* of the readers */
    struct pool *readers, *hashers;
    struct waiting *waiting;
    struct connections *connections;
    struct budget *budget;
    struct rates *rates;
    struct MHD_Daemon *daemon;
    int listen_fd;
    atomic_size_t in_flight; /* requests that are worked on or whose answer is being sent */
    atomic_bool stopping;

    pthread_mutex_t free_lock;
    struct exchange *free_exchanges;
    size_t n_free;

    pthread_mutex_t setup_lock;
    bool setup_done;

    atomic_int_fast64_t touched_at[1024]; /* when a session's or key's last use was noted, by id */
    atomic_uint_fast64_t confirmed[4096]; /* senders.c: parts of credentials' hashes */
};

/* dispatch.c: runs the request's stages from where it is; afterwards it is answered, or another thread has it. */
void dispatch(struct exchange *exchange);

/* dispatch.c: one that waited looks again. */
void dispatch_again(struct waiter *waiter);

/* senders.c: in whose name it queues; the agency's once the store has confirmed the credential. */
uint64_t sender_of(struct exchange *exchange);
void sender_confirmed(struct exchange *exchange);

/* senders.c: what its agency may that others may not, as the store has it; and the share of the queues that follows. */
void sender_may(struct exchange *exchange, struct sender_terms terms);
uint32_t sender_share(struct exchange *exchange);

/* senders.c: whether it is an agency's that sends more than it may in a second. */
bool sender_is_too_fast(struct exchange *exchange);

/* auth.c: who is it and may they, in this transaction. */
bool authenticate(struct exchange *exchange, struct tx *tx);

/* Drops what this thread remembers of the last sender: when its transaction ends, or something in it may have changed
   who may do what. */
void auth_forget(void);

/* decode.c: reads query and body on the HTTP thread; what is wrong stays in exchange->decoding. */
void decode_request(struct exchange *exchange);

/* answer.c: queues the answer of an exchange that has one. */
enum MHD_Result answer(struct exchange *exchange);

/* listening.c: what the events ask of the server, and the answer to who listens. */
extern const struct events_hooks listening_hooks;
struct MHD_Response *listening_response(struct exchange *exchange);

/* answer.c: whether the client takes gzip, which every browser does. */
bool accepts_gzip(const struct exchange *exchange);

/* static.c: the console's files and pages; false when the path is none of theirs. */
bool static_answer(struct exchange *exchange, enum MHD_Result *result);

/* Security headers that every page and file gets; API answers get those that matter for them. */
void add_page_headers(const struct server *server, struct MHD_Response *response);

#endif
