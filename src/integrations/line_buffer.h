/* The lines of a file of any size in bounded memory. Several lines can be looked at before they are taken, as a quoted
   CSV value may hold line breaks, or only seem to. */
#ifndef INTEGRATIONS_LINE_BUFFER_H
#define INTEGRATIONS_LINE_BUFFER_H

#include "base/str.h"

#include <stdio.h>

enum { LINE_BYTES_MAX = 64 * 1024 }; /* of what is looked at together */

enum line_found {
    LINE_FOUND,
    LINE_TOO_LONG, /* no end of it within LINE_BYTES_MAX; `text` is its beginning */
    LINE_NONE,     /* the end of the file */
    LINE_FAILED,   /* the file cannot be read: errno says why; EINTR: a signal came */
};

struct line {
    struct str text; /* without its end; valid until the next call */
    struct str end;  /* "\n", "\r\n", or nothing at the end of the file */
};

struct line_buffer {
    FILE *in;
    char *at;
    size_t start, filled; /* what was read and not taken yet */
    bool at_end;
    int64_t lines_taken, bytes_taken;
};

/* Does not own the file. */
void line_buffer_open(struct line_buffer *buffer, FILE *in);
void line_buffer_close(struct line_buffer *buffer);

/* The line that begins `offset` bytes after what was taken. Texts of lines seen before become invalid. */
enum line_found line_buffer_look(struct line_buffer *buffer, size_t offset, struct line *out);

/* The first bytes of what was not taken yet, all of which have been looked at. */
struct str line_buffer_text(const struct line_buffer *buffer, size_t len);

/* Takes so many bytes, which are `lines` whole lines. */
void line_buffer_take(struct line_buffer *buffer, size_t bytes, int64_t lines);

/* Takes the rest of a line that is too long, up to and with its end. */
enum line_found line_buffer_skip(struct line_buffer *buffer);

#endif
