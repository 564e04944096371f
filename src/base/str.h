/* The one string type: bytes with a length, not owned, not terminated (style.md "Memory").
   C strings live only at the edges. A str with at == NULL is "absent" (null); STR("") is empty. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *at;
    size_t len;
};

/* Raw bytes (hashes, tokens): the same shape, kept apart from text. */
struct bytes {
    const unsigned char *at;
    size_t len;
};

#define STR(literal) ((struct str){ "" literal "", sizeof(literal) - 1 })
#define STR_NONE     ((struct str){ NULL, 0 })
#define STR_ARG(s)   (int)(s).len, (s).at /* for "%.*s" */

struct str str_from_c(const char *text);                 /* borrows; NULL gives STR_NONE */
struct str str_copy(struct arena *arena, struct str s);  /* absent stays absent */
const char *str_to_c(struct arena *arena, struct str s); /* a terminated copy */
struct str str_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_format_v(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

bool str_is_absent(struct str s);
bool str_equal(struct str a, struct str b);
bool str_equal_c(struct str a, const char *b);
int str_compare(struct str a, struct str b); /* by bytes, like memcmp; a prefix sorts first */
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part); /* the empty part is in any */
bool str_contains_byte(struct str s, char byte);
struct str str_trim(struct str s);                         /* ASCII white space at both ends */
struct str str_sub(struct str s, size_t from, size_t len); /* clamped to s */
struct str str_cut(struct str s, size_t max); /* its first `max` bytes, less a broken character */

/* Cuts the part before the first `separator` off `*rest` into `*part`; false at the end. */
bool str_split(struct str *rest, char separator, struct str *part);

/* A whole decimal int64, optional leading '-'; false when it is anything else or does not fit. */
bool str_to_int64(struct str s, int64_t *out);

/* Whether valid text has no control characters and no separators of lines or paragraphs. */
bool str_is_line(struct str s);

/* UTF-8 (RFC 3629): valid and free of NUL; and how many code points it has (valid text only). */
bool str_is_text(struct str s);
size_t str_code_points(struct str s);
struct str str_repeat(struct arena *arena, struct str s, size_t times);

/* Unicode: simple case folding after NFKC, for comparing names and addresses (ICU). Absent when not text. */
struct str str_fold(struct arena *arena, struct str s);

/* FNV-1a, for hash tables of trusted or bounded keys; never for security. */
uint64_t str_hash(struct str s);

struct str str_hex(struct arena *arena, struct bytes bytes);

/* True when both have the same bytes; time depends on the lengths alone. */
bool bytes_equal_constant_time(struct bytes a, struct bytes b);

/* Text under construction in an arena. */
struct buffer {
    struct arena *arena;
    char *at;
    size_t len, capacity;
};

struct buffer buffer_new(struct arena *arena, size_t capacity);
void buffer_add(struct buffer *b, struct str s);
void buffer_add_c(struct buffer *b, const char *text);
void buffer_add_byte(struct buffer *b, char byte);
void buffer_add_int(struct buffer *b, int64_t value);
void buffer_add_format(struct buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str buffer_str(const struct buffer *b); /* what was built; valid while the arena is */

#endif
