/* Text under construction (base/str.h). */
#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { BUFFER_LEAST = 64 };

struct buffer buffer_new(struct arena *arena, size_t capacity)
{
    size_t room = capacity < BUFFER_LEAST ? BUFFER_LEAST : capacity;

    return (struct buffer){ .arena = arena, .at = arena_alloc_raw(arena, room), .capacity = room };
}

static void make_room(struct buffer *b, size_t more)
{
    if (b->capacity - b->len >= more) return;
    size_t capacity = b->capacity * 2;
    if (capacity - b->len < more) capacity = b->len + more;
    char *at = arena_alloc_raw(b->arena, capacity);
    memcpy(at, b->at, b->len);
    b->at = at;
    b->capacity = capacity;
}

void buffer_add(struct buffer *b, struct str s)
{
    if (s.len == 0) return;
    make_room(b, s.len);
    memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
}

void buffer_add_c(struct buffer *b, const char *text)
{
    buffer_add(b, str_from_c(text));
}

void buffer_add_byte(struct buffer *b, char byte)
{
    make_room(b, 1);
    b->at[b->len++] = byte;
}

void buffer_add_int(struct buffer *b, int64_t value)
{
    char digits[20]; /* of 2^63 at most, and a sign */
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) digits[--at] = '-';
    buffer_add(b, (struct str){ digits + at, sizeof(digits) - at });
}

void buffer_add_format(struct buffer *b, const char *format, ...)
{
    size_t room = b->capacity - b->len;
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(b->at + b->len, room, format, args);
    assert(len >= 0);
    if ((size_t)len >= room) { /* it was cut: now its length is known */
        make_room(b, (size_t)len + 1);
        vsnprintf(b->at + b->len, (size_t)len + 1, format, again);
    }
    b->len += (size_t)len;
    va_end(again);
    va_end(args);
}

struct str buffer_str(const struct buffer *b)
{
    return (struct str){ b->at, b->len };
}
