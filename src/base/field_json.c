/* Structs from and to JSON by their field tables (base/field.h). */
#include "base/field_private.h"

#include "base/decimal.h"
#include "base/time.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static bool refuse(const struct field_place *place, enum reason reason)
{
    return fail_field_as(place->problem, reason, field_place_path(place));
}

static bool read_object(const struct field *fields, enum field_strictness strictness,
                        struct arena *arena, const cJSON *object, struct str path,
                        struct problem *problem, void *out, uint64_t *present);

static bool read_integer(const struct field *field, const struct field_place *place,
                         const cJSON *value, void *at)
{
    if (!cJSON_IsNumber(value) || value->valuedouble != trunc(value->valuedouble))
        return refuse(place, REASON_WRONG_TYPE);
    /* A double above 2^53 may stand for another integer than was written: refused, not rounded. */
    if (fabs(value->valuedouble) > (double)JSON_INTEGER_MAX)
        return refuse(place, value->valuedouble > 0 ? REASON_TOO_LARGE : REASON_TOO_SMALL);
    return field_take_integer(field, place, (int64_t)value->valuedouble, at);
}

static bool refuse_item(const struct field_place *place, size_t i, enum reason reason)
{
    return fail_field_as(place->problem, reason,
                         str_format(place->arena, "%.*s.%zu", STR_ARG(field_place_path(place)), i));
}

static bool read_names(const struct field *field, const struct field_place *place,
                       const cJSON *value, uint64_t *at)
{
    size_t i = 0;

    if (!cJSON_IsArray(value)) return refuse(place, REASON_WRONG_TYPE);
    for (const cJSON *item = value->child; item != NULL; item = item->next, i++) {
        int index =
            cJSON_IsString(item) ? name_index(field->names, str_from_c(item->valuestring)) : -1;
        if (index < 0) return refuse_item(place, i, REASON_NOT_ALLOWED_VALUE);
        *at |= UINT64_C(1) << index;
    }
    return *at != 0 || field->min == 0 || refuse(place, REASON_TOO_SHORT);
}

static bool read_id_set(const struct field *field, const struct field_place *place,
                        const cJSON *value, struct id_set *at)
{
    size_t count = json_is_array(value) ? json_array_length(value) : 0, i = 0;
    id64_t *ids = ARENA_ARRAY(place->arena, id64_t, count + 1);

    if (cJSON_IsString(value) && str_equal_c(str_from_c(value->valuestring), "all")) {
        *at = (struct id_set){ .is_all = true };
        return true;
    }
    if (!cJSON_IsArray(value)) return refuse(place, REASON_WRONG_TYPE);
    if (field->max != 0 && count > (size_t)field->max)
        return fail_field(place->problem, REASON_TOO_LONG, field_place_path(place),
                          "This may have at most %lld items.", (long long)field->max);
    for (const cJSON *item = value->child; item != NULL; item = item->next, i++) {
        if (!cJSON_IsString(item)
            || !id_parse(field->id_kind, str_from_c(item->valuestring), &ids[i]))
            return refuse_item(place, i, REASON_BAD_ID);
    }
    *at = (struct id_set){ .at = ids, .count = count };
    return true;
}

static enum field_strictness strictness_of(const struct field *field)
{
    return (field->flags & FIELD_OPEN) != 0 ? FIELDS_OPEN : FIELDS_CLOSED;
}

static bool read_list(const struct field *field, const struct field_place *place,
                      const cJSON *value, struct list *at)
{
    size_t count = json_is_array(value) ? json_array_length(value) : 0, i = 0;
    bool all_fine = true;

    if (!cJSON_IsArray(value)) return refuse(place, REASON_WRONG_TYPE);
    if (field->max != 0 && count > (size_t)field->max)
        return fail_field(place->problem, REASON_TOO_LONG, field_place_path(place),
                          "This may have at most %lld items.", (long long)field->max);
    if (count < (size_t)field->min)
        return fail_field(place->problem, REASON_TOO_SHORT, field_place_path(place),
                          "This must have at least %lld items.", (long long)field->min);
    *at = (struct list){ arena_alloc(place->arena, field->size * (count + 1)), count };
    for (const cJSON *item = value->child; item != NULL; item = item->next, i++) {
        struct str path = str_format(place->arena, "%.*s.%zu", STR_ARG(field_place_path(place)), i);
        if (!read_object(field->fields, strictness_of(field), place->arena, item, path,
                         place->problem, (char *)at->at + i * field->size, NULL))
            all_fine = false;
    }
    return all_fine;
}

