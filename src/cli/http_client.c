#include "cli/http_client.h"

#include "base/field.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/time.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TRIES_MAX = 12, /* about two and a half minutes */
    FIRST_PAUSE_MS = 200,
    PAUSE_MS_MAX = 30 * 1000,
    RETRY_AFTER_MS_MAX = 120 * 1000,
    PAUSE_SLICE_MS = 50,
    CONNECT_TIMEOUT_MS = 10 * 1000,
    REPLY_TIMEOUT_MS = 120 * 1000,
    REPLY_BYTES_MAX = 64 * 1024 * 1024,
    KEY_MAX = 256,
};

struct http_client {
    CURL *curl;
    struct curl_slist *headers;
    struct str url;
    bool (*is_stopped)(void);
    struct buffer body; /* of the reply being read */
    char error[CURL_ERROR_SIZE];
};

static size_t take_bytes(const char *at, size_t size, size_t count, void *context)
{
    struct buffer *body = context;

    if (body->len + size * count > REPLY_BYTES_MAX) return 0;
    buffer_add(body, (struct str){ at, size * count });
    return size * count;
}

static bool check_settings(const struct http_client_settings *settings, struct problem *problem)
{
    struct str url = settings->url, key = settings->key;

    if (!str_starts_with(url, STR("http://")) && !str_starts_with(url, STR("https://")))
        return fail(problem, REASON_BAD_REQUEST, NULL, "--url: this is not http://… or https://…");
    if (key.len == 0 || key.len > KEY_MAX)
        return fail(problem, REASON_BAD_REQUEST, NULL,
                    "a server wants an API key: name the file that holds it with --key-file, or set"
                    " MINUTEBANK_KEY");
    for (size_t i = 0; i < key.len; i++) {
        if (key.at[i] <= ' ' || key.at[i] > '~')
            return fail(problem, REASON_BAD_REQUEST, NULL, "the API key is none of ours");
    }
    return true;
}

struct http_client *http_client_open(const struct http_client_settings *settings,
                                     struct arena *arena, struct problem *problem)
{
    struct http_client *client = ARENA_NEW(arena, struct http_client);
    struct str url = settings->url;

    if (!check_settings(settings, problem)) return NULL;
    while (str_ends_with(url, STR("/")))
        url.len--;
    client->url = url;
    client->is_stopped = settings->is_stopped;
    client->curl = curl_easy_init();
    assert(client->curl != NULL);
    struct str authorization =
        str_format(arena, "Authorization: Bearer %.*s", STR_ARG(settings->key));
    client->headers = curl_slist_append(NULL, authorization.at);
    /* Without it libcurl waits for a go-ahead before each large body. */
    client->headers = curl_slist_append(client->headers, "Expect:");
    assert(client->headers != NULL);
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, (long)REPLY_TIMEOUT_MS);
    curl_easy_setopt(client->curl, CURLOPT_USERAGENT, "minutebank/" MINUTEBANK_VERSION);
    curl_easy_setopt(client->curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->error);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_bytes);
    return client;
}

void http_client_close(struct http_client *client)
{
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->curl);
}

static struct curl_slist *headers_with(const struct http_client *client, struct arena *arena,
                                       const char *content_type)
{
    struct curl_slist *headers = NULL;

    for (const struct curl_slist *own = client->headers; own != NULL; own = own->next)
        headers = curl_slist_append(headers, own->data);
    if (content_type != NULL) {
        struct str line = str_format(arena, "Content-Type: %s", content_type);
        headers = curl_slist_append(headers, line.at);
    }
    assert(headers != NULL);
    return headers;
}

static CURLcode perform(struct http_client *client, struct arena *arena, const char *path,
                        const char *content_type, struct str body, struct http_reply *out)
{
    struct str url = str_format(arena, "%.*s%s", STR_ARG(client->url), path);
    struct curl_slist *headers =
        headers_with(client, arena, str_is_absent(body) ? NULL : content_type);

    client->body = buffer_new(arena, 4096);
    client->error[0] = '\0';
    curl_easy_setopt(client->curl, CURLOPT_URL, url.at);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &client->body);
    if (str_is_absent(body)) {
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(client->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body.at);
    }
    CURLcode code = curl_easy_perform(client->curl);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, (struct curl_slist *)NULL);
    curl_slist_free_all(headers);
    out->body = buffer_str(&client->body);
    out->status = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &out->status);
    return code;
}

