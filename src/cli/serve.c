#include "cli/command.h"
#include "cli/secret_key.h"

#include "api/routes.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/log.h"
#include "cli/mail_options.h"
#include "domain/limits.h"
#include "engine/mail.h"
#include "http/server.h"
#include "integrations/test_cards.h"
#include "jobs/expiry.h"
#include "jobs/janitor.h"
#include "jobs/outbox.h"
#include "jobs/scheduler.h"
#include "store/agencies.h"
#include "store/ids.h"
#include "store/migrations.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

enum {
    METRICS_TOKEN_LEAST = 16,
    MEMORY_KEPT_BYTES = 32 << 20,
    LISTENERS_SETTING_MAX = 3500, /* each takes one of the 4,096 connections (http/server.c) */
};

struct serve_settings {
    struct common_settings common;
    struct str listen, public_url, metrics_token_file, secret_key_file, trusted_proxies;
    int64_t http_threads, reader_threads, writer_threads, batch_records, request_memory, node;
    struct limits limits;
    struct mail_options mail;
    bool test_clock;
    struct str test_cards;
};

/* clang-format off */
static const struct option serve_options[] = {
    {.name = "listen", .type = OPTION_TEXT, .offset = offsetof(struct serve_settings, listen),
     .default_text = "127.0.0.1:8080", .placeholder = "HOST:PORT", .help = "where to listen; port 0 picks a free one"},
    {.name = "public-url", .type = OPTION_TEXT, .offset = offsetof(struct serve_settings, public_url),
     .placeholder = "URL", .help = "the address people use, as https://minutes.example.com"},
    {.name = "trusted-proxies", .type = OPTION_TEXT, .offset = offsetof(struct serve_settings, trusted_proxies),
     .placeholder = "ADDRESSES", .help = "proxies whose X-Forwarded-For counts, separated by commas"},
    {.name = "metrics-token-file", .type = OPTION_TEXT, .offset = offsetof(struct serve_settings, metrics_token_file),
     .placeholder = "FILE", .help = "holds the bearer token for /metrics; without it only loopback may read them"},
    {.name = "secret-key-file", .type = OPTION_TEXT, .offset = offsetof(struct serve_settings, secret_key_file),
     .placeholder = "FILE", .help = "what secrets in the store are sealed with, the same on each node; default: beside the SQLite file"},
    {.name = "http-threads", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, http_threads),
     .max = 256, .placeholder = "N", .help = "threads that serve connections; 0: one per core"},
    {.name = "reader-threads", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, reader_threads),
     .max = 256, .placeholder = "N", .help = "threads that read the store; 0: one per core, at least 2"},
    {.name = "writer-threads", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, writer_threads),
     .max = 64, .placeholder = "N", .help = "PostgreSQL only: writers; 0: 2"},
    {.name = "batch-records", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, batch_records),
     .default_text = "1000", .min = 1, .max = 10000, .placeholder = "N",
     .help = "call records in one request at most"},
    {.name = "request-memory", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, request_memory),
     .default_text = "512", .min = 1, .max = 65536, .placeholder = "MB",
     .help = "memory of the large requests on their way, of which one sender has half at most; beyond it they wait outside"},
    {.name = "call-seconds", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.call_seconds),
     .default_text = "86400", .min = 1, .max = CALL_DURATION_MAX, .placeholder = "N",
     .help = "talk time of a call at most; longer ones are rejected"},
    {.name = "hold-seconds", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.hold_seconds),
     .default_text = "86400", .min = 1, .max = RESERVATION_SECONDS_MAX, .placeholder = "N",
     .help = "held for a call by one question at most"},
    {.name = "extension-seconds", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.extension_seconds),
     .default_text = "86400", .min = 1, .max = RESERVATION_SECONDS_MAX, .placeholder = "N",
     .help = "the same of one extension"},
    {.name = "clock-skew", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.clock_skew_seconds),
     .default_text = "300", .max = CALL_DURATION_MAX, .placeholder = "SECONDS",
     .help = "how far ahead of ours an engine's clock may be"},
    {.name = "record-days", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.record_days),
     .default_text = "3660", .min = 1, .max = 3660, .placeholder = "N",
     .help = "how long ago a call may have begun that is recorded now"},
    {.name = "agency-requests", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.agency_requests),
     .max = 1000000, .placeholder = "N",
     .help = "requests of an agency in a second at most; 0: any number"},
    {.name = "listeners", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.listeners),
     .default_text = "2000", .min = 1, .max = LISTENERS_SETTING_MAX, .placeholder = "N",
     .help = "who listens to live events of this node at most"},
    {.name = "agency-listeners", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.agency_listeners),
     .default_text = "1000", .min = 1, .max = LISTENERS_SETTING_MAX, .placeholder = "N",
     .help = "the same of one agency"},
    {.name = "unmatched-calls", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, limits.unmatched_calls),
     .default_text = "10000", .min = 1, .max = 1000000, .placeholder = "N",
     .help = "calls of an agency at most that wait for somebody to say whose they are; then engines are told to come again"},
    {.name = "node", .type = OPTION_INTEGER, .offset = offsetof(struct serve_settings, node), .max = 1023,
     .placeholder = "N", .help = "this node's number, 0 to 1023; different on each node of one store"},
    MAIL_OPTIONS(struct serve_settings, mail),
    {.name = "test-clock", .type = OPTION_SWITCH, .offset = offsetof(struct serve_settings, test_clock),
     .help = "for tests on loopback only: the time can be set, passwords hash fast, test cards are taken"},
    {.name = "test-cards", .type = OPTION_TEXT, .offset = offsetof(struct serve_settings, test_cards),
     .placeholder = "FILE", .help = "for tests: where the test cards' processor keeps its book, which outlives the server"},
    COMMON_OPTIONS,
    OPTION_END,
};
/* clang-format on */

