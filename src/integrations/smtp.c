#include "integrations/smtp.h"

#include "integrations/mime.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CONNECT_SECONDS_MAX = 10, REPLY_MAX = 512, URL_MAX = 1024 };

/* The command that the server answered last, and its answer; not that it said goodbye afterwards. */
struct dialogue {
    char verb[5];
    char reply[REPLY_MAX];
    bool is_over;
};

struct smtp {
    struct mailer mailer; /* first: what callers have */
    CURL *curl;
    struct arena *arena; /* of the settings' copies */
    const char *url, *user, *password, *ca_file;
    int64_t timeout_seconds;
    bool is_insecure, is_local;
    atomic_bool is_interrupted;
    struct dialogue dialogue;
};

/* A message on its way. */
struct upload {
    struct str rest;
};

static size_t give(char *at, size_t size, size_t count, void *context)
{
    struct upload *upload = context;
    size_t n = size * count < upload->rest.len ? size * count : upload->rest.len;

    if (n > 0) memcpy(at, upload->rest.at, n);
    upload->rest = str_sub(upload->rest, n, upload->rest.len);
    return n;
}

/* Each line that the server says; the last one before the end is the answer. */
static size_t take_reply(char *at, size_t size, size_t count, void *context)
{
    struct smtp *smtp = context;
    size_t n = size * count < REPLY_MAX - 1 ? size * count : REPLY_MAX - 1;

    if (smtp->dialogue.is_over) return size * count;
    memcpy(smtp->dialogue.reply, at, n);
    smtp->dialogue.reply[n] = '\0';
    return size * count;
}

/* Only the verbs are looked at: sign-in sends secrets here. */
static int watch(CURL *curl, curl_infotype type, char *at, size_t len, void *context)
{
    static const char *const verbs[] = { "MAIL FROM:", "RCPT TO:", "DATA\r\n" };
    struct smtp *smtp = context;

    (void)curl;
    if (type != CURLINFO_HEADER_OUT) return 0;
    if (len == 6 && memcmp(at, "QUIT\r\n", 6) == 0) smtp->dialogue.is_over = true;
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (len >= strlen(verbs[i]) && memcmp(at, verbs[i], strlen(verbs[i])) == 0)
            memcpy(smtp->dialogue.verb, verbs[i], 4);
    }
    return 0;
}

static int look_whether_to_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c,
                                curl_off_t d)
{
    struct smtp *smtp = context;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(&smtp->is_interrupted) ? 1 : 0;
}

/* Greeting, TLS and sign-in are between the two servers: whatever is wrong there is wrong for every mail, and is put
   right by somebody. What the server says to a mail itself is about that mail. */
enum mail_result smtp_judge(struct str verb, int code)
{
    bool about_mail =
        str_equal_c(verb, "MAIL") || str_equal_c(verb, "RCPT") || str_equal_c(verb, "DATA");

    /* 530: sign in first; 535 and 538: with what; 421: the server is closing. */
    if (!about_mail || code == 421 || code == 530 || code == 535 || code == 538)
        return MAIL_UNREACHABLE;
    return code >= 500 && code < 600 ? MAIL_REJECTED : MAIL_DEFERRED;
}

static bool is_told(struct str word)
{
    return !str_contains_byte(word, '@') && !str_contains(word, STR("://"))
        && !str_contains(word, STR("token"));
}

struct str smtp_cleaned(struct arena *arena, struct str words)
{
    struct buffer out = buffer_new(arena, words.len + 16);
    struct str rest = str_trim(words), word;

    while (str_split(&rest, ' ', &word)) {
        if (out.len > 0) buffer_add_byte(&out, ' ');
        if (!is_told(word)) {
            buffer_add_c(&out, "[...]");
            continue;
        }
        for (size_t i = 0; i < word.len; i++) {
            unsigned char c = (unsigned char)word.at[i];
            buffer_add_byte(&out, c < ' ' || c == 0x7F ? '.' : word.at[i]);
        }
    }
    struct str said = str_cut(buffer_str(&out), MAIL_WHY_MAX);
    return str_is_text(said) ? said : STR("the server's answer is no text");
}

