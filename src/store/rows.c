/* Values in and out: arguments, columns, and rows read by a table of fields. */
#include "store/driver.h"

#include "base/hash.h"

#include <assert.h>
#include <string.h>

enum { LIST_FIRST_CAPACITY = 16, BULK_COLUMNS_MAX = 32 };

struct db_value db_int(int64_t number)
{
    return (struct db_value){ .type = DB_INT, .number = number };
}

static struct db_value int_or_null(int64_t number, int64_t none)
{
    return (struct db_value){ .type = DB_INT, .number = number, .is_null = number == none };
}

struct db_value db_bool(bool fact)
{
    return db_int(fact);
}

struct db_value db_id(id64_t id)
{
    return int_or_null(id, ID_NONE);
}

struct db_value db_instant(instant_t instant)
{
    return int_or_null(instant, INSTANT_NONE);
}

struct db_value db_micros(micros_t amount)
{
    return int_or_null(amount, MICROS_NONE);
}

struct db_value db_limit(int64_t limit)
{
    return int_or_null(limit, 0);
}

struct db_value db_text(struct str text)
{
    return (struct db_value){
        .type = DB_TEXT, .is_null = str_is_absent(text), .at = text.at, .len = text.len
    };
}

struct db_value db_bytes(struct bytes bytes)
{
    return (struct db_value){ .type = DB_BYTES,
                              .is_null = bytes.at == NULL,
                              .at = (const char *)bytes.at,
                              .len = bytes.len };
}

struct db_value db_hash(const unsigned char *hash32)
{
    return db_bytes((struct bytes){ hash32, HASH_BYTES });
}

static struct db_cell cell_of(const struct db_rows *rows, int column)
{
    assert(column >= 0 && column < rows->cursor->n_columns);
    return rows->tx->db->driver->cell(rows->cursor, column);
}

static void refuse_cell(const struct db_rows *rows, int column, struct db_cell cell,
                        const char *wanted)
{
    enum reason reason = cell.type == CELL_TOO_LARGE ? REASON_OVERFLOW : REASON_INTERNAL;

    rows->cursor->unreadable = true;
    if (reason == REASON_OVERFLOW) {
        fail_as(rows->tx->problem, reason, NULL);
    } else {
        fail(rows->tx->problem, reason, NULL, "column %d of a row is not %s", column, wanted);
    }
}

static int64_t int_or(const struct db_rows *rows, int column, int64_t none)
{
    struct db_cell cell = cell_of(rows, column);

    if (cell.type == CELL_INT) return cell.number;
    if (cell.type != CELL_NULL) refuse_cell(rows, column, cell, "a whole number of 64 bits");
    return none;
}

bool row_is_null(const struct db_rows *rows, int column)
{
    return cell_of(rows, column).type == CELL_NULL;
}

int64_t row_int(const struct db_rows *rows, int column)
{
    return int_or(rows, column, 0);
}

bool row_bool(const struct db_rows *rows, int column)
{
    return int_or(rows, column, 0) != 0;
}

id64_t row_id(const struct db_rows *rows, int column)
{
    return int_or(rows, column, ID_NONE);
}

instant_t row_instant(const struct db_rows *rows, int column)
{
    return int_or(rows, column, INSTANT_NONE);
}

micros_t row_micros(const struct db_rows *rows, int column)
{
    return int_or(rows, column, MICROS_NONE);
}

struct str row_text(const struct db_rows *rows, int column)
{
    struct db_cell cell = cell_of(rows, column);

    if (cell.type == CELL_TEXT) return str_copy(rows->tx->arena, (struct str){ cell.at, cell.len });
    if (cell.type != CELL_NULL) refuse_cell(rows, column, cell, "text");
    return STR_NONE;
}

struct bytes row_bytes(const struct db_rows *rows, int column)
{
    struct db_cell cell = cell_of(rows, column);

    if (cell.type == CELL_BYTES) {
        struct str copy = str_copy(rows->tx->arena, (struct str){ cell.at, cell.len });

        return (struct bytes){ (const unsigned char *)copy.at, copy.len };
    }
    if (cell.type != CELL_NULL) refuse_cell(rows, column, cell, "bytes");
    return (struct bytes){ NULL, 0 };
}

static int names_count(names_t names)
{
    int count = 0;

    while (names[count] != NULL)
        count++;
    return count;
}

int row_name(const struct db_rows *rows, int column, names_t names)
{
    struct db_cell cell = cell_of(rows, column);
    int64_t index = -1;

    if (cell.type == CELL_NULL) return -1;
    if (cell.type == CELL_INT && cell.number < names_count(names)) index = cell.number;
    if (cell.type == CELL_TEXT) index = name_index(names, (struct str){ cell.at, cell.len });
    if (index >= 0) return (int)index;
    refuse_cell(rows, column, cell, "one of the known names");
    return -1;
}

static void read_field(const struct db_rows *rows, int column, const struct field *field, void *at)
{
    switch (field->type) {
    case FIELD_IS_ID: *(id64_t *)at = row_id(rows, column); return;
    case FIELD_IS_INTEGER: *(int64_t *)at = row_int(rows, column); return;
    case FIELD_IS_MONEY: *(micros_t *)at = row_micros(rows, column); return;
    case FIELD_IS_INSTANT: *(instant_t *)at = row_instant(rows, column); return;
    case FIELD_IS_TEXT:
    case FIELD_IS_JSON: *(struct str *)at = row_text(rows, column); return;
    case FIELD_IS_BOOLEAN: *(bool *)at = row_bool(rows, column); return;
    case FIELD_IS_NAME: *(int *)at = row_name(rows, column, field->names); return;
    case FIELD_IS_NAMES: *(uint64_t *)at = (uint64_t)row_int(rows, column); return;
    case FIELD_IS_OBJECT:
    case FIELD_IS_ID_SET:
    case FIELD_IS_LIST: break;
    }
    assert(!"a column holds one value");
}

