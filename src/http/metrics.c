#include "http/metrics.h"

#include "base/hash.h"
#include "base/time.h"
#include "engine/calls.h"
#include "engine/jobs.h"
#include "engine/mail.h"
#include "engine/writer.h"
#include "http/exchange.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_CLASSES = 5 };

static const int64_t bucket_limits_us[] = { 500,   1000,   2500,   5000,    10000,  25000,
                                            50000, 100000, 250000, 1000000, 5000000 };
enum { BUCKETS = COUNT_OF(bucket_limits_us) + 1 };

struct route_metrics {
    atomic_uint_fast64_t by_class[STATUS_CLASSES];
    atomic_uint_fast64_t buckets[BUCKETS];
    atomic_uint_fast64_t total_us;
};

struct metrics {
    size_t n_routes;
    struct route_metrics *routes; /* the last one: requests that matched none */
};

struct metrics *metrics_new(size_t routes)
{
    struct metrics *metrics = calloc(1, sizeof(*metrics));

    assert(metrics != NULL);
    metrics->n_routes = routes;
    metrics->routes = calloc(routes + 1, sizeof(*metrics->routes));
    assert(metrics->routes != NULL);
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    free(metrics->routes);
    free(metrics);
}

static void add(atomic_uint_fast64_t *counter, uint64_t amount)
{
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, size_t route, int status, int64_t duration_us)
{
    struct route_metrics *of =
        &metrics->routes[route < metrics->n_routes ? route : metrics->n_routes];
    int class = status / 100 - 1;
    size_t bucket = 0;

    while (bucket < COUNT_OF(bucket_limits_us) && duration_us > bucket_limits_us[bucket])
        bucket++;
    add(&of->by_class[class >= 0 && class < STATUS_CLASSES ? class : STATUS_CLASSES - 1], 1);
    add(&of->buckets[bucket], 1);
    add(&of->total_us, duration_us > 0 ? (uint64_t)duration_us : 0);
}

static const char *name_of(const struct metrics *metrics, const struct router *router, size_t route)
{
    return route < metrics->n_routes ? router_at(router, route)->name : "none";
}

static void write_counts(const struct metrics *metrics, const struct router *router,
                         struct buffer *out)
{
    buffer_add_c(
        out,
        "# HELP mb_http_requests_total Requests answered.\n# TYPE mb_http_requests_total counter\n");
    for (size_t i = 0; i <= metrics->n_routes; i++) {
        for (int class = 0; class < STATUS_CLASSES; class ++) {
            uint64_t count = atomic_load(&metrics->routes[i].by_class[class]);
            if (count > 0)
                buffer_add_format(
                    out, "mb_http_requests_total{route=\"%s\",status=\"%dxx\"} %llu\n",
                    name_of(metrics, router, i), class + 1, (unsigned long long)count);
        }
    }
}

static void write_latencies(const struct metrics *metrics, const struct router *router,
                            struct buffer *out)
{
    buffer_add_c(out,
                 "# HELP mb_http_request_seconds Time from a request's first byte to its answer.\n"
                 "# TYPE mb_http_request_seconds histogram\n");
    for (size_t i = 0; i <= metrics->n_routes; i++) {
        const struct route_metrics *of = &metrics->routes[i];
        const char *name = name_of(metrics, router, i);
        uint64_t sum = 0, all = 0;
        for (size_t b = 0; b < BUCKETS; b++)
            all += atomic_load(&of->buckets[b]);
        for (size_t b = 0; all > 0 && b < COUNT_OF(bucket_limits_us); b++) {
            sum += atomic_load(&of->buckets[b]);
            buffer_add_format(out, "mb_http_request_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n",
                              name, (double)bucket_limits_us[b] / 1e6, (unsigned long long)sum);
        }
        if (all > 0)
            buffer_add_format(out,
                              "mb_http_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n"
                              "mb_http_request_seconds_sum{route=\"%s\"} %.6f\n"
                              "mb_http_request_seconds_count{route=\"%s\"} %llu\n",
                              name, (unsigned long long)all, name,
                              (double)atomic_load(&of->total_us) / 1e6, name,
                              (unsigned long long)all);
    }
}

void metrics_write(const struct metrics *metrics, const struct router *router, struct buffer *out)
{
    write_counts(metrics, router, out);
    write_latencies(metrics, router, out);
}

static void write_one(struct buffer *out, const char *name, const char *type, const char *help,
                      double value)
{
    buffer_add_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name,
                      value);
}

