/* A request's way through its stages (http/route.h): on this thread, a pool's, or the writer's. Exactly one thread has
   the exchange at any time; handing it over is the last thing that a thread does with it. */
#include "http/exchange.h"

#include "base/log.h"
#include "base/time.h"
#include "http/proxy.h"
#include "store/idempotency.h"

#include <string.h>

static struct exchange *exchange_of_job(struct job *job)
{
    return (struct exchange *)(void *)((char *)job - offsetof(struct exchange, job));
}

static struct exchange *exchange_of_work(struct work *work)
{
    return (struct exchange *)(void *)((char *)work - offsetof(struct exchange, work));
}

static const struct stage *stage_of(const struct exchange *exchange)
{
    return &exchange->request.route->stages[exchange->stage];
}

/* The answer is there: the HTTP thread sends it. */
static void finish(struct exchange *exchange)
{
    bool suspended = exchange->suspended;
    struct MHD_Connection *connection = exchange->connection;

    atomic_store(&exchange->state, EXCHANGE_ANSWERED);
    if (suspended) MHD_resume_connection(connection);
}

static void finish_with(struct exchange *exchange, enum reason reason)
{
    problem_clear(&exchange->request.problem);
    request_allow(&exchange->request, reason, NULL);
    finish(exchange);
}

/* Before the connection goes to another thread, MHD must leave it alone. */
static void suspend(struct exchange *exchange)
{
    if (exchange->suspended) return;
    exchange->suspended = true;
    atomic_store(&exchange->state, EXCHANGE_WORKING);
    MHD_suspend_connection(exchange->connection);
}

/* After a stage: the next one, or the end. */
static void go_on(struct exchange *exchange)
{
    exchange->stage++;
    if (problem_is_set(&exchange->request.problem) || exchange->replayed
        || exchange->stage == ROUTE_STAGES_MAX || stage_of(exchange)->mode == MODE_NONE)
        finish(exchange);
    else
        dispatch(exchange);
}

/* What was wrong with the request itself, told to those who may know. */
static bool check_decoding(struct exchange *exchange)
{
    struct request *r = &exchange->request;

    if (!problem_is_set(&exchange->decoding)) return true;
    r->problem = exchange->decoding;
    return false;
}

bool request_look_again(struct request *r)
{
    r->looks_again = !atomic_load(&r->server->stopping) && waiting_reserve(r->server->waiting);
    return r->looks_again;
}

static void run_reading(struct work *work, void *resource)
{
    struct exchange *exchange = exchange_of_work(work);
    struct request *r = &exchange->request;
    struct arena_mark mark = arena_mark(r->arena);
    struct tx *tx = resource;

    r->looks_again = false;
    r->tx = tx;
    r->now = clock_now();
    if (tx_begin(tx, r->arena, &r->problem, r->now)) {
        if (authenticate(exchange, tx) && check_decoding(exchange)) stage_of(exchange)->run(r);
        tx_rollback(tx);
    }
    auth_forget();
    r->tx = NULL;
    if (r->looks_again) {
        arena_rewind(r->arena, mark);
        waiting_enter(r->server->waiting, &exchange->waiter);
    } else {
        go_on(exchange);
    }
}

static void run_hashing(struct work *work, void *resource)
{
    struct exchange *exchange = exchange_of_work(work);
    struct request *r = &exchange->request;

    (void)resource;
    /* A first stage without a store comes before anybody is known: only public routes have one. */
    if (exchange->stage > 0 || check_decoding(exchange)) stage_of(exchange)->run(r);
    go_on(exchange);
}

static id64_t caller_id(const struct request *r)
{
    return r->caller.user != ID_NONE ? r->caller.user : r->caller.api_key;
}

/* Whose the kept reply is: the caller's agency, or for the platform's staff the one that the path names, or none. */
static id64_t agency_of(const struct request *r)
{
    return r->caller.agency != ID_NONE ? r->caller.agency : r->scope.agency;
}

static bool is_keyed(const struct request *r)
{
    return !str_is_absent(r->idempotency_key) && r->route->method == POST
        && (agency_of(r) != ID_NONE || r->caller.is_platform) && caller_id(r) != ID_NONE
        && (r->route->flags & ROUTE_NOT_KEPT) == 0;
}

/* Of method, path and body: what the same key must come with again. */
static struct hash request_hash(const struct exchange *exchange)
{
    const struct request *r = &exchange->request;

    return hash_of(str_format(r->arena, "%s %.*s\n%.*s", method_names[r->route->method],
                              STR_ARG(exchange->path), STR_ARG(r->body)));
}

