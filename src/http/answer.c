/* Answers: what a handler replied, or what went wrong as application/problem+json (RFC 9457). */
#include "http/exchange.h"

#include "base/json.h"
#include "base/log.h"
#include "base/time.h"

#include <strings.h>
#include <zlib.h>

enum {
    GZIP_LEAST_BYTES = 1024,
    GZIP_LEVEL = 1,
    GZIP_WINDOW = 15 + 16,
    GZIP_MEMORY = 8,
    SLOW_US = 1000000
};

static const char *status_title(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 409, "Conflict" },
        { 413, "Content Too Large" },
        { 415, "Unsupported Media Type" },
        { 422, "Unprocessable Content" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 503, "Service Unavailable" },
    };

    for (size_t i = 0; i < COUNT_OF(titles); i++) {
        if (titles[i].status == status) return titles[i].title;
    }
    return "Internal Server Error";
}

static void write_member(struct buffer *out, const char *name, struct str text)
{
    buffer_add_format(out, ",\"%s\":", name);
    json_write_string(out, text);
}

static void write_field_problems(struct buffer *out, const struct problem *problem)
{
    buffer_add_c(out, ",\"errors\":[");
    for (size_t i = 0; i < problem->n_fields; i++) {
        const struct field_problem *field = &problem->fields[i];
        buffer_add_c(out, i == 0 ? "{\"field\":" : ",{\"field\":");
        json_write_string(out, field->field);
        write_member(out, "code", str_from_c(reason_code(field->reason)));
        write_member(out, "detail", field->detail);
        buffer_add_byte(out, '}');
    }
    buffer_add_byte(out, ']');
}

/* 5xx say a request id and nothing else: what happened is in the log. */
static void reply_problem(struct request *r)
{
    const struct problem *problem = &r->problem;
    int status = reason_status(problem->reason);
    bool is_ours = status >= 500;
    struct buffer body = buffer_new(r->arena, 512);

    buffer_add_c(&body, "{\"type\":\"about:blank\"");
    write_member(&body, "title", str_from_c(status_title(status)));
    buffer_add_format(&body, ",\"status\":%d", status);
    write_member(&body, "code", str_from_c(reason_code(problem->reason)));
    write_member(&body, "detail",
                 is_ours ? str_from_c(reason_sentence(problem->reason)) : problem_detail(problem));
    if (is_ours)
        buffer_add_c(&body, ",\"errors\":[]");
    else
        write_field_problems(&body, problem);
    write_member(&body, "request_id", r->id);
    buffer_add_byte(&body, '}');
    r->response.set_cookie = STR_NONE;
    r->response.location = STR_NONE;
    if (r->response.retry_after_seconds == 0 && (status == 503 || status == 429))
        r->response.retry_after_seconds = 1;
    request_reply_text(r, status, "application/problem+json", buffer_str(&body));
}

static void log_answer(const struct exchange *exchange, int64_t duration_us)
{
    const struct request *r = &exchange->request;
    int status = r->response.status;
    enum log_level level = status >= 500 ? LOG_ERROR : duration_us > SLOW_US ? LOG_WARN : LOG_DEBUG;

    if (!log_enabled(level)) return;
    struct str path = exchange->path;
    struct str shown = STR_NONE;
    str_split(&path, '?', &shown);
    /* The path of one that brings a proof of its own has a secret in it. */
    if (r->route != NULL && (r->route->flags & ROUTE_NO_ORIGIN) != 0)
        shown = str_from_c(r->route->path);
    log_event(
        level, "request", LOG_TEXT("id", r->id),
        LOG_TEXT("route", str_from_c(r->route != NULL ? r->route->name : "none")),
        LOG_TEXT("path", shown), LOG_INT("status", status), LOG_INT("duration_us", duration_us),
        LOG_TEXT("address", r->client_address),
        LOG_TEXT("problem", problem_is_set(&r->problem) ? problem_detail(&r->problem) : STR("")),
        LOG_TEXT("at", str_from_c(r->problem.file != NULL ? r->problem.file : "")),
        LOG_INT("line", r->problem.line));
}

