/* How engines sign what they send (domain/adapter_parts.h). */
#include "domain/adapter_parts.h"

#include "base/hmac.h"

static struct str header_of(const struct adapter_message *message, enum adapter_header header)
{
    return str_trim(message->headers[header]);
}

static enum reason reason_of(bool is_right)
{
    return is_right ? REASON_NONE : REASON_BAD_SIGNATURE;
}

static bool is_bearer(const struct adapter_message *message, struct str secret)
{
    struct str given = header_of(message, HEADER_AUTHORIZATION);

    return str_starts_with(given, STR("Bearer "))
        && str_equal_constant_time(str_trim(str_sub(given, 7, given.len)), secret);
}

enum reason verify_bearer(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now)
{
    (void)arena;
    (void)now;
    return reason_of(str_is_absent(secret) || is_bearer(message, secret));
}

static struct str joined(struct arena *arena, struct str a, struct str between, struct str b)
{
    struct buffer text = buffer_new(arena, a.len + between.len + b.len);

    buffer_add(&text, a);
    buffer_add(&text, between);
    buffer_add(&text, b);
    return buffer_str(&text);
}

static struct str hex_hmac(struct arena *arena, struct str secret, struct str text)
{
    return str_hex(arena, hmac_of(arena, HMAC_SHA256, secret, text));
}

/* Upper-case digits are taken, too. */
static bool is_hex_of(struct arena *arena, struct str given, struct str secret, struct str text)
{
    struct str folded = str_fold(arena, given);

    return !str_is_absent(folded) && str_equal_constant_time(folded, hex_hmac(arena, secret, text));
}

/* The part after "NAME=" in a list that is cut at commas; absent when there is none. */
static struct str part_of(struct str list, struct str name)
{
    struct str rest = list, part;

    while (str_split(&rest, ',', &part)) {
        part = str_trim(part);
        if (str_starts_with(part, name)) return str_sub(part, name.len, part.len);
    }
    return STR_NONE;
}

/* A signature that is right and of another time is a replay. */
static enum reason check_age(instant_t signed_at, instant_t now)
{
    return signed_at >= now - SIGNATURE_AGE_MAX && signed_at <= now + SIGNATURE_SKEW_MAX
        ? REASON_NONE
        : REASON_STALE_SIGNATURE;
}

/* The largest number of milliseconds that is an instant, roughly. */
enum { MICROS_PER_MILLISECOND = 1000 };
#define EPOCH_MILLISECONDS_MAX INT64_C(9000000000000000)
#define EPOCH_MILLISECONDS_MIN INT64_C(100000000000) /* March 1973; as seconds, the year 5138 */

static bool read_moment(struct str text, int64_t most, int64_t *out)
{
    return str_to_int64(text, out) && *out >= 0 && *out <= most;
}

/* Where Vapi puts what it signs with is a setting of its credential: the names its documentation shows, else those that a
   credential has which names none. */
static struct str vapi_header(const struct adapter_message *message, enum adapter_header shown,
                              enum adapter_header usual)
{
    return str_is_absent(message->headers[shown]) ? header_of(message, usual)
                                                  : header_of(message, shown);
}

/* Epoch seconds, or milliseconds: no second of this era has as many digits. */
static bool read_vapi_moment(struct str text, instant_t *out)
{
    int64_t number;

    if (!read_moment(text, EPOCH_MILLISECONDS_MAX, &number)) return false;
    *out = number < EPOCH_MILLISECONDS_MIN ? number * MICROS_PER_SECOND
                                           : number * MICROS_PER_MILLISECOND;
    return true;
}

/* HMAC-SHA256 in hex over "TIMESTAMP.BODY", or over the body alone where no timestamp was sent: `payloadFormat` and
   `includeTimestamp` of Vapi's HMACAuthenticationPlan. */
static enum reason verify_vapi_hmac(struct arena *arena, const struct adapter_message *message,
                                    struct str secret, struct str signature, instant_t now)
{
    struct str at = vapi_header(message, HEADER_VAPI_TIMESTAMP, HEADER_TIMESTAMP);
    struct str text = message->body;
    instant_t signed_at = now;

    if (str_starts_with(signature, STR("sha256=")))
        signature = str_sub(signature, 7, signature.len);
    if (!str_is_absent(at)) {
        if (!read_vapi_moment(at, &signed_at)) return REASON_BAD_SIGNATURE;
        text = joined(arena, at, STR("."), message->body);
    }
    if (!is_hex_of(arena, signature, secret, text)) return REASON_BAD_SIGNATURE;
    return check_age(signed_at, now);
}

enum reason verify_vapi(struct arena *arena, const struct adapter_message *message,
                        struct str secret, instant_t now)
{
    struct str plain = header_of(message, HEADER_VAPI_SECRET);
    struct str signature = vapi_header(message, HEADER_VAPI_SIGNATURE, HEADER_SIGNATURE);

    if (!str_is_absent(signature)) return verify_vapi_hmac(arena, message, secret, signature, now);
    if (!str_is_absent(plain)) return reason_of(str_equal_constant_time(plain, secret));
    return reason_of(is_bearer(message, secret));
}

enum reason verify_retell(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now)
{
    struct str header = message->headers[HEADER_RETELL_SIGNATURE];
    struct str at = part_of(header, STR("v=")), digest = part_of(header, STR("d="));
    int64_t milliseconds;

    if (!read_moment(at, EPOCH_MILLISECONDS_MAX, &milliseconds) || str_is_absent(digest))
        return REASON_BAD_SIGNATURE;
    struct str text = joined(arena, message->body, STR(""), at);
    if (!is_hex_of(arena, digest, secret, text)) return REASON_BAD_SIGNATURE;
    return check_age(milliseconds * MICROS_PER_MILLISECOND, now);
}

enum reason verify_elevenlabs(struct arena *arena, const struct adapter_message *message,
                              struct str secret, instant_t now)
{
    struct str header = message->headers[HEADER_ELEVENLABS_SIGNATURE];
    struct str at = part_of(header, STR("t=")), digest = part_of(header, STR("v0="));
    int64_t seconds;

    if (!read_moment(at, EPOCH_MILLISECONDS_MAX / 1000, &seconds) || str_is_absent(digest))
        return REASON_BAD_SIGNATURE;
    struct str text = joined(arena, at, STR("."), message->body);
    if (!is_hex_of(arena, digest, secret, text)) return REASON_BAD_SIGNATURE;
    return check_age(seconds * MICROS_PER_SECOND, now);
}

enum reason verify_twilio(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now)
{
    struct buffer text = buffer_new(arena, message->url.len + message->body.len);
    struct list form;

    (void)now;
    if (!form_read(arena, message->body, &form)) return REASON_BAD_SIGNATURE;
    form_sort(&form);
    buffer_add(&text, message->url);
    const struct form_field *fields = form.at;
    for (size_t i = 0; i < form.count; i++) {
        buffer_add(&text, fields[i].name);
        buffer_add(&text, fields[i].value);
    }
    struct bytes digest = hmac_of(arena, HMAC_SHA1, secret, buffer_str(&text));
    return reason_of(str_equal_constant_time(header_of(message, HEADER_TWILIO_SIGNATURE),
                                             base64_of(arena, digest)));
}