/* What a running server holds, in the order in which it is opened. */
struct serving {
    struct db *db;
    struct mailer *mailer;       /* NULL: mail is not configured */
    struct payments *test_cards; /* NULL: without a test clock */
    struct server *server;
    struct janitor *janitor;
    struct expiry *expiry;
    struct outbox *outbox;
    struct scheduler *scheduler;
};

static bool read_token(struct command_run *run, struct str path, struct str *out)
{
    if (str_is_absent(path)) return true;
    if (!read_secret_file(run, "metrics-token-file", path, out)) return false;
    return out->len >= METRICS_TOKEN_LEAST
        || fail(&run->problem, REASON_BAD_REQUEST, NULL,
                "--metrics-token-file: the token is shorter than %d bytes", METRICS_TOKEN_LEAST);
}

static bool is_loopback(struct str listen)
{
    return str_starts_with(listen, STR("127.")) || str_starts_with(listen, STR("[::1]"))
        || str_starts_with(listen, STR("localhost:"));
}

static bool build_settings(struct command_run *run, struct server_settings *out)
{
    const struct serve_settings *settings = run->settings;

    *out = (struct server_settings){
        .listen = settings->listen,
        .public_url = settings->public_url,
        .trusted_proxies = settings->trusted_proxies,
        .http_threads = (size_t)settings->http_threads,
        .reader_threads = (size_t)settings->reader_threads,
        .writer_threads = (size_t)settings->writer_threads,
        .batch_records_max = (size_t)settings->batch_records,
        .request_memory_bytes = (size_t)settings->request_memory << 20,
        .test_clock = settings->test_clock,
        .routes = api_routes,
    };
    limits_settle(&settings->limits);
    if (settings->test_clock && !is_loopback(settings->listen))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL,
                    "--test-clock needs --listen on loopback");
    if (settings->test_clock) password_set_cost(PASSWORD_COST_TEST);
    return read_token(run, settings->metrics_token_file, &out->metrics_token);
}

static bool open_mail(struct command_run *run, struct serving *serving)
{
    const struct serve_settings *settings = run->settings;

    if (!mail_options_open(run, &settings->mail, &serving->mailer)) return false;
    mail_set_configured(serving->mailer != NULL);
    if (settings->mail.dev_mail)
        log_event(LOG_WARN, "dev_mail_on",
                  LOG_TEXT("detail", STR("mail is printed here, with its links, and not sent")));
    return true;
}

static bool open_test_cards(struct command_run *run, struct serving *serving)
{
    const struct serve_settings *settings = run->settings;

    if (!settings->test_clock && !str_is_absent(settings->test_cards))
        return fail(&run->problem, REASON_BAD_REQUEST, NULL, "--test-cards needs --test-clock");
    if (!settings->test_clock) return true;
    serving->test_cards = test_cards_new(settings->test_cards, &run->problem);
    payments_use(PROVIDER_TEST, serving->test_cards);
    return serving->test_cards != NULL;
}