static bool read_nested(const struct field *field, const struct field_place *place,
                        const cJSON *value, void *at)
{
    void *object = at;

    if ((field->flags & FIELD_POINTER) != 0)
        object = *(void **)at = arena_alloc(place->arena, field->size);
    return read_object(field->fields, strictness_of(field), place->arena, value,
                       field_place_path(place), place->problem, object,
                       (field->flags & FIELD_TELLS) != 0 ? object : NULL);
}

/* One value of the right type into its place; recursion is as deep as the tables nest. */
static bool read_value(const struct field *field, const struct field_place *place,
                       const cJSON *value, void *at) /* NOLINT(misc-no-recursion) */
{
    switch (field->type) {
    case FIELD_IS_INTEGER: return read_integer(field, place, value, at);
    case FIELD_IS_BOOLEAN:
        *(bool *)at = cJSON_IsTrue(value);
        return cJSON_IsBool(value) || refuse(place, REASON_WRONG_TYPE);
    case FIELD_IS_NAMES: return read_names(field, place, value, at);
    case FIELD_IS_ID_SET: return read_id_set(field, place, value, at);
    case FIELD_IS_LIST: return read_list(field, place, value, at);
    case FIELD_IS_OBJECT: return read_nested(field, place, value, at);
    default:
        return cJSON_IsString(value)
            ? field_take_text(field, place, str_from_c(value->valuestring), at)
            : refuse(place, REASON_WRONG_TYPE);
    }
}

static bool read_member(const struct field *field, const struct field_place *place,
                        const cJSON *value, void *out)
{
    if ((field->flags & FIELD_READ_ONLY) != 0 || field->type == FIELD_IS_JSON)
        return refuse(place, REASON_READ_ONLY_FIELD);
    if (cJSON_IsNull(value)) {
        if ((field->flags & FIELD_NULLABLE) != 0) return true; /* cleared already */
        return refuse(place,
                      (field->flags & FIELD_REQUIRED) != 0 ? REASON_REQUIRED : REASON_WRONG_TYPE);
    }
    return read_value(field, place, value, (char *)out + field->offset);
}

/* The field of a member's name; senders mostly keep the table's order, so the search begins after the
   last hit, `*index`, which is SIZE_MAX before the first. */
static const struct field *field_after(const struct field *fields, size_t *index, struct str name)
{
    for (size_t i = *index + 1; fields[i].name != NULL; i++) {
        if (str_equal_c(name, fields[i].name)) {
            *index = i;
            return &fields[i];
        }
    }
    return field_find(fields, name, index);
}

static bool check_required(const struct field *fields, const struct field_place *place,
                           uint64_t seen)
{
    bool all_there = true;

    for (size_t i = 0; fields[i].name != NULL; i++) {
        if ((fields[i].flags & FIELD_REQUIRED) != 0 && (seen & (UINT64_C(1) << i)) == 0) {
            const struct field_place missing = { place->arena, place->problem, place->parent,
                                                 str_from_c(fields[i].name) };
            refuse(&missing, REASON_REQUIRED);
            all_there = false;
        }
    }
    return all_there;
}

static bool read_object(const struct field *fields, enum field_strictness strictness,
                        struct arena *arena, const cJSON *object, struct str path,
                        struct problem *problem, void *out,
                        uint64_t *present) /* NOLINT(misc-no-recursion) */
{
    struct field_place here = { arena, problem, path, STR("") };
    bool all_fine = true;
    uint64_t seen = 0;
    size_t index = SIZE_MAX;

    fields_clear(fields, out);
    if (!cJSON_IsObject(object))
        return path.len > 0 ? refuse(&here, REASON_WRONG_TYPE)
                            : fail(problem, REASON_BAD_JSON, NULL, "This must be a JSON object.");
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        const struct field *field = field_after(fields, &index, str_from_c(member->string));
        const struct field_place place = { arena, problem, path, str_from_c(member->string) };
        if (field == NULL && strictness == FIELDS_OPEN) continue;
        if (field == NULL)
            all_fine = refuse(&place, REASON_UNKNOWN_FIELD);
        else if ((seen & (UINT64_C(1) << index)) != 0)
            all_fine = refuse(&place, REASON_REPEATED_FIELD);
        else if (!read_member(field, &place, member, out))
            all_fine = false;
        if (field != NULL) seen |= UINT64_C(1) << index;
    }
    if (present != NULL) *present = seen;
    return check_required(fields, &here, seen) && all_fine;
}

