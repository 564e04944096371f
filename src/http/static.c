/* The console's files: hashed names are cached for a year, the page is asked for each time by its ETag; every path
   that is no file and no API is the page, which finds its way by itself. */
#include "http/assets.h"
#include "http/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 };

static const char no_console[] = "This server was built without its console. The API is at /v1.\n";

/* Nothing is inline: React sets styles through the DOM, which the policy does not speak of. */
static const char content_policy[] =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'";

void add_page_headers(const struct server *server, struct MHD_Response *response)
{
    MHD_add_response_header(response, "Content-Security-Policy", content_policy);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "Permissions-Policy",
                            "camera=(), microphone=(), geolocation=(), payment=()");
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    if (str_starts_with(server->origin, STR("https://")))
        MHD_add_response_header(response, "Strict-Transport-Security",
                                "max-age=31536000; includeSubDomains");
}

static const struct asset *find_asset(struct str path)
{
    size_t low = 0, high = assets_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(path, str_from_c(assets[middle].path));
        if (order == 0) return &assets[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Whether the last part of a path names a file. */
static bool names_a_file(struct str path)
{
    for (size_t i = path.len; i > 0 && path.at[i - 1] != '/'; i--) {
        if (path.at[i - 1] == '.') return true;
    }
    return false;
}

static enum MHD_Result queue(struct exchange *exchange, int status, struct MHD_Response *response)
{
    add_page_headers(exchange->request.server, response);
    metrics_count(exchange->request.server->metrics, SIZE_MAX, status, 0);
    enum MHD_Result queued = MHD_queue_response(exchange->connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return queued;
}

/* MHD only reads a persistent buffer, though it asks for one that it could write. */
static struct MHD_Response *answer_of(const void *at, size_t len)
{
    return MHD_create_response_from_buffer(len, (void *)at, MHD_RESPMEM_PERSISTENT);
}

/* What is kept packed alone, for the rare client that does not unpack. */
static struct MHD_Response *answer_unpacked(const struct asset *asset)
{
    unsigned char *plain = malloc(asset->plain_len);
    z_stream stream = {
        .next_in = (unsigned char *)asset->gzip,
        .avail_in = (unsigned)asset->gzip_len,
        .next_out = plain,
        .avail_out = (unsigned)asset->plain_len,
    };

    if (plain == NULL || inflateInit2(&stream, GZIP_WINDOW) != Z_OK) {
        free(plain);
        return NULL;
    }
    bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
    inflateEnd(&stream);
    assert(is_whole);
    (void)is_whole;
    return MHD_create_response_from_buffer(asset->plain_len, plain, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result send_asset(struct exchange *exchange, const struct asset *asset)
{
    bool unchanged = str_equal_c(exchange->if_none_match, asset->etag);
    bool zipped = asset->gzip != NULL && accepts_gzip(exchange);
    struct MHD_Response *response = unchanged ? answer_of("", 0)
        : zipped                              ? answer_of(asset->gzip, asset->gzip_len)
        : asset->plain != NULL                ? answer_of(asset->plain, asset->plain_len)
                                              : answer_unpacked(asset);

    if (response == NULL) return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, asset->content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, asset->etag);
    MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                            asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (zipped && !unchanged)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    return queue(exchange, unchanged ? 304 : 200, response);
}

static enum MHD_Result send_no_console(struct exchange *exchange)
{
    struct MHD_Response *response = answer_of(no_console, sizeof(no_console) - 1);

    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    return queue(exchange, 200, response);
}

bool static_answer(struct exchange *exchange, enum MHD_Result *result)
{
    struct str rest = exchange->path, path = STR_NONE;

    str_split(&rest, '?', &path);
    if (str_starts_with(path, STR("/v1/")) || str_equal(path, STR("/v1"))
        || str_starts_with(path, STR("/webhooks/")))
        return false;
    const struct asset *asset = find_asset(path);
    if (asset == NULL && (str_starts_with(path, STR("/assets/")) || names_a_file(path)))
        return false;
    if (asset == NULL) asset = find_asset(STR("/index.html"));
    *result = asset != NULL ? send_asset(exchange, asset) : send_no_console(exchange);
    return true;
}
