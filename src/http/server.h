/* The HTTP server: sockets, limits, routing, who is it and may they, the stages' threads, static files. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "engine/accounts.h"
#include "engine/writer.h"
#include "http/route.h"
#include "store/db.h"

enum {
    HEADER_BYTES_MAX = 16 * 1024,
    BODY_BYTES_MAX = 8 * 1024 * 1024,
    BODY_DRAINED_BYTES_MAX = 4
        * BODY_BYTES_MAX, /* of a body that is refused: read, so that its sender gets to see why */
    SMALL_BODY_BYTES_MAX = 64 * 1024, /* bodies of everything but call batches */
    REQUEST_SECONDS_MAX = 30,         /* to send a whole request: slow clients are cut off */
    IDLE_SECONDS_MAX = 75,            /* between requests of a kept connection */
    CONNECTIONS_MAX = 4096,
    READ_QUEUE_MAX = 1024,
    HASH_QUEUE_MAX = 64,
    HASH_NICENESS = 10, /* a tenth of a busy core: who signs in waits, charging does not */
    IDEMPOTENCY_KEY_MAX = 255,
};

struct server_settings {
    struct str listen;        /* "127.0.0.1:8080"; port 0 picks a free one */
    struct str public_url;    /* absent: http://LISTEN; decides Origin and Secure */
    struct str metrics_token; /* absent: /metrics from loopback only */
    struct str
        trusted_proxies; /* comma-separated addresses whose X-Forwarded-For counts; absent: none */
    size_t http_threads; /* 0: one per core */
    size_t reader_threads;       /* 0: one per core, at least 2 */
    size_t writer_threads;       /* PostgreSQL only; 0: 2 */
    size_t batch_records_max;    /* call records in one request; default 1,000 */
    size_t request_memory_bytes; /* of all requests on their way; 0: 512 MB */
    bool test_clock;
    const struct route *const *routes; /* the API's tables, from api/ */
    struct str setup_token; /* of the one-time set-up link; absent: the store is set up */
    struct str
        secret_key; /* what secrets in the store are sealed with (base/seal.h); absent: none */
    bool demo;
};

/* Starts everything and listens; NULL and a problem when it cannot. The db must be migrated and stays the caller's. */
struct server *server_start(struct db *db, const struct server_settings *settings,
                            struct problem *problem);

/* "127.0.0.1:40123": where it listens. */
struct str server_address(const struct server *server);

/* Stops accepting, finishes what is under way, stops the threads, frees. */
void server_stop(struct server *server);

const struct server_settings *server_settings(const struct server *server);
/* "https://minutes.example.com": what people's links begin with. */
struct str server_origin(const struct server *server);
struct db *server_db(const struct server *server);
struct writer *server_writer(const struct server *server);

/* Once, when an agency was created through the set-up link; false when it was used already. Constant time. */
bool server_setup_token_matches(struct server *server, struct str token);
void server_setup_done(struct server *server);

/* For /metrics, in Prometheus's text format. */
void server_metrics(struct server *server, struct buffer *out);

#endif
