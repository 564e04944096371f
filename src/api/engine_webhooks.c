/* POST /webhooks/engines/…: what voice engines report. Nobody is signed in: the URL says which connection it is, the
   signature that it comes from there. Answered only when it is durably a call, or kept until somebody says whose it is. */
#include "api/routes.h"
#include "domain/limits.h"
#include "engine/deliveries.h"
#include "http/request.h"
#include "http/server.h"
#include "store/agencies.h"

enum { WEBHOOK_BYTES_MAX = 2 * 1024 * 1024, COME_BACK_SECONDS = 300 };

struct webhook_query {
    struct str subaccount;
};

/* What one stage leaves for the next. */
struct arrival {
    struct adapter_message message;
    struct list payloads; /* of struct str */
    id64_t agency, connection;
    struct call_submission *submissions; /* of those that became calls */
    size_t n_submissions;
    int64_t n_without_room;
};

struct receipt {
    int64_t accepted, duplicates, unmatched, ignored;
};

/* clang-format off */
static const struct field webhook_query_fields[] = {
    FIELD_TEXT(struct webhook_query, subaccount, .min = 1, .max = REFERENCE_MAX_CHARS),
    FIELD_END,
};

static const struct field receipt_fields[] = {
    FIELD_INTEGER(struct receipt, accepted),
    FIELD_INTEGER(struct receipt, duplicates),
    FIELD_INTEGER(struct receipt, unmatched),
    FIELD_INTEGER(struct receipt, ignored),
    FIELD_END,
};
/* clang-format on */

/* On the HTTP thread: headers are there no longer afterwards. */
static bool keep_message(struct request *r)
{
    struct arrival *arrival = ARENA_NEW(r->arena, struct arrival);
    struct str origin = server_origin(r->server), target = request_target(r);

    arrival->message = (struct adapter_message){
        .url = str_format(r->arena, "%.*s%.*s", STR_ARG(origin), STR_ARG(target)),
        .content_type = r->content_type,
        .body = r->body,
    };
    for (int i = 0; i < ADAPTER_HEADER_COUNT; i++)
        arrival->message.headers[i] =
            str_copy(r->arena, request_header(r, adapter_header_names[i]));
    r->state = arrival;
    return r->body.len <= WEBHOOK_BYTES_MAX
        || fail(&r->problem, REASON_BODY_TOO_LARGE, NULL, "The body may have at most %d bytes.",
                WEBHOOK_BYTES_MAX);
}

static bool verify(struct request *r, const struct connection *connection,
                   const struct arrival *arrival)
{
    const struct adapter *adapter = adapter_of((enum adapter_kind)connection->engine);
    struct str secret, key = server_settings(r->server)->secret_key;

    return connection_open_secret(r->tx, key, connection, &secret)
        && request_allow(r, adapter->verify(r->arena, &arrival->message, secret, r->now), NULL);
}

/* Who it is from, and what is in it: on a reader, so that the writer is not kept busy by what is none of its business. */
static bool open_message(struct request *r)
{
    struct arrival *arrival = r->state;
    struct hash hash = hash_of(r->scope.token);
    struct connection connection;
    bool found;

    if (!connection_find_by_token(r->tx, &hash, &connection, &found)
        || !request_allow(r, found ? REASON_NONE : REASON_NOT_FOUND, NULL)
        || !verify(r, &connection, arrival))
        return false;
    arrival->agency = r->agency_hint = connection.agency_id;
    arrival->connection = connection.id;
    return adapter_of((enum adapter_kind)connection.engine)
        ->split(r->arena, &arrival->message, &r->problem, &arrival->payloads);
}

static bool begin_reception(struct request *r, struct connection *connection,
                            struct reception *reception)
{
    const struct webhook_query *query = r->query;
    const struct arrival *arrival = r->state;
    struct agency agency;

    if (!connection_load(r->tx, arrival->agency, arrival->connection, connection)
        || !agency_load(r->tx, arrival->agency, &agency))
        return false;
    *reception = (struct reception){ .connection = connection,
                                     .zone = zone_find(agency.timezone),
                                     .subaccount = query->subaccount };
    return request_allow(r, connection->removed_at == INSTANT_NONE ? REASON_NONE : REASON_NOT_FOUND,
                         NULL)
        && request_allow(r, agency.status == AGENCY_ACTIVE ? REASON_NONE : REASON_AGENCY_DELETING,
                         NULL)
        && connection_mapping(r->tx, connection, &reception->mapping);
}

static bool receive(struct request *r)
{
    struct arrival *arrival = r->state;
    const struct str *payloads = arrival->payloads.at;
    int64_t counts[DELIVERY_OUTCOME_COUNT] = { 0 };
    struct connection connection;
    struct reception reception;

    arrival->submissions =
        ARENA_ARRAY(r->arena, struct call_submission, arrival->payloads.count + 1);
    arrival->n_submissions = 0;
    if (!begin_reception(r, &connection, &reception)) return false;
    for (size_t i = 0; i < arrival->payloads.count; i++) {
        struct call_submission *submission = &arrival->submissions[arrival->n_submissions];
        enum delivery_outcome outcome;
        if (!delivery_receive(r->tx, &reception, payloads[i], &outcome, submission)) return false;
        counts[outcome]++;
        arrival->n_submissions += submission->outcome != CALL_OUTCOME_COUNT;
    }
    arrival->n_without_room = counts[DELIVERY_HAS_NO_ROOM];
    return request_reply(r, 200, receipt_fields,
                         &(struct receipt){ .accepted = counts[DELIVERY_IS_ACCEPTED],
                                            .duplicates = counts[DELIVERY_IS_DUPLICATE],
                                            .unmatched = counts[DELIVERY_IS_UNMATCHED],
                                            .ignored = counts[DELIVERY_IS_IGNORED] });
}

/* People are not as fast as the store, so it is no use to come back at once. */
static bool send_again(struct request *r, int64_t n)
{
    r->response.retry_after_seconds = COME_BACK_SECONDS;
    return fail(
        &r->problem, REASON_TOO_MANY_UNMATCHED, NULL,
        "%lld calls wait already for somebody to say whose they are, and no more may: %lld of"
        " these were not kept. Assign or dismiss some in the console, under Unmatched calls;"
        " then send all of this again.",
        (long long)limits()->unmatched_calls, (long long)n);
}

/* All that could be charged is, durably, also when something else in the body had no room. */
static bool conclude(struct request *r)
{
    const struct arrival *arrival = r->state;

    calls_count(arrival->submissions, arrival->n_submissions);
    return arrival->n_without_room == 0 || send_again(r, arrival->n_without_room);
}

/* clang-format off */
const struct route engine_webhook_routes[] = {
    {POST, "/webhooks/engines/{token}", CAN_ANYONE, {{READ, open_message}, {WRITE, receive}, {INLINE, conclude}},
     .decode = keep_message, .query = webhook_query_fields, .query_size = sizeof(struct webhook_query),
     .flags = ROUTE_NO_ORIGIN, .name = "receiveEngineWebhook"},
    ROUTE_END,
};
/* clang-format on */
