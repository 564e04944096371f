/* Routes are data (architecture.md "Requests"): one row says method, path, permission, what it reads, and the stages
   it runs through. Tests, the API description and /metrics walk the same rows. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/field.h"
#include "domain/roles.h"

struct request;

enum method { GET, POST, PUT, PATCH, DELETE, METHOD_COUNT };
extern const char *const method_names[];

/* Where a stage runs. */
enum mode {
    MODE_NONE, /* no more stages */
    INLINE,    /* on the HTTP thread, no store: only what cannot wait */
    READ,      /* a reader thread, one read-only snapshot in r->tx */
    WRITE,     /* the writer's transaction in r->tx; answered after commit */
    HASHING,   /* the hashing pool, no store: passwords */
};

struct stage {
    enum mode mode;
    bool (*run)(struct request *r); /* false: r->problem is set and the request ends with it */
};

enum { ROUTE_STAGES_MAX = 4, ROUTE_SCOPES_MAX = 2 };

enum route_flag {
    ROUTE_NO_ORIGIN = 1, /* a write without an Origin check: it brings a proof of its own */
    ROUTE_METRICS = 2,   /* loopback or the metrics token only */
    ROUTE_NO_BODY = 4,   /* a POST that takes no body */
    ROUTE_UNDOES = 8,    /* a write that is allowed while the agency is being deleted */
    ROUTE_NOT_KEPT = 16, /* no reply is kept under an Idempotency-Key: it is told once, or the body
                            holds a password, of which no quick hash is to lie around */
    ROUTE_BEFORE_TWO_FACTOR = 32, /* also for who has yet to set up the required second factor */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a row begins with what, where and who may */
struct route {
    enum method method;
    const char *
        path; /* "/v1/subaccounts/{subaccount}/prices": parts in braces are ids, kinds in path_ids below */
    enum permission permission;
    struct stage stages
        [ROUTE_STAGES_MAX]; /* run in order; the first with a store also finds out who it is */

    /* The body: decoded on the HTTP thread before the first stage into a zeroed struct of input_size bytes,
       r->input; its errors are reported only after "who is it" and "may they". NULL: no body allowed. */
    const struct field *input;
    size_t input_size;

    /* What the fields' table cannot say of that body: NULL, or called on the HTTP thread when it was decoded; false:
       r->problem is set. */
    bool (*check)(struct request *r);

    /* Or a decoder of its own, for bodies that are not one JSON object. */
    bool (*decode)(struct request *r);

    /* Query parameters, likewise into r->query. NULL: none allowed. */
    const struct field *query;
    size_t query_size;

    unsigned
        key_scopes; /* bit set of enum key_scope: API keys with any of them may come in; 0: people only */
    unsigned flags;
    const struct gather *gather; /* engine/writer.h: WRITE stages that coalesce */
    const char *name;            /* operation name, for metrics, logs, audit */
};

#define ROUTE_END    \
    {                \
        .path = NULL \
    }

/* {subaccount} in a path is a sub-account's id, and so on. */
struct path_id {
    const char *name;
    enum id_kind kind;
};
extern const struct path_id path_ids[];
extern const size_t path_ids_count;

/* A lookup structure over tables of routes (NULL-terminated list of ROUTE_END-terminated tables). */
struct router;
struct router *router_new(const struct route *const *tables);
void router_free(struct router *router);

enum { PATH_IDS_MAX = 2 };

struct route_match {
    const struct route *route;
    size_t index;                 /* its position among all */
    struct str ids[PATH_IDS_MAX]; /* texts of the path's ids, in order */
    bool path_known;              /* a route with this path but another method exists */
    unsigned methods;             /* bit set of the methods it has, for Allow */
};

/* Matches a decoded path without its query. */
bool router_match(const struct router *router, enum method method, struct str path,
                  struct route_match *out);

/* All routes, in the order of the tables. */
size_t router_count(const struct router *router);
const struct route *router_at(const struct router *router, size_t index);

#endif
