#include "domain/second_factor.h"

#include <assert.h>
#include <liboath/oath.h>
#include <pthread.h>
#include <stdlib.h>

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's, as ids have it */

enum { ALPHABET_BITS = 5, GROUP_CHARS = 4 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start_library(void)
{
    int failed = oath_init();

    assert(failed == OATH_OK);
    (void)failed;
}

static bool code_is_of_step(struct bytes secret, struct str code, int64_t step)
{
    char expected[TOTP_DIGITS + 1];
    int failed = oath_hotp_generate((const char *)secret.at, secret.len, (uint64_t)step,
                                    TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, expected);

    assert(failed == OATH_OK);
    (void)failed;
    return bytes_equal_constant_time((struct bytes){ (const unsigned char *)expected, TOTP_DIGITS },
                                     (struct bytes){ (const unsigned char *)code.at, code.len });
}

int64_t totp_step(struct bytes secret, struct str code, instant_t now, int64_t last_step)
{
    int64_t middle = now / (TOTP_STEP_SECONDS * MICROS_PER_SECOND), found = -1;

    pthread_once(&once, start_library);
    for (int64_t step = middle - TOTP_WINDOW_STEPS; step <= middle + TOTP_WINDOW_STEPS; step++) {
        bool is_it = step >= 0 && code_is_of_step(secret, code, step);

        found = is_it && step > last_step ? step : found;
    }
    return found;
}

struct str totp_secret_text(struct arena *arena, struct bytes secret)
{
    char *text = NULL;
    size_t len = 0;

    pthread_once(&once, start_library);
    if (oath_base32_encode((const char *)secret.at, secret.len, &text, &len) != OATH_OK) abort();
    struct str copy = str_copy(arena, (struct str){ text, len });
    free(text);
    return copy;
}

/* RFC 3986 §2.3: whatever is not unreserved is escaped. */
static void add_escaped(struct buffer *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || c == '-' || c == '.' || c == '_' || c == '~';

        if (is_plain)
            buffer_add_byte(out, (char)c);
        else
            buffer_add_format(out, "%%%02X", c);
    }
}

/* A colon would end the issuer in the label. */
static struct str without_colons(struct arena *arena, struct str text)
{
    struct buffer out = buffer_new(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++)
        buffer_add_byte(&out, text.at[i] == ':' ? (char)' ' : text.at[i]);
    return buffer_str(&out);
}

struct str totp_url(struct arena *arena, struct bytes secret, struct str issuer, struct str account)
{
    struct str name = without_colons(arena, issuer);
    struct buffer out = buffer_new(arena, 256);

    buffer_add_c(&out, "otpauth://totp/");
    add_escaped(&out, name);
    buffer_add_c(&out, ":");
    add_escaped(&out, account);
    buffer_add_c(&out, "?secret=");
    buffer_add(&out, totp_secret_text(arena, secret));
    buffer_add_c(&out, "&issuer=");
    add_escaped(&out, name);
    buffer_add_format(&out, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_SECONDS);
    return buffer_str(&out);
}

bool code_is_totp(struct arena *arena, struct str typed, struct str *digits)
{
    struct buffer out = buffer_new(arena, typed.len + 1);

    for (size_t i = 0; i < typed.len; i++) {
        if (typed.at[i] == ' ') continue;
        if (typed.at[i] < '0' || typed.at[i] > '9') return false;
        buffer_add_byte(&out, typed.at[i]);
    }
    *digits = buffer_str(&out);
    return out.len == TOTP_DIGITS;
}

struct str recovery_code_text(struct arena *arena, const unsigned char *random)
{
    struct buffer out = buffer_new(arena, RECOVERY_CODE_CHARS * 2);
    unsigned bits = 0, held = 0;

    for (size_t i = 0, chars = 0; i < RECOVERY_CODE_BYTES; i++) {
        bits = bits << 8 | random[i];
        for (held += 8; held >= ALPHABET_BITS; held -= ALPHABET_BITS, chars++) {
            if (chars > 0 && chars % GROUP_CHARS == 0) buffer_add_byte(&out, '-');
            buffer_add_byte(&out, alphabet[bits >> (held - ALPHABET_BITS) & 31U]);
        }
    }
    return buffer_str(&out);
}

static char as_compared(char c)
{
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    if (c == 'o') return '0';
    return c == 'i' || c == 'l' ? '1' : c;
}

struct str recovery_code_key(struct arena *arena, struct str typed)
{
    struct buffer out = buffer_new(arena, typed.len + 1);

    for (size_t i = 0; i < typed.len; i++) {
        if (typed.at[i] != ' ' && typed.at[i] != '-')
            buffer_add_byte(&out, as_compared(typed.at[i]));
    }
    return buffer_str(&out);
}

enum reason may_end_second_factor(bool is_on, bool is_required)
{
    if (!is_on) return REASON_TWO_FACTOR_OFF;
    return is_required ? REASON_TWO_FACTOR_KEPT : REASON_NONE;
}