/* What the store says about itself: whether it needs to be set up, and whether it is a demo. */
static bool look_at_store(struct command_run *run, struct db *db, struct server_settings *settings)
{
    struct tx *tx = db_connect(db, DB_READER, &run->problem);
    struct str demo = STR_NONE;
    int64_t agencies = 0;

    if (tx == NULL) return false;
    bool read = tx_begin(tx, run->arena, &run->problem, 0) && agencies_count(tx, &agencies)
        && store_fact_find(tx, STR("demo"), &demo) && ids_resume(tx);
    tx_rollback(tx);
    db_disconnect(tx);
    settings->demo = !str_is_absent(demo);
    if (read && agencies == 0) settings->setup_token = token_new(run->arena);
    return read;
}

static void start_outbox(struct serving *serving, const struct serve_settings *settings)
{
    if (serving->mailer == NULL) return;
    if (str_is_absent(settings->public_url) && !settings->mail.dev_mail)
        log_event(
            LOG_WARN, "mail_without_public_url",
            LOG_TEXT("detail", STR("links in mails lead to this machine: give --public-url")));
    serving->outbox = outbox_start(&(struct outbox_settings){
        .db = serving->db,
        .writer = server_writer(serving->server),
        .mailer = serving->mailer,
        .origin = server_origin(serving->server),
    });
}

static bool start(struct command_run *run, struct serving *serving,
                  struct server_settings *settings)
{
    const struct serve_settings *own = run->settings;

    id_set_node((unsigned)own->node);
    serving->db = db_open(own->common.store, DB_OPEN_CREATE, &run->problem);
    if (serving->db == NULL || !store_migrate(serving->db, &run->problem, NULL)
        || !look_at_store(run, serving->db, settings)
        || !secret_key_settle(run, serving->db, own->secret_key_file, &settings->secret_key))
        return false;
    serving->server = server_start(serving->db, settings, &run->problem);
    if (serving->server == NULL) return false;
    serving->janitor = janitor_start(server_writer(serving->server));
    serving->expiry = expiry_start(serving->db, server_writer(serving->server));
    start_outbox(serving, own);
    serving->scheduler = scheduler_start(&(struct scheduler_settings){
        .db = serving->db, .writer = server_writer(serving->server), .works = job_works });
    return true;
}

static void stop(struct serving *serving)
{
    if (serving->scheduler != NULL) scheduler_stop(serving->scheduler);
    if (serving->outbox != NULL) outbox_stop(serving->outbox);
    if (serving->expiry != NULL) expiry_stop(serving->expiry);
    if (serving->janitor != NULL) janitor_stop(serving->janitor);
    if (serving->server != NULL) server_stop(serving->server);
    if (serving->mailer != NULL) serving->mailer->free(serving->mailer);
    if (serving->test_cards != NULL) serving->test_cards->free(serving->test_cards);
    if (serving->db != NULL) db_close(serving->db);
}

static void announce(const struct serving *serving, const struct server_settings *settings)
{
    struct str address = server_address(serving->server);

    printf("listening on http://%.*s\n", STR_ARG(address));
    if (!str_is_absent(settings->setup_token) && str_is_absent(settings->public_url))
        printf("set up at http://%.*s/setup#token=%.*s\n", STR_ARG(address),
               STR_ARG(settings->setup_token));
    else if (!str_is_absent(settings->setup_token))
        printf("set up at %.*s/setup#token=%.*s\n", STR_ARG(settings->public_url),
               STR_ARG(settings->setup_token));
    fflush(stdout);
}

/* A batch of calls takes megabytes and gives them back at once. By itself malloc returns them to the kernel, to fault
   the same pages in again with the next batch. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT_BYTES);
    mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT_BYTES);
}

static int serve(struct command_run *run)
{
    struct serving serving = { 0 };
    struct server_settings settings;
    sigset_t ending;
    int received;

    if (!build_settings(run, &settings) || !open_mail(run, &serving)
        || !open_test_cards(run, &serving))
        return EXIT_USAGE;
    keep_memory();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full store, not the end */
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending,
                    NULL); /* inherited by all threads: only sigwait below takes them */
    bool started = start(run, &serving, &settings);
    if (started) {
        announce(&serving, &settings);
        sigwait(&ending, &received);
        log_event(LOG_INFO, "stopping", LOG_INT("signal", received));
    }
    stop(&serving);
    return started ? EXIT_FINE : EXIT_FAILED;
}

const struct command serve_command = {
    .name = "serve",
    .summary = "serves the API and the console",
    .usage = "[--listen HOST:PORT] [--store URL] [--public-url URL]",
    .about =
        "Brings the store to this version's schema first. On an empty store it prints a one-time set-up link.\n"
        "Ready when it prints \"listening on http://HOST:PORT\". SIGTERM finishes what is under way and exits 0.",
    .options = serve_options,
    .settings_size = sizeof(struct serve_settings),
    .run = serve,
};