/* The reply kept under the request's key, if there is one: *replayed. */
static bool replay(struct exchange *exchange, struct tx *tx, bool *replayed)
{
    struct request *r = &exchange->request;
    struct stored_reply reply;

    *replayed = false;
    if (!is_keyed(r)) return true;
    if (!stored_reply_find(tx, agency_of(r), caller_id(r), r->idempotency_key, &reply, replayed))
        return false;
    if (!*replayed) return true;
    struct hash own = request_hash(exchange);
    if (memcmp(own.at, reply.request_hash.at, HASH_BYTES) != 0)
        return request_allow(r, REASON_IDEMPOTENCY_CONFLICT, NULL);
    exchange->replayed = true;
    if (str_is_absent(reply.content_type)) return request_reply_empty(r, (int)reply.status);
    return request_reply_text(r, (int)reply.status,
                              str_to_c(r->arena, str_copy(r->arena, reply.content_type)),
                              str_copy(r->arena, reply.body));
}

static struct str body_to_keep(const struct response *response)
{
    if (!str_is_absent(response->kept_body)) return response->kept_body;
    return response->content_type == NULL ? STR_NONE : buffer_str(&response->body);
}

/* Keeps the reply in the commit of its effect. */
static bool keep_reply(struct exchange *exchange, struct tx *tx)
{
    struct request *r = &exchange->request;

    if (!is_keyed(r) || r->response.status == 0) return true;
    const struct stored_reply reply = {
        .agency = agency_of(r),
        .caller = caller_id(r),
        .key = r->idempotency_key,
        .request_hash = request_hash(exchange),
        .status = r->response.status,
        .content_type = str_from_c(r->response.content_type),
        .body = body_to_keep(&r->response),
    };
    return stored_reply_insert(tx, &reply);
}

/* A handler that writes may change who may do what: nothing is remembered over it. */
static bool run_handler(struct exchange *exchange, struct tx *tx)
{
    auth_forget();
    bool done = stage_of(exchange)->run(&exchange->request) && keep_reply(exchange, tx);
    auth_forget();
    return done;
}

static bool run_writing(struct tx *tx, struct job *job)
{
    struct exchange *exchange = exchange_of_job(job);
    struct request *r = &exchange->request;
    bool replayed;

    r->tx = tx;
    r->now = tx->now;
    r->response = (struct response){ 0 };
    exchange->replayed = false;
    if (!authenticate(exchange, tx) || !check_decoding(exchange)
        || !replay(exchange, tx, &replayed))
        return false;
    if (replayed) return true;
    if (job->gather != NULL) {
        job->gathered = true;
        return true;
    }
    return run_handler(exchange, tx);
}

static void writing_done(struct job *job)
{
    struct exchange *exchange = exchange_of_job(job);

    auth_forget();
    exchange->request.tx = NULL;
    go_on(exchange);
}

static bool same_key(const struct request *a, const struct request *b)
{
    return is_keyed(a) && is_keyed(b) && caller_id(a) == caller_id(b)
        && agency_of(a) == agency_of(b) && str_equal(a->idempotency_key, b->idempotency_key);
}

/* Whether one that comes before it in the same commit has its key: they have not seen each other's reply. */
static bool repeats(struct job **jobs, size_t position)
{
    const struct request *own = request_of_job(jobs[position]);

    for (size_t i = 0; is_keyed(own) && i < position; i++) {
        if (same_key(request_of_job(jobs[i]), own)) return true;
    }
    return false;
}

/* As before a try together with others, which may have failed. */
static void forget_answer(struct job *job)
{
    struct exchange *exchange = exchange_of_job(job);

    problem_clear(job->problem);
    exchange->request.response = (struct response){ 0 };
    exchange->replayed = false;
}

static bool run_and_keep(struct tx *tx, struct job **jobs, size_t n)
{
    const struct gather *own = request_of_job(jobs[0])->route->gather;

    for (size_t i = 0; i < n; i++)
        forget_answer(jobs[i]);
    if (!own->run_many(tx, jobs, n)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!keep_reply(exchange_of_job(jobs[i]), tx)) return false;
    }
    return true;
}

/* Answered with the reply that the first of its key left; one that was refused left none, and this is the next try. */
static bool run_one(struct tx *tx, struct job *job)
{
    bool replayed;

    forget_answer(job);
    if (!replay(exchange_of_job(job), tx, &replayed))
        return job->problem->reason == REASON_IDEMPOTENCY_CONFLICT;
    return replayed || run_and_keep(tx, &job, 1);
}

