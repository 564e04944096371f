#include "integrations/call_columns.h"

#include <assert.h>
#include <string.h>

enum { KEY_MAX = 64 };

struct str call_word_key(struct str text, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len && n < size; i++) {
        char byte = text.at[i];
        if (byte >= 'A' && byte <= 'Z') byte = (char)(byte + ('a' - 'A'));
        if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) out[n++] = byte;
    }
    return (struct str){ out, n };
}

int call_word_value(const struct call_word *words, struct str text, int otherwise)
{
    char at[KEY_MAX];
    struct str key = call_word_key(text, at, sizeof(at));

    for (; words->word != NULL; words++) {
        if (str_equal_c(key, words->word)) return words->value;
    }
    return otherwise;
}

struct str call_cell(const struct call_cells *cells, int column)
{
    int at = cells->positions[column];

    return at < 0 || (size_t)at >= cells->n ? STR("") : str_trim(cells->at[at]);
}

bool call_field_is_present(const struct call_decoding *decoding, const char *field)
{
    return (decoding->present & field_bit(call_record_fields, field)) != 0;
}

static bool is_called(const struct call_column *column, struct str key)
{
    struct str aliases = str_from_c(column->aliases), alias;

    if (str_equal_c(key, column->name)) return true;
    while (str_split(&aliases, ' ', &alias)) {
        if (str_equal(key, alias)) return true;
    }
    return false;
}

/* The format's column of this name, or -1. */
static int find_column(const struct call_format *format, struct str name)
{
    char at[KEY_MAX];
    struct str key = call_word_key(name, at, sizeof(at));

    for (int i = 0; key.len > 0 && format->columns[i].name != NULL; i++) {
        if (is_called(&format->columns[i], key)) return i;
    }
    return -1;
}

static bool add_binding(struct call_columns *columns, struct call_binding binding,
                        struct problem *problem)
{
    if (columns->n_bindings == CALL_BINDINGS_MAX)
        return fail(problem, REASON_BAD_REQUEST, NULL, "--map names more than %d columns",
                    CALL_BINDINGS_MAX);
    columns->bindings[columns->n_bindings++] = binding;
    return true;
}

/* "COLUMN=FIELD" */
static bool add_mapping(struct call_columns *columns, struct str mapping, struct problem *problem)
{
    struct str rest = mapping, name;
    int64_t number;

    str_split(&rest, '=', &name);
    name = str_trim(name);
    const struct field *field = field_find(call_record_fields, str_trim(rest), NULL);
    if (name.len == 0 || str_is_absent(rest))
        return fail(problem, REASON_BAD_REQUEST, NULL,
                    "--map: \"%.*s\" is not COLUMN=FIELD, such as accountcode=subaccount",
                    STR_ARG(mapping));
    if (field == NULL)
        return fail(problem, REASON_BAD_REQUEST, NULL,
                    "--map: a call record has no field \"%.*s\"; see minutebank help import",
                    STR_ARG(str_trim(rest)));
    struct call_binding binding = { field, name, find_column(columns->format, name), -1 };
    if (str_to_int64(name, &number)) {
        if (number < 1 || number > CSV_COLUMNS_MAX)
            return fail(problem, REASON_BAD_REQUEST, NULL,
                        "--map: columns are numbered from 1 to %d", CSV_COLUMNS_MAX);
        binding.column = -1;
        binding.cell = (int)number - 1;
    }
    return add_binding(columns, binding, problem);
}

static bool is_bound(const struct call_columns *columns, size_t n, const struct field *field)
{
    for (size_t i = 0; i < n; i++) {
        if (columns->bindings[i].field == field) return true;
    }
    return false;
}

bool call_columns_open(struct call_columns *columns, const struct call_format *format,
                       const struct call_file_settings *settings, struct arena *arena,
                       struct problem *problem)
{
    struct str map = settings->map, mapping;

    *columns = (struct call_columns){ .format = format, .settings = settings, .arena = arena };
    while (str_split(&map, ',', &mapping)) {
        if (str_trim(mapping).len > 0 && !add_mapping(columns, mapping, problem)) return false;
    }
    columns->n_mapped = columns->n_bindings;
    for (int i = 0; format->columns[i].name != NULL; i++) {
        const struct call_column *column = &format->columns[i];
        const struct field *field = column->field == NULL
            ? NULL
            : field_find(call_record_fields, str_from_c(column->field), NULL);

        assert(i < CALL_FORMAT_COLUMNS_MAX && (column->field == NULL) == (field == NULL));
        if (field == NULL || is_bound(columns, columns->n_mapped, field)) continue;
        if (!add_binding(columns, (struct call_binding){ field, str_from_c(column->name), i, -1 },
                         problem))
            return false;
    }
    return true;
}