static double resident_bytes(void)
{
    char line[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");

    if (file != NULL) {
        if (fgets(line, sizeof(line), file) == NULL) line[0] = '\0';
        fclose(file);
    }
    /* In pages: the program's size, what of it is resident, ... */
    long long resident = strtoll(line + strcspn(line, " "), NULL, 10);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void write_outbox(struct buffer *out)
{
    struct mail_stats mail = mail_stats();

    write_one(out, "mb_outbox_waiting", "gauge", "Mails that wait to be sent, on any node.",
              (double)mail.waiting);
    write_one(out, "mb_outbox_dead_letters", "gauge",
              "Mails that were given up in the last 30 days, on any node.",
              (double)mail.failed_kept);
    write_one(out, "mb_outbox_sent_total", "counter", "Mails that a server took.",
              (double)mail.sent);
    write_one(out, "mb_outbox_retried_total", "counter", "Tries that were put off.",
              (double)mail.retried);
    write_one(out, "mb_outbox_failed_total", "counter", "Mails given up.", (double)mail.failed);
    write_one(out, "mb_outbox_dropped_total", "counter",
              "Mails that had become pointless before they were sent.", (double)mail.dropped);
}

static void write_by_kind(struct buffer *out, const char *name, const char *help,
                          const struct job_stats *stats,
                          int64_t (*figure)(const struct job_stats *))
{
    buffer_add_format(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++)
        buffer_add_format(out, "%s{kind=\"%s\"} %lld\n", name, job_kind_names[kind],
                          (long long)figure(&stats[kind]));
}

static int64_t jobs_waiting(const struct job_stats *stats)
{
    return stats->counts.waiting;
}

static int64_t jobs_are_due(const struct job_stats *stats)
{
    return stats->counts.due;
}

static int64_t jobs_dead(const struct job_stats *stats)
{
    return stats->counts.dead;
}

static int64_t jobs_oldest_seconds(const struct job_stats *stats)
{
    instant_t oldest = stats->counts.oldest_due_at, now = clock_now();

    return oldest == INSTANT_NONE || oldest > now ? 0 : (now - oldest) / MICROS_PER_SECOND;
}

static void write_jobs(struct buffer *out)
{
    struct job_stats stats[JOB_KIND_COUNT];

    jobs_stats(stats);
    write_by_kind(out, "mb_jobs_waiting", "Jobs that wait for their time or are due.", stats,
                  jobs_waiting);
    write_by_kind(out, "mb_jobs_due", "Jobs that could be done now, on any node.", stats,
                  jobs_are_due);
    write_by_kind(out, "mb_jobs_dead", "Jobs that were given up, until somebody tries them again.",
                  stats, jobs_dead);
    write_by_kind(out, "mb_jobs_oldest_due_seconds",
                  "How long the one due the longest has been so.", stats, jobs_oldest_seconds);
    buffer_add_c(out,
                 "# HELP mb_jobs_runs_total Runs of jobs on this node, by how they ended.\n"
                 "# TYPE mb_jobs_runs_total counter\n");
    for (int kind = 0; kind < JOB_KIND_COUNT; kind++) {
        for (int ending = 0; ending < JOB_ENDING_COUNT; ending++)
            buffer_add_format(out, "mb_jobs_runs_total{kind=\"%s\",ended=\"%s\"} %llu\n",
                              job_kind_names[kind], job_ending_names[ending],
                              (unsigned long long)stats[kind].endings[ending]);
    }
}

static void write_pool(struct buffer *out, const char *name, struct pool *pool)
{
    struct pool_stats stats = pool_stats(pool);

    buffer_add_format(out, "mb_pool_queue{pool=\"%s\"} %zu\n", name, stats.queued);
    buffer_add_format(out, "mb_pool_refused_total{pool=\"%s\"} %llu\n", name,
                      (unsigned long long)stats.refused);
}

/* What holds a flood back, beside the writers' queue. */
static void write_load(struct server *server, struct buffer *out)
{
    struct budget_stats memory = budget_stats(server->budget);

    buffer_add_c(out,
                 "# HELP mb_pool_queue Requests waiting for a thread of the pool.\n"
                 "# TYPE mb_pool_queue gauge\n"
                 "# HELP mb_pool_refused_total Requests refused because its queue, or their "
                 "sender's share of it, was full.\n"
                 "# TYPE mb_pool_refused_total counter\n");
    write_pool(out, "readers", server->readers);
    write_pool(out, "hashing", server->hashers);
    write_one(out, "mb_request_memory_bytes", "gauge", "Memory of large requests on their way.",
              (double)memory.used);
    write_one(out, "mb_request_memory_refused_total", "counter",
              "Requests refused because it, or their sender's share of it, was used up.",
              (double)memory.refused);
    write_one(out, "mb_agency_requests_refused_total", "counter",
              "Requests of agencies that sent more in a second than they may.",
              (double)rates_refused(server->rates));
}

static void write_events(struct server *server, struct buffer *out)
{
    struct events_stats events = events_stats(server->events);

    write_one(out, "mb_events_listeners", "gauge", "Who listens to live events on this node.",
              (double)events.listeners);
    write_one(out, "mb_events_kept_bytes", "gauge", "Events kept for those who come back.",
              (double)events.bytes);
    write_one(out, "mb_events_total", "counter", "Live events made on this node.",
              (double)events.made);
    write_one(out, "mb_events_reads_total", "counter", "Reads of the store for them.",
              (double)events.reads);
    write_one(
        out, "mb_events_resets_total", "counter",
        "Listeners, or rings of agencies, that had missed something and were told to start afresh.",
        (double)events.resets);
    write_one(out, "mb_events_refused_total", "counter", "Listeners refused: there were too many.",
              (double)events.refused);
    write_one(out, "mb_events_cut_off_total", "counter",
              "Listeners cut off, as they may not listen any more.", (double)events.cut_off);
}

void server_metrics(struct server *server, struct buffer *out)
{
    struct writer_stats writer = writer_stats(server->writer);
    struct calls_stats calls = calls_stats();

    metrics_write(server->metrics, server->router, out);
    write_one(out, "mb_writer_queue", "gauge", "Requests waiting for a writer.",
              (double)writer.queued);
    write_one(out, "mb_writer_senders", "gauge", "Agencies and addresses whose requests these are.",
              (double)writer.senders);
    write_one(out, "mb_writer_refused_total", "counter",
              "Requests refused because the queue, or their sender's share of it, was full.",
              (double)writer.refused);
    write_one(out, "mb_writer_groups_total", "counter", "Transactions of the writers.",
              (double)writer.groups);
    write_one(out, "mb_writer_jobs_total", "counter", "Requests in them.", (double)writer.jobs);
    write_one(out, "mb_writer_failed_groups_total", "counter", "Transactions that failed whole.",
              (double)writer.failed_groups);
    write_one(out, "mb_writer_retries_total", "counter", "Transactions run again.",
              (double)writer.retries);
    write_one(out, "mb_writer_bets_won_total", "counter",
              "Transactions that took all their calls for new, and were right.",
              (double)writer.bets_won);
    write_one(out, "mb_writer_bets_lost_total", "counter",
              "Such transactions that met a known call and were run again.",
              (double)writer.bets_lost);
    write_one(out, "mb_writer_largest_group", "gauge", "Most requests in one transaction.",
              (double)writer.largest_group);
    write_one(out, "mb_writer_commit_seconds_total", "counter", "Time in commits.",
              (double)writer.commit_us_total / 1e6);
    write_one(out, "mb_writer_run_seconds_total", "counter", "Time in transactions before commits.",
              (double)writer.run_us_total / 1e6);
    write_load(server, out);
    write_one(out, "mb_calls_charged_total", "counter", "Call records charged.",
              (double)calls.charged);
    write_one(out, "mb_calls_duplicate_total", "counter", "Call records that were known already.",
              (double)calls.duplicates);
    write_one(out, "mb_calls_conflict_total", "counter",
              "Call records whose id was known with other content.", (double)calls.conflicts);
    write_one(out, "mb_calls_rejected_total", "counter", "Call records that could not be charged.",
              (double)calls.rejected);
    write_outbox(out);
    write_jobs(out);
    write_events(server, out);
    write_one(out, "mb_passwords_verified_total", "counter", "Passwords checked by their hash.",
              (double)passwords_verified());
    write_one(out, "mb_resident_bytes", "gauge", "Memory in use.", resident_bytes());
    buffer_add_format(out,
                      "# HELP mb_build_info Version and store.\n# TYPE mb_build_info gauge\n"
                      "mb_build_info{version=\"%s\",store=\"%s\"} 1\n",
                      MINUTEBANK_VERSION, db_kind(server->db) == DB_SQLITE ? "sqlite" : "postgres");
}