bool fields_from_json(const struct field *fields, enum field_strictness strictness,
                      struct arena *arena, const struct cJSON *object, struct str path,
                      struct problem *problem, void *out, uint64_t *present)
{
    return read_object(fields, strictness, arena, object, path, problem, out, present);
}

static bool is_null(const struct field *field, const void *at)
{
    switch (field->type) {
    case FIELD_IS_ID: return *(const id64_t *)at == ID_NONE;
    case FIELD_IS_MONEY:
    case FIELD_IS_INSTANT: return *(const int64_t *)at == INT64_MIN;
    case FIELD_IS_TEXT:
    case FIELD_IS_JSON: return str_is_absent(*(const struct str *)at);
    case FIELD_IS_NAME: return *(const int *)at < 0;
    case FIELD_IS_OBJECT: return (field->flags & FIELD_POINTER) != 0 && *(void *const *)at == NULL;
    default: return false;
    }
}

static void write_quoted(struct buffer *out, const struct field *field, const void *in)
{
    buffer_add_byte(out, '"');
    field_to_text(field, in, out);
    buffer_add_byte(out, '"');
}

static void write_names(const struct field *field, uint64_t set, struct buffer *out)
{
    const char *separator = "";

    buffer_add_byte(out, '[');
    for (int i = 0; field->names[i] != NULL; i++) {
        if ((set & (UINT64_C(1) << i)) != 0) {
            buffer_add_format(out, "%s\"%s\"", separator, field->names[i]);
            separator = ",";
        }
    }
    buffer_add_byte(out, ']');
}

static void write_list(const struct field *field, const struct list *list, struct buffer *out)
{
    buffer_add_byte(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0) buffer_add_byte(out, ',');
        fields_to_json(field->fields, (const char *)list->at + i * field->size, out);
    }
    buffer_add_byte(out, ']');
}

static void write_value(const struct field *field, const void *in,
                        struct buffer *out) /* NOLINT(misc-no-recursion) */
{
    const void *at = (const char *)in + field->offset;

    switch (field->type) {
    case FIELD_IS_INTEGER:
    case FIELD_IS_BOOLEAN: field_to_text(field, in, out); break;
    case FIELD_IS_TEXT: json_write_string(out, *(const struct str *)at); break;
    case FIELD_IS_JSON: buffer_add(out, *(const struct str *)at); break;
    case FIELD_IS_OBJECT:
        fields_to_json(field->fields, (field->flags & FIELD_POINTER) != 0 ? *(void *const *)at : at,
                       out);
        break;
    case FIELD_IS_LIST: write_list(field, at, out); break;
    case FIELD_IS_NAMES: write_names(field, *(const uint64_t *)at, out); break;
    default: write_quoted(out, field, in); break;
    }
}

void fields_to_json(const struct field *fields, const void *in,
                    struct buffer *out) /* NOLINT(misc-no-recursion) */
{
    const char *separator = "";

    buffer_add_byte(out, '{');
    for (const struct field *field = fields; field->name != NULL; field++) {
        bool null = is_null(field, (const char *)in + field->offset);
        if (null && (field->flags & FIELD_OMIT_NULL) != 0) continue;
        buffer_add_c(out, separator);
        buffer_add_byte(out, '"');
        buffer_add_c(out, field->name);
        buffer_add_c(out, "\":");
        if (null)
            buffer_add_c(out, "null");
        else
            write_value(field, in, out);
        separator = ",";
    }
    buffer_add_byte(out, '}');
}

void field_to_text(const struct field *field, const void *in, struct buffer *out)
{
    const void *at = (const char *)in + field->offset;

    if (is_null(field, at)) return;
    switch (field->type) {
    case FIELD_IS_ID: buffer_add_id(out, field->id_kind, *(const id64_t *)at); break;
    case FIELD_IS_INTEGER: buffer_add_int(out, *(const int64_t *)at); break;
    case FIELD_IS_MONEY: buffer_add_micros(out, *(const micros_t *)at); break;
    case FIELD_IS_INSTANT: buffer_add_instant(out, *(const instant_t *)at); break;
    case FIELD_IS_TEXT:
    case FIELD_IS_JSON: buffer_add(out, *(const struct str *)at); break;
    case FIELD_IS_BOOLEAN: buffer_add_c(out, *(const bool *)at ? "true" : "false"); break;
    case FIELD_IS_NAME: buffer_add_c(out, field->names[*(const int *)at]); break;
    default: write_value(field, in, out); break;
    }
}