bool call_columns_are_names(const struct call_columns *columns, const struct csv_row *row)
{
    bool names_start = false, names_duration = false;

    for (size_t i = 0; i < row->n; i++) {
        int column = find_column(columns->format, row->cells[i]);
        const char *field = column < 0 ? NULL : columns->format->columns[column].field;
        if (field == NULL) continue;
        names_start |= str_equal_c(STR("started_at"), field);
        names_duration |= str_equal_c(STR("duration_seconds"), field);
    }
    return names_start && names_duration;
}

/* Where the header has a column by the name that the map gives it. */
static int find_cell(const struct csv_row *row, struct str name)
{
    char wanted_at[KEY_MAX], key_at[KEY_MAX];
    struct str wanted = call_word_key(name, wanted_at, sizeof(wanted_at));

    for (size_t i = 0; i < row->n; i++) {
        if (str_equal(wanted, call_word_key(row->cells[i], key_at, sizeof(key_at)))) return (int)i;
    }
    return -1;
}

/* Whether some column, or a setting, can fill the field. */
static bool is_filled(const struct call_columns *columns, const struct field *field)
{
    const struct call_file_settings *settings = columns->settings;

    if (str_equal_c(STR("tier"), field->name)) return true;
    if (str_equal_c(STR("direction"), field->name) && columns->format->layout != NULL) return true;
    if (str_equal_c(STR("direction"), field->name) && settings->direction >= 0) return true;
    if (str_equal_c(STR("subaccount"), field->name) && !str_is_absent(settings->subaccount))
        return true;
    /* Without an id of its own a line is known by its hash. */
    if (str_equal_c(STR("id"), field->name) && columns->format->layout != NULL) return true;
    for (size_t i = 0; i < columns->n_bindings; i++) {
        const struct call_binding *binding = &columns->bindings[i];
        if (binding->field == field
            && (binding->column < 0 || columns->positions[binding->column] >= 0))
            return true;
    }
    return false;
}

static bool is_placed(const struct call_columns *columns, const struct call_binding *binding,
                      const struct csv_row *row)
{
    if (binding->column >= 0) return columns->positions[binding->column] >= 0;
    return binding->cell >= 0 && (size_t)binding->cell < row->n;
}

/* Every column that the map names is there. */
static bool check_mapped(const struct call_columns *columns, const struct csv_row *row,
                         struct problem *problem)
{
    for (size_t i = 0; i < columns->n_mapped; i++) {
        const struct call_binding *binding = &columns->bindings[i];
        if (!is_placed(columns, binding, row))
            return fail(problem, REASON_BAD_REQUEST, NULL, "--map: the file has no column \"%.*s\"",
                        STR_ARG(binding->name));
    }
    return true;
}

/* Some column, or a setting, says what every record needs. */
static bool check_required(const struct call_columns *columns, struct problem *problem)
{
    for (const struct field *field = call_record_fields; field->name != NULL; field++) {
        if ((field->flags & FIELD_REQUIRED) != 0 && !is_filled(columns, field))
            return fail(problem, REASON_BAD_REQUEST, NULL,
                        "the first line names no column for the %s of calls;"
                        " if there is one, say so with --map COLUMN=%s",
                        field->name, field->name);
    }
    return true;
}

bool call_columns_take_header(struct call_columns *columns, const struct csv_row *row,
                              struct problem *problem)
{
    for (int i = 0; i < CALL_FORMAT_COLUMNS_MAX; i++)
        columns->positions[i] = -1;
    for (size_t i = 0; i < row->n; i++) {
        int column = find_column(columns->format, row->cells[i]);
        if (column >= 0 && columns->positions[column] < 0) columns->positions[column] = (int)i;
    }
    for (size_t i = 0; i < columns->n_bindings; i++) {
        struct call_binding *binding = &columns->bindings[i];
        if (binding->column < 0 && binding->cell < 0) binding->cell = find_cell(row, binding->name);
    }
    columns->has_header = true;
    return check_mapped(columns, row, problem) && check_required(columns, problem);
}