/* Whether the same may go well later. */
static bool is_passing(CURLcode code, long status)
{
    static const long statuses[] = { 408, 429, 502, 503, 504 };

    switch (code) {
    case CURLE_OK:
        for (size_t i = 0; i < COUNT_OF(statuses); i++) {
            if (status == statuses[i]) return true;
        }
        return false;
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR: return true;
    default: return false;
    }
}

static int64_t pause_ms(const struct http_client *client, int tries)
{
    curl_off_t seconds = 0;
    int64_t pause = FIRST_PAUSE_MS;

    curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0)
        return seconds * 1000 < RETRY_AFTER_MS_MAX ? seconds * 1000 : RETRY_AFTER_MS_MAX;
    while (--tries > 0 && pause < PAUSE_MS_MAX)
        pause *= 2;
    if (pause > PAUSE_MS_MAX) pause = PAUSE_MS_MAX;
    /* Between half of it and all, so that many clients do not come back at once. */
    uint32_t chance;
    rng_secure(&chance, sizeof(chance));
    return pause / 2 + (int64_t)(chance % (uint64_t)(pause / 2 + 1));
}

/* False when it was stopped meanwhile. */
static bool wait_ms(const struct http_client *client, int64_t ms)
{
    int64_t until = clock_monotonic_us() + ms * 1000;
    const struct timespec slice = { .tv_nsec = PAUSE_SLICE_MS * 1000000L };

    while (clock_monotonic_us() < until) {
        if (client->is_stopped()) return false;
        nanosleep(&slice, NULL);
    }
    return !client->is_stopped();
}

static const char *what_went_wrong(const struct http_client *client, CURLcode code)
{
    return client->error[0] != '\0' ? client->error : curl_easy_strerror(code);
}

bool http_client_send(struct http_client *client, struct arena *arena, const char *path,
                      const char *content_type, struct str body, struct http_reply *out,
                      struct problem *problem)
{
    for (int tries = 1;; tries++) {
        CURLcode code = perform(client, arena, path, content_type, body, out);
        if (!is_passing(code, out->status)) {
            return code == CURLE_OK
                || fail(problem, REASON_BAD_REQUEST, NULL, "the server cannot be reached: %s",
                        what_went_wrong(client, code));
        }
        struct str why = code == CURLE_OK ? str_format(arena, "it answers %ld", out->status)
                                          : str_from_c(what_went_wrong(client, code));
        if (tries == TRIES_MAX)
            return fail(problem, REASON_BAD_REQUEST, NULL, "the server was tried %d times: %.*s",
                        TRIES_MAX, STR_ARG(why));
        int64_t pause = pause_ms(client, tries);
        log_event(LOG_WARN, "server_unavailable", LOG_TEXT("why", why),
                  LOG_INT("again_in_ms", pause));
        if (!wait_ms(client, pause))
            return fail(problem, REASON_BAD_REQUEST, NULL,
                        "stopped while the server was away: %.*s", STR_ARG(why));
    }
}

struct http_refusal http_refusal(struct arena *arena, const struct http_reply *reply)
{
    static const struct field fields[] = {
        FIELD_TEXT(struct http_refusal, code, .flags = FIELD_NULLABLE),
        FIELD_TEXT(struct http_refusal, detail, .flags = FIELD_NULLABLE),
        FIELD_END,
    };
    struct http_refusal refusal = { STR_NONE, STR_NONE };
    struct problem problem;
    const struct cJSON *tree;

    problem_init(&problem, arena);
    if (!json_parse(arena, reply->body, &problem, &tree)
        || !fields_from_json(fields, FIELDS_OPEN, arena, tree, STR(""), &problem, &refusal, NULL))
        return (struct http_refusal){ STR_NONE, STR_NONE };
    return refusal;
}
