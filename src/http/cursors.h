/* Where the next page of a list begins, as opaque text. */
#ifndef HTTP_CURSORS_H
#define HTTP_CURSORS_H

#include "base/str.h"
#include "base/types.h"

struct cursor {
    const char *list; /* which list, with its sort: a cursor of another one is refused */
    int64_t number;   /* the last row's sort key, one of these two */
    struct str text;  /* absent: the key is the number */
    id64_t id;        /* the last row */
};

struct str cursor_encode(struct arena *arena, const struct cursor *cursor);

/* False when it is not one that cursor_encode made for `list`. */
bool cursor_decode(struct arena *arena, struct str text, const char *list, struct cursor *out);

#endif
