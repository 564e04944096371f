/* Ids: 63 bits, time-ordered: 41 bits of milliseconds since 2020, 10 of node, 12 of sequence
   (architecture.md "Stores"). Outside they read "sub_0k3v9m2c5x1qy": a prefix and 13 characters of
   Crockford base32, lower case. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/str.h"
#include "base/types.h"

enum id_kind {
#define ID_KIND(name, prefix) ID_##name,
#include "base/ids.def"
#undef ID_KIND
    ID_KIND_COUNT
};

/* Which node this process is, 0-1023; before the first id_new. Default 0. */
void id_set_node(unsigned number);

/* Ids made from here on are greater than `highest`, whichever node made that one. Before the first id_new. */
void id_start_after(id64_t highest);

/* A fresh id, greater than every one this process made before, also when the clock steps back and
   over any number of threads (sequence overflow borrows from the future millisecond). */
id64_t id_new(instant_t now);

/* Reserves `count` consecutive calls' worth at once: fills ids in increasing order. */
void id_new_many(instant_t now, id64_t *ids, size_t count);

/* The prefix of a kind without the underscore ("sub"), and the kind of a prefix. */
const char *id_prefix(enum id_kind kind);

/* Text form; 13 characters after the underscore. Parsing accepts upper case and Crockford's aliases
   (O for 0, I and L for 1); false when kind, length, alphabet or range (1 .. 2^63-1) is wrong. */
struct str id_format(struct arena *arena, enum id_kind kind, id64_t id);
void buffer_add_id(struct buffer *b, enum id_kind kind, id64_t id);
bool id_parse(enum id_kind kind, struct str text, id64_t *out);

/* When the id was made, to the millisecond. */
instant_t id_instant(id64_t id);

#endif