bool call_columns_go_without_header(struct call_columns *columns, struct problem *problem)
{
    for (size_t i = 0; i < columns->n_mapped; i++) {
        const struct call_binding *binding = &columns->bindings[i];
        if (binding->column < 0 && binding->cell < 0)
            return fail(problem, REASON_BAD_REQUEST, NULL,
                        "--map: there is no column \"%.*s\", as the first line names none",
                        STR_ARG(binding->name));
    }
    return true;
}

static bool refuse(struct problem *problem, enum reason reason, const struct field *field,
                   const char *sentence)
{
    return fail_field(problem, reason, str_from_c(field->name), "%s", sentence);
}

/* What must be exact to mean anything. All other texts describe the call, and are made to fit. */
static bool is_exact(const struct field *field)
{
    static const char *const exact[] = { "id", "source", "subaccount", "reservation", NULL };

    return name_index(exact, str_from_c(field->name)) >= 0;
}

/* NULs are left out; what is no UTF-8 then is read as Latin-1. */
static struct str as_text(struct arena *arena, struct str bytes)
{
    struct buffer kept = buffer_new(arena, bytes.len + 1), text;

    if (str_is_text(bytes)) return bytes;
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.at[i] != '\0') buffer_add_byte(&kept, bytes.at[i]);
    }
    if (str_is_text(buffer_str(&kept))) return buffer_str(&kept);
    text = buffer_new(arena, kept.len * 2);
    for (size_t i = 0; i < kept.len; i++) {
        unsigned char byte = (unsigned char)kept.at[i];
        if (byte >= 0x80) buffer_add_byte(&text, (char)(0xC0 | byte >> 6));
        buffer_add_byte(&text, (char)(byte < 0x80 ? byte : 0x80 | (byte & 0x3F)));
    }
    return buffer_str(&text);
}

/* Its first `max` code points. */
static struct str cut_points(struct str text, int64_t max)
{
    size_t len = 0;

    for (int64_t points = 0; len < text.len; len++) {
        if (((unsigned char)text.at[len] & 0xC0) != 0x80 && points++ == max) break;
    }
    return str_sub(text, 0, len);
}

static bool take_text(const struct call_decoding *decoding, const struct field *field,
                      struct str cell, struct problem *problem)
{
    if (!is_exact(field))
        cell = cut_points(as_text(decoding->arena, cell), field->max);
    else if (!str_is_text(cell))
        return refuse(problem, REASON_BAD_TEXT, field, "This is not valid UTF-8, or contains NUL.");
    return field_from_text(field, decoding->arena, cell, problem, decoding->record);
}

static bool take_time(struct call_decoding *decoding, const struct field *field, struct str cell,
                      struct problem *problem)
{
    struct call_time *time = str_equal_c(STR("started_at"), field->name) ? &decoding->started
        : str_equal_c(STR("answered_at"), field->name)                   ? &decoding->answered
                                                                         : &decoding->ended;

    if (!call_time_parse(cell, decoding->settings->zone, time))
        return refuse(problem, REASON_BAD_TIME, field,
                      "This is not a time such as 2026-11-23 08:12:45.");
    *(instant_t *)(void *)((char *)decoding->record + field->offset) = time->earlier;
    return true;
}

static bool take_name(const struct call_decoding *decoding, const struct call_format *format,
                      const struct field *field, struct str cell, struct problem *problem)
{
    int *at = (int *)(void *)((char *)decoding->record + field->offset);
    char key_at[KEY_MAX];

    if (field->names == call_status_names)
        *at = call_word_value(format->statuses, cell, -1);
    else if (field->names == call_direction_names)
        *at = call_word_value(format->directions, cell, -1);
    if (*at < 0 && *at != CALL_UNFINISHED) /* our own names, which the sender may use too */
        *at = name_index(field->names, call_word_key(cell, key_at, sizeof(key_at)));
    if (*at == CALL_UNFINISHED)
        return refuse(problem, REASON_NOT_ALLOWED_VALUE, field, "This call has not ended yet.");
    return *at >= 0
        || fail_field(problem, REASON_NOT_ALLOWED_VALUE, str_from_c(field->name),
                      "This is not a %s that is known here.", field->name);
}

