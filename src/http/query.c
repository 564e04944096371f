#include "http/query.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool percent_decode(struct arena *arena, struct str text, bool plus_is_space, struct str *out)
{
    struct buffer decoded = buffer_new(arena, text.len);

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%') {
            bool is_whole = text.len - i > 2;
            int high = is_whole ? hex_value(text.at[i + 1]) : -1;
            int low = is_whole ? hex_value(text.at[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        buffer_add_byte(&decoded, c);
    }
    *out = buffer_str(&decoded);
    return str_is_text(*out);
}

/* One "name=value". */
static bool read_parameter(const struct field *fields, struct arena *arena, struct str pair,
                           uint64_t *seen, struct problem *problem, void *out)
{
    struct str raw = pair, name_text = STR_NONE, name, value;
    size_t index;

    str_split(&raw, '=', &name_text);
    if (!percent_decode(arena, name_text, true, &name))
        return fail_field(problem, REASON_UNKNOWN_PARAMETER, STR("?"),
                          "A parameter's name is not percent-encoded text.");
    if (!percent_decode(arena, str_is_absent(raw) ? STR("") : raw, true, &value))
        return fail_field(problem, REASON_BAD_REQUEST, name,
                          "The value is not percent-encoded text.");
    const struct field *field = fields == NULL ? NULL : field_find(fields, name, &index);
    if (field == NULL) return fail_field_as(problem, REASON_UNKNOWN_PARAMETER, name);
    if ((*seen & (UINT64_C(1) << index)) != 0)
        return fail_field(problem, REASON_REPEATED_FIELD, name,
                          "This parameter is given more than once.");
    *seen |= UINT64_C(1) << index;
    return field_from_text(field, arena, value, problem, out);
}

static bool check_required(const struct field *fields, uint64_t seen, struct problem *problem)
{
    bool all_there = true;

    for (size_t i = 0; fields != NULL && fields[i].name != NULL; i++) {
        if ((fields[i].flags & FIELD_REQUIRED) == 0 || (seen & (UINT64_C(1) << i)) != 0) continue;
        all_there = fail_field_as(problem, REASON_REQUIRED, str_from_c(fields[i].name));
    }
    return all_there;
}

bool query_read(const struct field *fields, struct arena *arena, struct str query,
                struct problem *problem, void *out)
{
    struct str rest = query, pair;
    uint64_t seen = 0;
    bool all_fine = true;

    if (fields != NULL) fields_clear(fields, out);
    while (str_split(&rest, '&', &pair)) {
        if (pair.len > 0 && !read_parameter(fields, arena, pair, &seen, problem, out))
            all_fine = false;
    }
    return check_required(fields, seen, problem) && all_fine;
}
