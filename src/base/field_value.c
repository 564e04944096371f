/* One value of a field: its checks, and reading it from text (base/field.h). */
#include "base/field_private.h"

#include "base/decimal.h"
#include "base/time.h"

struct str field_place_path(const struct field_place *place)
{
    if (place->parent.len == 0) return place->name;
    if (place->name.len == 0) return place->parent;
    return str_format(place->arena, "%.*s.%.*s", STR_ARG(place->parent), STR_ARG(place->name));
}

static bool refuse(const struct field_place *place, enum reason reason)
{
    return fail_field_as(place->problem, reason, field_place_path(place));
}

static bool has_limits(const struct field *field)
{
    return field->min != 0 || field->max != 0;
}

bool field_take_integer(const struct field *field, const struct field_place *place, int64_t number,
                        void *at)
{
    if (has_limits(field) && number < field->min)
        return fail_field(place->problem, REASON_TOO_SMALL, field_place_path(place),
                          "This must be at least %lld.", (long long)field->min);
    if (has_limits(field) && number > field->max)
        return fail_field(place->problem, REASON_TOO_LARGE, field_place_path(place),
                          "This must be at most %lld.", (long long)field->max);
    *(int64_t *)at = number;
    return true;
}

static bool take_money(const struct field *field, const struct field_place *place, struct str text,
                       void *at)
{
    micros_t amount;

    if (!micros_parse(text, &amount)) return refuse(place, REASON_BAD_MONEY);
    if (has_limits(field) && amount < field->min)
        return fail_field(place->problem, REASON_TOO_SMALL, field_place_path(place),
                          "This must be at least %.*s.",
                          STR_ARG(micros_format(place->arena, field->min)));
    if (has_limits(field) && amount > field->max)
        return fail_field(place->problem, REASON_TOO_LARGE, field_place_path(place),
                          "This must be at most %.*s.",
                          STR_ARG(micros_format(place->arena, field->max)));
    *(micros_t *)at = amount;
    return true;
}

static bool is_code(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] <= ' ' || text.at[i] > '~') return false;
    }
    return true;
}

static bool take_string(const struct field *field, const struct field_place *place, struct str text,
                        void *at)
{
    if ((field->flags & FIELD_LINE) != 0) text = str_trim(text);
    size_t points = str_code_points(text);

    if (field->max != 0 && points > (size_t)field->max)
        return fail_field(place->problem, REASON_TOO_LONG, field_place_path(place),
                          "This may have at most %lld characters.", (long long)field->max);
    if (points < (size_t)field->min)
        return fail_field(place->problem, REASON_TOO_SHORT, field_place_path(place),
                          "This must have at least %lld character%s.", (long long)field->min,
                          field->min == 1 ? "" : "s");
    if ((field->flags & FIELD_LINE) != 0 && !str_is_line(text))
        return refuse(place, REASON_BAD_LINE);
    if ((field->flags & FIELD_CODE) != 0 && !is_code(text)) return refuse(place, REASON_BAD_CODE);
    *(struct str *)at = text;
    return true;
}

static bool take_name(const struct field *field, const struct field_place *place, struct str text,
                      void *at)
{
    int index = name_index(field->names, text);

    if (index < 0) {
        struct buffer allowed = buffer_new(place->arena, 128);
        for (int i = 0; field->names[i] != NULL; i++)
            buffer_add_format(&allowed, "%s%s", i == 0 ? "" : ", ", field->names[i]);
        return fail_field(place->problem, REASON_NOT_ALLOWED_VALUE, field_place_path(place),
                          "This must be one of %.*s.", STR_ARG(buffer_str(&allowed)));
    }
    *(int *)at = index;
    return true;
}

bool field_take_text(const struct field *field, const struct field_place *place, struct str text,
                     void *at)
{
    switch (field->type) {
    case FIELD_IS_ID: return id_parse(field->id_kind, text, at) || refuse(place, REASON_BAD_ID);
    case FIELD_IS_MONEY: return take_money(field, place, text, at);
    case FIELD_IS_INSTANT: return instant_parse(text, at) || refuse(place, REASON_BAD_TIME);
    case FIELD_IS_TEXT: return take_string(field, place, text, at);
    case FIELD_IS_NAME: return take_name(field, place, text, at);
    default: return refuse(place, REASON_WRONG_TYPE);
    }
}

static bool take_boolean_text(const struct field_place *place, struct str text, bool *at)
{
    *at = str_equal_c(text, "true");
    return *at || str_equal_c(text, "false") || refuse(place, REASON_WRONG_TYPE);
}

bool field_from_text(const struct field *field, struct arena *arena, struct str text,
                     struct problem *problem, void *out)
{
    struct field_place place = { arena, problem, STR(""), str_from_c(field->name) };
    void *at = (char *)out + field->offset;
    int64_t number;

    if (!str_is_text(text)) return refuse(&place, REASON_BAD_TEXT);
    if (field->type == FIELD_IS_INTEGER)
        return str_to_int64(text, &number) ? field_take_integer(field, &place, number, at)
                                           : refuse(&place, REASON_WRONG_TYPE);
    if (field->type == FIELD_IS_BOOLEAN) return take_boolean_text(&place, text, at);
    return field_take_text(field, &place, text, at);
}