/* The jobs of one route through its own function, then their replies are kept. */
static bool run_route_gather(struct tx *tx, struct job **jobs, size_t n)
{
    struct job **firsts = ARENA_ARRAY(tx->arena, struct job *, n);
    struct job **others = ARENA_ARRAY(tx->arena, struct job *, n);
    size_t n_firsts = 0, n_others = 0;

    if (n == 1) return run_one(tx, jobs[0]);
    for (size_t i = 0; i < n; i++) {
        if (repeats(jobs, i))
            others[n_others++] = jobs[i];
        else
            firsts[n_firsts++] = jobs[i];
    }
    if (!run_and_keep(tx, firsts, n_firsts)) return false;
    for (size_t i = 0; i < n_others; i++) {
        if (!run_one(tx, others[i])) return false;
    }
    return true;
}

/* Gathered jobs may be of several routes: one after the other. */
static bool run_gathered(struct tx *tx, struct job **jobs, size_t n)
{
    struct job **of_route = ARENA_ARRAY(tx->arena, struct job *, n);
    bool *taken = ARENA_ARRAY(tx->arena, bool, n);

    for (size_t i = 0; i < n; i++) {
        const struct route *route = request_of_job(jobs[i])->route;
        size_t count = 0;
        for (size_t j = i; j < n; j++) {
            if (!taken[j] && request_of_job(jobs[j])->route == route) {
                taken[j] = true;
                of_route[count++] = jobs[j];
            }
        }
        if (count > 0 && !run_route_gather(tx, of_route, count)) return false;
    }
    return true;
}

static const struct gather gather_by_route = { run_gathered };

static void submit_writing(struct exchange *exchange)
{
    struct request *r = &exchange->request;
    enum reason reason;

    exchange->job = (struct job){
        .place = { .sender = exchange->sender,
                   .share = exchange->share,
                   .cost = r->route->gather != NULL ? r->units : 0 },
        .arena = r->arena,
        .problem = &r->problem,
        .shard = writer_shard(r->caller.agency != ID_NONE ? r->caller.agency : r->agency_hint),
        .run = run_writing,
        .gather = r->route->gather != NULL ? &gather_by_route : NULL,
        .done = writing_done,
    };
    suspend(exchange);
    if (!writer_submit(r->server->writer, &exchange->job, &reason)) finish_with(exchange, reason);
}

static void submit_work(struct exchange *exchange, struct pool *pool,
                        void (*run)(struct work *, void *))
{
    exchange->work =
        (struct work){ .place = { .sender = exchange->sender, .share = exchange->share },
                       .run = run };
    suspend(exchange);
    if (!pool_submit(pool, &exchange->work)) finish_with(exchange, REASON_OVERLOADED);
}

/* What a proxy on this machine passes on comes from elsewhere, also when nobody said that the proxy is to be trusted. */
static bool is_local(const struct exchange *exchange)
{
    return str_is_absent(exchange->forwarded_for)
        && address_is_loopback(exchange->request.client_address);
}

static bool metrics_are_allowed(const struct exchange *exchange, struct str authorization)
{
    const struct request *r = &exchange->request;
    struct str token = r->server->settings.metrics_token;

    if (str_is_absent(token)) return is_local(exchange);
    struct hash expected = hash_of(token);
    struct hash given = hash_of(str_starts_with(authorization, STR("Bearer "))
                                    ? str_trim(str_sub(authorization, 7, authorization.len))
                                    : STR(""));
    return bytes_equal_constant_time((struct bytes){ expected.at, HASH_BYTES },
                                     (struct bytes){ given.at, HASH_BYTES });
}

static void run_inline(struct exchange *exchange)
{
    struct request *r = &exchange->request;

    if ((r->route->flags & ROUTE_METRICS) != 0
        && !metrics_are_allowed(exchange, exchange->authorization))
        request_allow(r, REASON_NOT_ALLOWED, NULL);
    else if (exchange->stage > 0 || check_decoding(exchange))
        stage_of(exchange)->run(r);
    go_on(exchange);
}

void dispatch(
    struct exchange *exchange) /* NOLINT(misc-no-recursion): as deep as a route has stages */
{
    struct server *server = exchange->request.server;

    switch (stage_of(exchange)->mode) {
    case INLINE: run_inline(exchange); break;
    case READ: submit_work(exchange, server->readers, run_reading); break;
    case HASHING: submit_work(exchange, server->hashers, run_hashing); break;
    case WRITE: submit_writing(exchange); break;
    case MODE_NONE: finish(exchange); break;
    }
}

void dispatch_again(struct waiter *waiter)
{
    dispatch((struct exchange *)(void *)((char *)waiter - offsetof(struct exchange, waiter)));
}