bool accepts_gzip(const struct exchange *exchange)
{
    struct str rest = exchange->accept_encoding, one;

    while (str_split(&rest, ',', &one)) {
        one = str_trim(one);
        if (str_starts_with(one, STR("gzip"))) return !str_ends_with(one, STR("q=0"));
    }
    return false;
}

/* The body compressed into the arena; false when it did not get smaller. */
static bool compress_body(struct request *r)
{
    const struct buffer *body = &r->response.body;
    z_stream stream = { 0 };

    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY)
        != Z_OK)
        return false;
    char *out = arena_alloc_raw(r->arena, body->len);
    stream.next_in = (unsigned char *)body->at;
    stream.avail_in = (unsigned)body->len;
    stream.next_out = (unsigned char *)out;
    stream.avail_out = (unsigned)body->len;
    bool smaller = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    size_t len = stream.total_out;
    deflateEnd(&stream);
    if (smaller)
        r->response.body =
            (struct buffer){ .arena = r->arena, .at = out, .len = len, .capacity = len };
    return smaller;
}

static void add_header(struct MHD_Response *response, struct arena *arena, const char *name,
                       struct str value)
{
    if (!str_is_absent(value)) MHD_add_response_header(response, name, str_to_c(arena, value));
}

static void add_headers(struct exchange *exchange, struct MHD_Response *response, bool compressed)
{
    struct request *r = &exchange->request;

    if (r->response.content_type != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->response.content_type);
    if (compressed) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    if (r->response.body.len >= GZIP_LEAST_BYTES || compressed)
        MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    add_header(response, r->arena, "X-Request-Id", r->id);
    add_header(response, r->arena, MHD_HTTP_HEADER_LOCATION, r->response.location);
    add_header(response, r->arena, MHD_HTTP_HEADER_SET_COOKIE, r->response.set_cookie);
    add_header(response, r->arena, "Content-Disposition", r->response.content_disposition);
    if (exchange->replayed) MHD_add_response_header(response, "Idempotency-Replayed", "true");
    if (r->response.retry_after_seconds > 0)
        add_header(response, r->arena, MHD_HTTP_HEADER_RETRY_AFTER,
                   str_format(r->arena, "%lld", (long long)r->response.retry_after_seconds));
    if (r->response.status == 401)
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
}

/* RFC 9110 §15.5.6: a 405 says which methods there are. */
static void add_allow(const struct exchange *exchange, struct MHD_Response *response)
{
    struct buffer allow = buffer_new(exchange->request.arena, 64);

    for (unsigned method = 0; method < METHOD_COUNT; method++) {
        if ((exchange->match.methods & (1u << method)) != 0)
            buffer_add_format(&allow, "%s%s", allow.len > 0 ? ", " : "", method_names[method]);
    }
    add_header(response, exchange->request.arena, MHD_HTTP_HEADER_ALLOW, buffer_str(&allow));
}

static bool worth_compressing(const struct response *response)
{
    return response->body.len >= GZIP_LEAST_BYTES && response->content_type != NULL;
}

enum MHD_Result answer(struct exchange *exchange)
{
    struct request *r = &exchange->request;

    if (problem_is_set(&r->problem))
        reply_problem(r);
    else if (r->response.status == 0) {
        fail(&r->problem, REASON_INTERNAL, NULL, "the handler gave no answer");
        reply_problem(r);
    }
    bool compressed = worth_compressing(&r->response) && accepts_gzip(exchange) && compress_body(r);
    int64_t duration_us = clock_monotonic_us() - exchange->request.began_us;
    metrics_count(r->server->metrics, r->route != NULL ? exchange->match.index : SIZE_MAX,
                  r->response.status, duration_us);
    log_answer(exchange, duration_us);
    struct MHD_Response *response = r->response.listener != NULL
        ? listening_response(exchange)
        : MHD_create_response_from_buffer(r->response.body.len, r->response.body.at,
                                          MHD_RESPMEM_PERSISTENT);
    if (response == NULL) return MHD_NO;
    add_headers(exchange, response, compressed);
    if (r->response.status == 405) add_allow(exchange, response);
    enum MHD_Result queued =
        MHD_queue_response(exchange->connection, (unsigned)r->response.status, response);
    MHD_destroy_response(response);
    return queued;
}
