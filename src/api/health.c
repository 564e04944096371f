/* Is it alive, can it answer, how does it do (api.md "health"). */
#include "api/routes.h"
#include "http/request.h"
#include "http/server.h"
#include "store/agencies.h"

enum { METRICS_BYTES = 16 * 1024 };

struct health {
    struct str status;
};

/* clang-format off */
static const struct field health_fields[] = {
    FIELD_TEXT(struct health, status),
    FIELD_END,
};
/* clang-format on */

static bool reply_ok(struct request *r)
{
    static const struct health health = { STR("ok") };

    return request_reply(r, 200, health_fields, &health);
}

static bool store_reads(struct request *r)
{
    int64_t agencies;

    return agencies_count(r->tx, &agencies);
}

/* Nothing is written, but the writer had to take the request and begin a transaction for it. */
static bool store_takes_writes(struct request *r)
{
    return reply_ok(r);
}

static bool metrics(struct request *r)
{
    struct buffer text = buffer_new(r->arena, METRICS_BYTES);

    server_metrics(r->server, &text);
    return request_reply_text(r, 200, "text/plain; version=0.0.4; charset=utf-8",
                              buffer_str(&text));
}

/* clang-format off */
const struct route health_routes[] = {
    {GET, "/healthz", CAN_ANYONE, {{INLINE, reply_ok}}, .name = "getHealth"},
    {GET, "/readyz", CAN_ANYONE, {{READ, store_reads}, {WRITE, store_takes_writes}}, .name = "getReadiness"},
    {GET, "/metrics", CAN_ANYONE, {{INLINE, metrics}}, .flags = ROUTE_METRICS, .name = "getMetrics"},
    ROUTE_END,
};
/* clang-format on */