void row_read_from(const struct db_rows *rows, int first, const struct field *fields, void *out)
{
    for (int i = 0; fields[i].name != NULL; i++)
        read_field(rows, first + i, &fields[i], (char *)out + fields[i].offset);
}

void row_read(const struct db_rows *rows, const struct field *fields, void *out)
{
    row_read_from(rows, 0, fields, out);
}

bool db_find(struct tx *tx, const char *sql, struct db_args args, const struct field *fields,
             void *out, bool *found)
{
    struct db_rows rows;

    if (!db_query(tx, &rows, sql, args)) return false;

    bool is_there = db_next(&rows);

    if (is_there) row_read(&rows, fields, out);
    if (!db_done(&rows)) return false;
    if (found != NULL) *found = is_there;
    return is_there || found != NULL || fail_as(tx->problem, REASON_NOT_FOUND, NULL);
}

bool db_find_int(struct tx *tx, const char *sql, struct db_args args, int64_t fallback,
                 int64_t *out)
{
    struct db_rows rows;

    if (!db_query(tx, &rows, sql, args)) return false;
    *out = db_next(&rows) ? int_or(&rows, 0, fallback) : fallback;
    return db_done(&rows);
}

/* Room for one more item; items move as the list grows. */
static void *list_add(struct arena *arena, struct list *list, size_t *capacity, size_t size)
{
    if (list->count == *capacity) {
        *capacity = *capacity == 0 ? LIST_FIRST_CAPACITY : *capacity * 2;

        char *grown = arena_alloc(arena, *capacity * size);

        if (list->count > 0) memcpy(grown, list->at, list->count * size);
        list->at = grown;
    }
    return (char *)list->at + list->count++ * size;
}

bool db_list(struct tx *tx, const char *sql, struct db_args args, const struct field *fields,
             size_t size, size_t limit, struct list *out)
{
    struct db_rows rows;
    size_t capacity = 0;

    *out = (struct list){ NULL, 0 };
    if (!db_query(tx, &rows, sql, args)) return false;
    while (out->count < limit && db_next(&rows))
        row_read(&rows, fields, list_add(tx->arena, out, &capacity, size));
    return db_done(&rows);
}

/* --- structs as columns --- */

static bool is_text(const struct field *field)
{
    return field->type == FIELD_IS_TEXT
        || (field->type == FIELD_IS_NAME && (field->flags & FIELD_NUMBERED) == 0);
}

static struct str text_in(const struct field *field, const void *at)
{
    if (field->type == FIELD_IS_TEXT) return *(const struct str *)at;
    int name = *(const int *)at;

    return name < 0 ? STR_NONE : str_from_c(field->names[name]);
}

/* `*null`: the type's own. */
static int64_t number_in(const struct field *field, const void *at, bool *null)
{
    int64_t number;

    switch (field->type) {
    case FIELD_IS_BOOLEAN: *null = false; return *(const bool *)at;
    case FIELD_IS_NAME:
        number = *(const int *)at;
        *null = number < 0;
        return number;
    case FIELD_IS_ID:
        number = *(const id64_t *)at;
        *null = number == ID_NONE;
        return number;
    case FIELD_IS_MONEY:
        number = *(const micros_t *)at;
        *null = number == MICROS_NONE;
        return number;
    case FIELD_IS_INSTANT:
        number = *(const instant_t *)at;
        *null = number == INSTANT_NONE;
        return number;
    default:
        assert(field->type == FIELD_IS_INTEGER);
        *null = false;
        return *(const int64_t *)at;
    }
}

static struct db_column column_of(struct arena *arena, const struct field *field,
                                  const void *const *structs, size_t n)
{
    if (is_text(field)) {
        struct str *texts = ARENA_ARRAY(arena, struct str, n);

        for (size_t i = 0; i < n; i++)
            texts[i] = text_in(field, (const char *)structs[i] + field->offset);
        return (struct db_column){ DB_COLUMN_TEXT, .texts = texts };
    }
    int64_t *numbers = ARENA_ARRAY(arena, int64_t, n);
    bool *nulls = ARENA_ARRAY(arena, bool, n);

    for (size_t i = 0; i < n; i++)
        numbers[i] = number_in(field, (const char *)structs[i] + field->offset, &nulls[i]);
    return (struct db_column){ DB_COLUMN_INT, .numbers = numbers, .nulls = nulls };
}

bool db_bulk_write(struct tx *tx, const struct db_bulk *bulk, const struct field *fields,
                   const void *const *structs, size_t n, struct db_args shared)
{
    struct db_column columns[BULK_COLUMNS_MAX];
    size_t count = 0;

    for (; fields[count].name != NULL; count++) {
        assert(count < BULK_COLUMNS_MAX);
        columns[count] = column_of(tx->arena, &fields[count], structs, n);
    }
    return db_bulk_run(tx, bulk, columns, count, n, shared, NULL, NULL);
}
