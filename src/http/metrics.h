/* Counters for /metrics: lock-free while counting, Prometheus's text format when read. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "base/str.h"
#include "http/route.h"

struct metrics;

struct metrics *metrics_new(size_t routes);
void metrics_free(struct metrics *metrics);

/* One answered request; `route` SIZE_MAX when none matched. */
void metrics_count(struct metrics *metrics, size_t route, int status, int64_t duration_us);

/* Requests and latencies by route. */
void metrics_write(const struct metrics *metrics, const struct router *router, struct buffer *out);

#endif
