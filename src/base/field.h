/* An entity's fields, said once (style.md "An entity is declared once"): one table drives JSON in,
   JSON out, query parameters, rows read from the store, and CSV. */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/id.h"
#include "base/json.h"
#include "base/problem.h"
#include "base/types.h"

#include <stddef.h>

enum field_type {
    FIELD_IS_ID,      /* id64_t, ID_NONE = null; text form in JSON */
    FIELD_IS_INTEGER, /* int64_t */
    FIELD_IS_MONEY,   /* micros_t, MICROS_NONE = null; decimal string in JSON */
    FIELD_IS_INSTANT, /* instant_t, INSTANT_NONE = null; RFC 3339 in JSON */
    FIELD_IS_TEXT,    /* struct str, absent = null */
    FIELD_IS_BOOLEAN, /* bool */
    FIELD_IS_NAME,    /* int (an enum); its name in JSON; -1 = null */
    FIELD_IS_OBJECT,  /* a struct inside this one; with FIELD_POINTER a pointer, NULL = null */
    FIELD_IS_LIST,    /* struct list of structs described by `fields` */
    FIELD_IS_NAMES,   /* uint64_t bit set of an enum's values; JSON array of names */
    FIELD_IS_ID_SET,  /* struct id_set; the text "all" or an array of ids in JSON; input only */
    FIELD_IS_JSON,    /* struct str holding JSON text, written as it is; output only */
};

enum field_flag {
    FIELD_REQUIRED = 1,   /* input: must be present and not null */
    FIELD_NULLABLE = 2,   /* input: null is allowed and sets the type's null */
    FIELD_READ_ONLY = 4,  /* input: refused with REASON_READ_ONLY_FIELD */
    FIELD_POINTER = 8,    /* FIELD_IS_OBJECT: the member is a pointer */
    FIELD_OMIT_NULL = 16, /* output: left out when null */
    FIELD_TELLS = 32, /* input, an object: its struct begins with a uint64_t that gets `present` */
    FIELD_LINE = 64,  /* input, a text: one line, no control characters; blanks around it go */
    FIELD_CODE = 128, /* input, a text: visible ASCII characters, no blanks */
    FIELD_OPEN = 256, /* input, objects and lists: members not named by `fields` are passed over */
    FIELD_NUMBERED = 512, /* rows that are written, an enum: its number, not its name */
};

/* Names of an enum's values in order, NULL-terminated. */
typedef const char *const *names_t;

/* What FIELD_IS_LIST points to. */
struct list {
    void *at;
    size_t count;
};

/* What FIELD_IS_ID_SET points to: every id, or some, in the order given. */
struct id_set {
    bool is_all;
    const id64_t *at;
    size_t count;
};

struct field {
    const char *name;
    enum field_type type;
    unsigned flags;
    size_t offset;
    int64_t min, max;           /* of a value (both 0: no limit), of code points, of items */
    names_t names;              /* FIELD_IS_NAME, FIELD_IS_NAMES */
    enum id_kind id_kind;       /* FIELD_IS_ID */
    const struct field *fields; /* FIELD_IS_OBJECT, FIELD_IS_LIST */
    size_t size;                /* FIELD_IS_LIST: bytes of one item; FIELD_POINTER: of the object */
};

/* FIELD_TEXT(struct subaccount, name, .min = 1, .max = 120, .flags = FIELD_REQUIRED) */
/* clang-format off */
#define FIELD_AS(json_name, struct_type, member, field_type, ...) \
    { .name = (json_name), .type = (field_type), .offset = offsetof(struct_type, member), __VA_ARGS__ }
#define FIELD_ID(s, member, kind, ...)   FIELD_AS(#member, s, member, FIELD_IS_ID, .id_kind = (kind), __VA_ARGS__)
#define FIELD_ID_SET(s, member, kind, ...) FIELD_AS(#member, s, member, FIELD_IS_ID_SET, .id_kind = (kind), __VA_ARGS__)
#define FIELD_INTEGER(s, member, ...)    FIELD_AS(#member, s, member, FIELD_IS_INTEGER, __VA_ARGS__)
#define FIELD_MONEY(s, member, ...)      FIELD_AS(#member, s, member, FIELD_IS_MONEY, __VA_ARGS__)
#define FIELD_INSTANT(s, member, ...)    FIELD_AS(#member, s, member, FIELD_IS_INSTANT, __VA_ARGS__)
#define FIELD_TEXT(s, member, ...)       FIELD_AS(#member, s, member, FIELD_IS_TEXT, __VA_ARGS__)
#define FIELD_BOOLEAN(s, member, ...)    FIELD_AS(#member, s, member, FIELD_IS_BOOLEAN, __VA_ARGS__)
#define FIELD_JSON(s, member, ...)       FIELD_AS(#member, s, member, FIELD_IS_JSON, __VA_ARGS__)
#define FIELD_NAME(s, member, list, ...)  FIELD_AS(#member, s, member, FIELD_IS_NAME, .names = (list), __VA_ARGS__)
#define FIELD_NAMES(s, member, list, ...) FIELD_AS(#member, s, member, FIELD_IS_NAMES, .names = (list), __VA_ARGS__)
#define FIELD_OBJECT(s, member, table, ...) FIELD_AS(#member, s, member, FIELD_IS_OBJECT, .fields = (table), __VA_ARGS__)
#define FIELD_LIST(s, member, table, item, ...) \
    FIELD_AS(#member, s, member, FIELD_IS_LIST, .fields = (table), .size = sizeof(item), __VA_ARGS__)
#define FIELD_END { .name = NULL }
/* clang-format on */

/* Whether input may have members that the table does not name. */
enum field_strictness { FIELDS_CLOSED, FIELDS_OPEN };

/* Sets every field of `out` to its type's null (0, false, "none"). */
void fields_clear(const struct field *fields, void *out);

/* Reads a JSON object into `out` (cleared first), reporting every wrong field to `problem` with its
   path below `path` ("" at the top). `*present` (may be NULL) gets bit i set when fields[i] was given, null
   included; tables have at most 64 fields. Texts point into the tree: same arena. Refuses unknown and repeated
   members (REASON_UNKNOWN_FIELD, REASON_REPEATED_FIELD). Text must be within min/max code points; integers whole
   and within JSON_INTEGER_MAX (REASON_TOO_LARGE). */
bool fields_from_json(const struct field *fields, enum field_strictness strictness,
                      struct arena *arena, const struct cJSON *object, struct str path,
                      struct problem *problem, void *out, uint64_t *present);

/* The same for one text value, as query parameters, CSV cells and path parts have them. Booleans are
   "true" and "false". */
bool field_from_text(const struct field *field, struct arena *arena, struct str text,
                     struct problem *problem, void *out);

/* The field with this name, or NULL; `*index` (may be NULL) gets its position. */
const struct field *field_find(const struct field *fields, struct str name, size_t *index);

/* Bit of a field in `present`. Asserts that the table has it. */
uint64_t field_bit(const struct field *fields, const char *name);

/* Writes the struct as a JSON object. */
void fields_to_json(const struct field *fields, const void *in, struct buffer *out);

/* Writes one value as text for CSV: money and instants as in JSON without quotes, null as nothing. */
void field_to_text(const struct field *field, const void *in, struct buffer *out);

/* The position of `name` in `names`, or -1. */
int name_index(names_t names, struct str name);

#endif
