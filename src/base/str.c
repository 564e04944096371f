#include "base/str.h"

#include <assert.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct str str_from_c(const char *text)
{
    return text == NULL ? STR_NONE : (struct str){ text, strlen(text) };
}

struct str str_copy(struct arena *arena, struct str s)
{
    if (str_is_absent(s)) return STR_NONE;
    char *at = arena_alloc_raw(arena, s.len + 1);
    memcpy(at, s.at, s.len);
    at[s.len] = '\0';
    return (struct str){ at, s.len };
}

const char *str_to_c(struct arena *arena, struct str s)
{
    char *at = arena_alloc_raw(arena, s.len + 1);

    if (s.len > 0) memcpy(at, s.at, s.len);
    at[s.len] = '\0';
    return at;
}

struct str str_format_v(struct arena *arena, const char *format, va_list args)
{
    va_list measured;

    va_copy(measured, args);
    int len = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    assert(len >= 0);
    char *at = arena_alloc_raw(arena, (size_t)len + 1);
    vsnprintf(at, (size_t)len + 1, format, args);
    return (struct str){ at, (size_t)len };
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str s = str_format_v(arena, format, args);
    va_end(args);
    return s;
}

bool str_is_absent(struct str s)
{
    return s.at == NULL;
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_equal_c(struct str a, const char *b)
{
    return str_equal(a, str_from_c(b));
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared == 0 ? 0 : memcmp(a.at, b.at, shared);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts_with(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_equal(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_equal(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

bool str_contains(struct str s, struct str part)
{
    return part.len == 0 || (s.len >= part.len && memmem(s.at, s.len, part.at, part.len) != NULL);
}

bool str_contains_byte(struct str s, char byte)
{
    return s.len > 0 && memchr(s.at, byte, s.len) != NULL;
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (str_is_absent(s)) return s;
    if (from > s.len) from = s.len;
    if (len > s.len - from) len = s.len - from;
    return (struct str){ s.at + from, len };
}

bool str_split(struct str *rest, char separator, struct str *part)
{
    if (str_is_absent(*rest)) return false;
    const char *found = rest->len == 0 ? NULL : memchr(rest->at, separator, rest->len);
    if (found == NULL) {
        *part = *rest;
        *rest = STR_NONE;
        return true;
    }
    size_t len = (size_t)(found - rest->at);
    *part = (struct str){ rest->at, len };
    *rest = (struct str){ found + 1, rest->len - len - 1 };
    return true;
}

bool str_to_int64(struct str s, int64_t *out)
{
    bool is_negative = s.len > 0 && s.at[0] == '-';
    int64_t value = 0;

    if (s.len == (size_t)is_negative) return false;
    for (size_t i = is_negative; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') return false;
        int64_t digit = is_negative ? -(s.at[i] - '0') : s.at[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value)
            || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *out = value;
    return true;
}

struct str str_repeat(struct arena *arena, struct str s, size_t times)
{
    struct buffer b = buffer_new(arena, s.len * times);

    for (size_t i = 0; i < times; i++)
        buffer_add(&b, s);
    return buffer_str(&b);
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

struct str str_hex(struct arena *arena, struct bytes bytes)
{
    char *at = arena_alloc_raw(arena, bytes.len * 2 + 1);

    sodium_bin2hex(at, bytes.len * 2 + 1, bytes.at, bytes.len);
    return (struct str){ at, bytes.len * 2 };
}

bool bytes_equal_constant_time(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}
