#include "integrations/line_buffer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY = 4 * LINE_BYTES_MAX };

void line_buffer_open(struct line_buffer *buffer, FILE *in)
{
    *buffer = (struct line_buffer){ .in = in, .at = malloc(CAPACITY) };
    assert(buffer->at != NULL);
}

void line_buffer_close(struct line_buffer *buffer)
{
    free(buffer->at);
    *buffer = (struct line_buffer){ 0 };
}

/* Reads what fits behind what is there; false at a failure. */
static bool read_more(struct line_buffer *buffer)
{
    if (buffer->start > 0) {
        memmove(buffer->at, buffer->at + buffer->start, buffer->filled - buffer->start);
        buffer->filled -= buffer->start;
        buffer->start = 0;
    }
    size_t room = CAPACITY - buffer->filled;
    size_t n = fread(buffer->at + buffer->filled, 1, room, buffer->in);

    buffer->filled += n;
    if (n == room) return true;
    if (ferror(buffer->in)) {
        clearerr(buffer->in);
        return false;
    }
    buffer->at_end = true;
    return true;
}

/* The part of the line that ends before its '\n' at `end`. */
static void take_line(const char *text, const char *end, struct line *out)
{
    size_t len = (size_t)(end - text);
    size_t end_len = len > 0 && text[len - 1] == '\r' ? 2 : 1;

    out->text = (struct str){ text, len + 1 - end_len };
    out->end = (struct str){ text + out->text.len, end_len };
}

enum line_found line_buffer_look(struct line_buffer *buffer, size_t offset, struct line *out)
{
    size_t searched = offset;

    for (;;) {
        const char *text = buffer->at + buffer->start + offset;
        size_t here = buffer->filled - buffer->start, left = here - offset;
        const char *end = here == searched
            ? NULL
            : memchr(buffer->at + buffer->start + searched, '\n', here - searched);

        if (end != NULL && end - text <= LINE_BYTES_MAX) {
            take_line(text, end, out);
            return LINE_FOUND;
        }
        if (end != NULL || left > LINE_BYTES_MAX) {
            *out = (struct line){ { text, LINE_BYTES_MAX }, STR("") };
            return LINE_TOO_LONG;
        }
        if (buffer->at_end) {
            *out = (struct line){ { text, left }, STR("") };
            return left > 0 ? LINE_FOUND : LINE_NONE;
        }
        searched = here;
        if (!read_more(buffer)) return LINE_FAILED;
    }
}

struct str line_buffer_text(const struct line_buffer *buffer, size_t len)
{
    assert(len <= buffer->filled - buffer->start);
    return (struct str){ buffer->at + buffer->start, len };
}

void line_buffer_take(struct line_buffer *buffer, size_t bytes, int64_t lines)
{
    assert(bytes <= buffer->filled - buffer->start);
    buffer->start += bytes;
    buffer->bytes_taken += (int64_t)bytes;
    buffer->lines_taken += lines;
}

enum line_found line_buffer_skip(struct line_buffer *buffer)
{
    for (;;) {
        const char *text = buffer->at + buffer->start;
        size_t left = buffer->filled - buffer->start;
        const char *end = left == 0 ? NULL : memchr(text, '\n', left);

        if (end != NULL || (buffer->at_end && left > 0)) {
            line_buffer_take(buffer, end != NULL ? (size_t)(end - text) + 1 : left, 1);
            return LINE_FOUND;
        }
        if (buffer->at_end) return LINE_NONE;
        line_buffer_take(buffer, left, 0);
        if (!read_more(buffer)) return LINE_FAILED;
    }
}
