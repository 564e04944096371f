/* JSON text to a tree, strictly: cJSON with the arena as its allocator, behind checks of its own. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/problem.h"
#include "base/str.h"

enum {
    JSON_DEPTH_MAX = 16,         /* levels, of what is written for us */
    JSON_FOREIGN_DEPTH_MAX = 64, /* and of what others write for everybody */
    JSON_NUMBER_MAX = 63         /* characters, as cJSON takes them */
};
#define JSON_INTEGER_MAX ((INT64_C(1) << 53) - 1) /* larger integers are refused, not rounded */

/* A parsed value: opaque outside base/. */
struct cJSON;

/* Parses exactly one JSON value (white space around it allowed). Refused before parsing: invalid UTF-8
   or NUL, raw or escaped (REASON_BAD_TEXT), nesting over JSON_DEPTH_MAX (REASON_TOO_DEEP); trailing text, NaN,
   leading zeros, numbers of more than JSON_NUMBER_MAX characters, control characters in strings and whatever else RFC 8259 forbids: REASON_BAD_JSON, with the
   byte offset in the detail. A leading BOM is skipped. The tree lives in `arena`. */
bool json_parse(struct arena *arena, struct str text, struct problem *problem,
                const struct cJSON **out);

/* The same for what engines send, which nests as deep as their tools' schemas do: JSON_FOREIGN_DEPTH_MAX. */
bool json_parse_foreign(struct arena *arena, struct str text, struct problem *problem,
                        const struct cJSON **out);

/* A text that parses without what parsing passes over around it, so that it can be put into another. */
struct str json_bare(struct str text);

bool json_is_array(const struct cJSON *value);
bool json_is_object(const struct cJSON *value);
size_t json_array_length(const struct cJSON *array);
const struct cJSON *json_first(const struct cJSON *array); /* then json_next until NULL */
const struct cJSON *json_next(const struct cJSON *item);

/* NULL where there is none, also in a value of another kind. */
const struct cJSON *json_member(const struct cJSON *object,
                                struct str name); /* the first of this name */
const struct cJSON *json_item(const struct cJSON *array, size_t index);

/* A string's text, a number's, "true" or "false"; absent for null, arrays, objects and NULL. */
struct str json_scalar(struct arena *arena, const struct cJSON *value);

/* Writes a JSON string with quotes, escaping what RFC 8259 §7 requires and, for inclusion anywhere,
   '<', U+2028 and U+2029. */
void json_write_string(struct buffer *out, struct str text);

#endif