static bool take_cell(struct call_decoding *decoding, const struct call_format *format,
                      const struct field *field, struct str cell, struct problem *problem)
{
    switch (field->type) {
    case FIELD_IS_INSTANT: return take_time(decoding, field, cell, problem);
    case FIELD_IS_NAME: return take_name(decoding, format, field, cell, problem);
    case FIELD_IS_TEXT: return take_text(decoding, field, cell, problem);
    default: return field_from_text(field, decoding->arena, cell, problem, decoding->record);
    }
}

static struct str cell_of(const struct call_cells *cells, const struct call_binding *binding)
{
    if (binding->column >= 0) return call_cell(cells, binding->column);
    return (size_t)binding->cell < cells->n ? str_trim(cells->at[binding->cell]) : STR("");
}

static bool take_cells(const struct call_columns *columns, struct call_decoding *decoding,
                       struct problem *problem)
{
    for (size_t i = 0; i < columns->n_bindings; i++) {
        const struct call_binding *binding = &columns->bindings[i];
        struct str cell = cell_of(decoding->cells, binding);
        uint64_t bit = field_bit(call_record_fields, binding->field->name);
        if (cell.len == 0 || (decoding->present & bit) != 0) continue;
        if (!take_cell(decoding, columns->format, binding->field, cell, problem)) return false;
        decoding->present |= bit;
    }
    return true;
}

/* What the settings say where the row does not. */
static void take_settings(const struct call_columns *columns, struct call_decoding *decoding)
{
    const struct call_file_settings *settings = columns->settings;
    struct call_record *record = decoding->record;

    if (record->tier < 0) record->tier = settings->tier;
    if (settings->direction >= 0) record->direction = settings->direction;
    if (str_is_absent(record->subaccount)) record->subaccount = settings->subaccount;
    if (str_is_absent(record->source))
        record->source = str_is_absent(settings->source) ? str_from_c(columns->format->source)
                                                         : settings->source;
}

static bool check_given(const struct call_record *record, const struct call_decoding *decoding,
                        struct problem *problem)
{
    const struct {
        const char *field;
        bool is_given;
    } needed[] = {
        { "id", !str_is_absent(record->id) },
        { "subaccount", !str_is_absent(record->subaccount) },
        { "direction", record->direction >= 0 },
        { "status", record->status >= 0 },
        { "started_at", record->started_at != INSTANT_NONE },
        { "duration_seconds", call_field_is_present(decoding, "duration_seconds") },
    };

    for (size_t i = 0; i < COUNT_OF(needed); i++) {
        if (!needed[i].is_given)
            return fail_field(problem, REASON_REQUIRED, str_from_c(needed[i].field),
                              "There is nothing in the column that says it.");
    }
    return true;
}

/* An id that was put together may have become too long. */
static bool check_id(const struct call_record *record, struct arena *arena, struct problem *problem)
{
    struct call_record scratch;

    return field_from_text(field_find(call_record_fields, STR("id"), NULL), arena, record->id,
                           problem, &scratch);
}

/* A file without a header may change its columns on the way, as the PBX's settings do. */
static bool find_places(struct call_columns *columns, const struct csv_row *row,
                        struct problem *problem)
{
    if (columns->has_header) return true;
    for (int i = 0; i < CALL_FORMAT_COLUMNS_MAX; i++)
        columns->positions[i] = -1;
    return columns->format->layout(row->cells, row->n, columns->positions)
        || fail(problem, REASON_INVALID, NULL,
                "This line has %zu columns, which is no known layout.", row->n);
}

bool call_columns_decode(struct call_columns *columns, const struct csv_row *row,
                         struct arena *arena, instant_t now, struct call_record *out,
                         struct problem *problem)
{
    const struct call_cells cells = { row->cells, row->n, columns->positions };
    struct call_decoding decoding = {
        .settings = columns->settings, .cells = &cells, .arena = arena, .record = out
    };

    fields_clear(call_record_fields, out);
    if (!find_places(columns, row, problem) || !take_cells(columns, &decoding, problem))
        return false;
    take_settings(columns, &decoding);
    if (columns->format->complete != NULL) columns->format->complete(&decoding);
    return check_given(out, &decoding, problem) && check_id(out, arena, problem)
        && call_record_check(out, now, STR(""), problem);
}