static void set_up_tls(struct smtp *smtp)
{
    bool may_be_plain = smtp->is_insecure || smtp->is_local;
    /* A local server's certificate is its own, unless we are told whom to trust. */
    bool checks = !smtp->is_insecure && (!smtp->is_local || smtp->ca_file != NULL);

    curl_easy_setopt(smtp->curl, CURLOPT_USE_SSL,
                     may_be_plain ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
    curl_easy_setopt(smtp->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(smtp->curl, CURLOPT_SSL_VERIFYPEER, checks ? 1L : 0L);
    curl_easy_setopt(smtp->curl, CURLOPT_SSL_VERIFYHOST, checks ? 2L : 0L);
    if (smtp->ca_file != NULL) curl_easy_setopt(smtp->curl, CURLOPT_CAINFO, smtp->ca_file);
}

static void set_up(struct smtp *smtp, char *error)
{
    CURL *curl = smtp->curl;

    curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* no proxy of the environment's */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS_MAX);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)smtp->timeout_seconds);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, smtp);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* for `watch`: nothing is printed */
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_whether_to_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, smtp);
    set_up_tls(smtp);
    if (smtp->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
    }
}

/* The server's own words where it said no, else what libcurl found. */
static enum mail_result judge(struct smtp *smtp, struct arena *arena, CURLcode code,
                              const char *error, struct str *why)
{
    struct str verb = str_from_c(smtp->dialogue.verb), reply = str_from_c(smtp->dialogue.reply);
    int64_t number = 0;
    bool said_no = str_to_int64(str_sub(reply, 0, 3), &number) && number >= 400 && number < 600;

    if (atomic_load(&smtp->is_interrupted)) {
        *why = STR("broken off by a stop of this server");
        return MAIL_INTERRUPTED;
    }
    if (code == CURLE_OPERATION_TIMEDOUT || !said_no) {
        const char *found = error[0] != '\0' ? error : curl_easy_strerror(code);
        *why = smtp_cleaned(arena, str_from_c(found));
        return MAIL_UNREACHABLE;
    }
    *why = smtp_cleaned(arena, reply);
    return smtp_judge(verb, (int)number);
}

static enum mail_result send_message(struct mailer *mailer, struct arena *arena,
                                     const struct mail_message *message, struct str *why)
{
    struct smtp *smtp = (struct smtp *)mailer;
    struct upload upload = { mime_write(arena, message) };
    char error[CURL_ERROR_SIZE] = "";
    struct curl_slist *to = curl_slist_append(
        NULL, str_to_c(arena, str_format(arena, "<%.*s>", STR_ARG(message->to_address))));

    assert(to != NULL);
    smtp->dialogue = (struct dialogue){ 0 };
    curl_easy_reset(smtp->curl); /* keeps the connection */
    set_up(smtp, error);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM,
                     str_to_c(arena, str_format(arena, "<%.*s>", STR_ARG(message->from_address))));
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(smtp->curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(smtp->curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)upload.rest.len);
    CURLcode code = curl_easy_perform(smtp->curl);
    /* Nothing of this frame may be left in the handle. */
    enum mail_result result =
        code == CURLE_OK ? MAIL_ACCEPTED : judge(smtp, arena, code, error, why);
    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, (char *)NULL);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, (struct curl_slist *)NULL);
    curl_slist_free_all(to);
    return result;
}

static void interrupt(struct mailer *mailer)
{
    atomic_store(&((struct smtp *)mailer)->is_interrupted, true);
}

/* libcurl would say QUIT and wait for the answer, two minutes long from a server that hangs: the connection that was kept
   is cut instead. */
static void cut_connection(CURL *curl)
{
    curl_socket_t socket = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK
        && socket != CURL_SOCKET_BAD)
        shutdown(socket, SHUT_RDWR);
}

static void end(struct mailer *mailer)
{
    struct smtp *smtp = (struct smtp *)mailer;

    cut_connection(smtp->curl);
    curl_easy_cleanup(smtp->curl);
    arena_free(smtp->arena);
    free(smtp);
    curl_global_cleanup();
}

static const char *copied(struct smtp *smtp, struct str text)
{
    return str_is_absent(text) ? NULL : str_to_c(smtp->arena, text);
}

static bool is_loopback(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "localhost") == 0
        || strcmp(host, "[::1]") == 0;
}

/* A URL of ours has a scheme and a host, perhaps a port, and after a slash the name that we greet with. */
static bool look_at_url(struct smtp *smtp)
{
    CURLU *url = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL;

    assert(url != NULL);
    bool is_url = curl_url_set(url, CURLUPART_URL, smtp->url, 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_NO_USER
        && (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0) && host[0] != '\0';
    smtp->is_local = is_url && is_loopback(host);
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_url_cleanup(url);
    return is_url;
}

struct mailer *smtp_new(const struct smtp_settings *settings, struct problem *problem)
{
    struct smtp *smtp = calloc(1, sizeof(*smtp));
    int64_t seconds =
        settings->timeout_seconds > 0 ? settings->timeout_seconds : SMTP_TIMEOUT_SECONDS;

    assert(smtp != NULL);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) abort();
    smtp->mailer = (struct mailer){
        .send = send_message, .interrupt = interrupt, .free = end, .longest_seconds = seconds
    };
    smtp->arena = arena_new(URL_MAX);
    smtp->url = copied(smtp, settings->url);
    smtp->user = copied(smtp, settings->user);
    smtp->password = copied(smtp, settings->password);
    smtp->ca_file = copied(smtp, settings->ca_file);
    smtp->timeout_seconds = seconds;
    smtp->is_insecure = settings->is_insecure;
    smtp->curl = curl_easy_init();
    if (smtp->curl == NULL) abort();
    if (look_at_url(smtp)) return &smtp->mailer;
    end(&smtp->mailer);
    fail(problem, REASON_BAD_REQUEST, NULL,
         "--smtp-url is smtp://HOST:PORT or smtps://HOST, without a user");
    return NULL;
}
