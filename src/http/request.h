/* A request as handlers see it (style.md "One action, four small pieces"). */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/hash.h"
#include "base/zone.h"
#include "domain/accounts.h"
#include "domain/ledger.h"
#include "domain/roles.h"
#include "engine/writer.h"
#include "http/route.h"
#include "store/db.h"

/* Who is asking: a user by session, an API key, or the platform's staff; nobody when user and api_key are ID_NONE. */
struct caller {
    id64_t agency;    /* ID_NONE: staff who entered none */
    id64_t user;      /* ID_NONE for API keys */
    bool is_platform; /* the user is one of the platform's staff: no user of the agency */
    id64_t session;
    id64_t api_key;
    enum role role;  /* of users */
    unsigned scopes; /* of API keys: bit set of enum key_scope */
    struct reach reach;
    bool must_set_up_two_factor; /* the agency requires it, and the user has none */
    struct str name, email;      /* of the user, or the key's name */
    const struct zone *zone;     /* the agency's */
    enum agency_status agency_status;
};

/* The ids in the path; ID_NONE when the route has none of a kind. The sub-account of the path is already
   reached: it exists in the caller's agency and the permission covers it. */
struct scope {
    id64_t subaccount, purchase, call, session, api_key, user, invitation, agency, reservation;
    id64_t price_change, job, renewal, payout, payment_method;
    id64_t engine_connection, unmatched_call;
    struct str plan;  /* a code, whether or not there is such a plan */
    struct str token; /* the secret part of a webhook's URL */
};

struct response {
    int status; /* 0: not answered yet */
    struct buffer body;
    struct str
        kept_body; /* what is kept for replays when the body holds a secret; absent: the body */
    const char *content_type;
    struct str location;   /* absent: none */
    struct str set_cookie; /* absent: none */
    struct str content_disposition;
    int64_t retry_after_seconds; /* 0: none */
    struct listener
        *listener; /* the answer goes on with what happens (request_listen); NULL: it does not */
};

struct server; /* http/server.h: what the process has: settings, writer, caches */

struct request {
    struct server *server;
    struct arena *arena; /* everything of this request */
    struct tx *tx;       /* in READ and WRITE stages */
    struct problem problem;
    instant_t now; /* the transaction's time; in other stages the time of arrival */
    const struct route *route;
    struct caller caller;
    struct scope scope;

    struct str id; /* "req_…", also in the answer's X-Request-Id */
    struct str client_address;
    struct str user_agent;
    struct str idempotency_key; /* absent: none */
    struct str last_event_id;   /* absent: none */
    struct str content_type;    /* lower case, without parameters */
    struct str accept;
    struct str body;
    void *input;      /* decoded body; NULL when the route has none */
    uint64_t present; /* which of its fields were given */
    void *query;      /* decoded query parameters */
    void *state;      /* what one stage leaves for the next; in arena */
    uint32_t units;   /* of work: a batch's records, set by its decoder; else 1 */
    int64_t began_us; /* when it was read, on the clock of clock_monotonic_us */
    bool looks_again;
    id64_t agency_hint; /* chooses the writer where nobody is signed in */

    struct response response;
};

/* The request that a writer's job belongs to: for `gather` functions. */
struct request *request_of_job(struct job *job);

/* A header as it was sent, absent when it was not: on the HTTP thread alone, in a route's `decode`. */
struct str request_header(const struct request *r, const char *name);

/* Path and query as they were asked for, without any decoding. */
struct str request_target(const struct request *r);

/* Whether field `name` of route->input was in the body. */
bool request_has(const struct request *r, const char *name);

/* Goes on with REASON_NONE; anything else becomes the problem (field may be NULL). */
bool request_allow(struct request *r, enum reason reason, const char *field);

/* Answers with a struct as JSON, with raw JSON text that the handler wrote, or with nothing. Always true. */
bool request_reply(struct request *r, int status, const struct field *fields, const void *in);
bool request_reply_text(struct request *r, int status, const char *content_type, struct str body);
bool request_reply_empty(struct request *r, int status); /* 204 */

/* A list answer {"data":[…],"next_cursor":…}; `next` absent for the last page. `total` < 0: left out. */
bool request_reply_list(struct request *r, const struct field *fields, const struct list *items,
                        size_t item_size, struct str next_cursor, int64_t total);

/* Instead of an answer, in a READ stage: the stage runs again from the start in a moment, in another snapshot, and
   nothing of the arena is left by then. False when the server is stopping or too many wait: then answer now. */
bool request_look_again(struct request *r);

/* Instead of an answer, in a READ stage: live events (engine/events.h), from what came after `last_event_id` on (absent:
   from now on), until the client leaves or may not listen any more, or with LISTEN_UNTIL_NOW until all so far is told. */
enum listen_until { LISTEN_ON, LISTEN_UNTIL_NOW };
bool request_listen(struct request *r, struct str last_event_id, enum listen_until until);

/* The actor of postings. */
struct actor request_actor(const struct request *r);

/* Writes the audit event of what this request did, in the same transaction: `action` such as
   "subaccount.created", the kind and id of what it was done to, and JSON objects of before and after (absent: none;
   never with a secret in them). */
bool request_record(struct request *r, const char *action, enum id_kind kind, id64_t target,
                    struct str before, struct str after);

/* The same in the trail of an agency that is not the caller's own. */
bool request_record_in(struct request *r, id64_t agency, const char *action, enum id_kind kind,
                       id64_t target, struct str before, struct str after);

/* The session cookie's value for a fresh token, and the one that ends it, honouring Secure on https. */
struct str request_session_cookie(struct request *r, struct str token);
struct str request_session_cookie_cleared(struct request *r);

/* The hash of the session's secret that came along, whosever it is and whether or not it is worth anything; false when
   there is none. For signing in over a session. */
bool request_session_held(const struct request *r, struct hash *out);

#endif
