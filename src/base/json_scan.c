#include "base/json_scan.h"

#include "base/json.h"

#include <string.h>

struct scanner {
    const unsigned char *at, *end;
    enum reason wrong;
    int depth_max;
};

static bool refuse(struct scanner *s, enum reason reason)
{
    if (s->wrong == REASON_NONE) s->wrong = reason;
    return false;
}

static void skip_space(struct scanner *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
        s->at++;
}

static bool take(struct scanner *s, unsigned char byte)
{
    if (s->at == s->end || *s->at != byte) return false;
    s->at++;
    return true;
}

static bool is_digit(const struct scanner *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static bool scan_digits(struct scanner *s)
{
    if (!is_digit(s)) return refuse(s, REASON_BAD_JSON);
    while (is_digit(s))
        s->at++;
    return true;
}

/* RFC 8259 §6: no leading zeros, no plus, no bare point. */
static bool scan_number_form(struct scanner *s)
{
    take(s, '-');
    if (!take(s, '0') && !scan_digits(s)) return false;
    if (take(s, '.') && !scan_digits(s)) return false;
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+')) take(s, '-');
        return scan_digits(s);
    }
    return true;
}

/* A number longer than the parser's buffer would be read as another one. */
static bool scan_number(struct scanner *s)
{
    const unsigned char *start = s->at;

    if (!scan_number_form(s)) return false;
    return s->at - start <= JSON_NUMBER_MAX || refuse(s, REASON_BAD_JSON);
}

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    unsigned char lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Four hex digits. */
static bool scan_unit(struct scanner *s, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        int value = s->at < s->end ? hex_value(*s->at) : -1;
        if (value < 0) return refuse(s, REASON_BAD_JSON);
        *unit = *unit << 4 | (unsigned)value;
    }
    return true;
}

/* After "\u": surrogates only in pairs, and no NUL. */
static bool scan_unicode_escape(struct scanner *s)
{
    unsigned unit, low;

    if (!scan_unit(s, &unit)) return false;
    if (unit == 0) return refuse(s, REASON_BAD_TEXT);
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    if (unit > 0xDBFF || !take(s, '\\') || !take(s, 'u') || !scan_unit(s, &low))
        return refuse(s, REASON_BAD_TEXT);
    return (low >= 0xDC00 && low <= 0xDFFF) || refuse(s, REASON_BAD_TEXT);
}

static bool scan_escape(struct scanner *s)
{
    if (s->at == s->end) return refuse(s, REASON_BAD_JSON);
    unsigned char c = *s->at++;
    if (c == 'u') return scan_unicode_escape(s);
    return (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) || refuse(s, REASON_BAD_JSON);
}

/* After the opening quote. */
static bool scan_string(struct scanner *s)
{
    for (;;) {
        while (s->at < s->end && *s->at != '"' && *s->at != '\\' && *s->at >= 0x20)
            s->at++;
        if (take(s, '"')) return true;
        if (!take(s, '\\'))
            return refuse(s, s->at < s->end && *s->at == 0 ? REASON_BAD_TEXT : REASON_BAD_JSON);
        if (!scan_escape(s)) return false;
    }
}

static bool scan_word(struct scanner *s, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
        return refuse(s, REASON_BAD_JSON);
    s->at += len;
    return true;
}

static bool scan_value(struct scanner *s, int depth);

static bool scan_member(struct scanner *s, int depth)
{
    skip_space(s);
    if (!take(s, '"')) return refuse(s, REASON_BAD_JSON);
    if (!scan_string(s)) return false;
    skip_space(s);
    return take(s, ':') ? scan_value(s, depth) : refuse(s, REASON_BAD_JSON);
}

/* After the opening bracket: items until the closing one. */
static bool scan_items(struct scanner *s, int depth, unsigned char closing,
                       bool (*scan_item)(struct scanner *, int))
{
    if (depth > s->depth_max) return refuse(s, REASON_TOO_DEEP);
    skip_space(s);
    if (take(s, closing)) return true;
    do {
        if (!scan_item(s, depth)) return false;
        skip_space(s);
    } while (take(s, ','));
    return take(s, closing) || refuse(s, REASON_BAD_JSON);
}

/* Recursion is bounded by depth_max. */
static bool scan_value(struct scanner *s, int depth) /* NOLINT(misc-no-recursion) */
{
    skip_space(s);
    if (s->at == s->end) return refuse(s, REASON_BAD_JSON);
    switch (*s->at) {
    case '{': s->at++; return scan_items(s, depth + 1, '}', scan_member);
    case '[': s->at++; return scan_items(s, depth + 1, ']', scan_value);
    case '"': s->at++; return scan_string(s);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: return scan_number(s);
    }
}

enum reason json_scan(struct str text, int depth_max, size_t *offset)
{
    const unsigned char *start = (const unsigned char *)text.at;
    struct scanner s = { .at = start, .end = start + text.len, .depth_max = depth_max };

    if (scan_value(&s, 0)) {
        skip_space(&s);
        if (s.at != s.end) refuse(&s, REASON_BAD_JSON);
    }
    *offset = (size_t)(s.at - start);
    return s.wrong;
}
