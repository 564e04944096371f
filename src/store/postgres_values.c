/* Values on PostgreSQL's wire: parameters and arrays in binary, results as text. */
#include "store/postgres.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* Type numbers are fixed for built-in types (PostgreSQL's pg_type.dat). */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_NUMERIC = 1700,
};

enum { FORMAT_BINARY = 1 };

static const Oid type_oids[] = {
    [DB_INT] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BYTES] = OID_BYTEA
};

static void add_value(struct pg_parameters *parameters, const struct db_value *value)
{
    assert(parameters->count < PARAMETERS_MAX);
    int i = parameters->count++;

    parameters->types[i] = type_oids[value->type];
    parameters->formats[i] = FORMAT_BINARY;
    if (value->is_null) {
        parameters->values[i] = NULL;
        parameters->lengths[i] = 0;
    } else if (value->type == DB_INT) {
        parameters->numbers[i] = htobe64((uint64_t)value->number);
        parameters->values[i] = (const char *)&parameters->numbers[i];
        parameters->lengths[i] = sizeof(parameters->numbers[i]);
    } else {
        parameters->values[i] = value->at;
        parameters->lengths[i] = (int)value->len;
    }
}

void pg_add_args(struct pg_parameters *parameters, struct db_args args)
{
    for (size_t i = 0; i < args.count; i++)
        add_value(parameters, &args.at[i]);
}

/* An array of one dimension, as array_send writes it: this, then each element's length (-1: NULL)
   and bytes. */
struct array_header {
    uint32_t dimensions, has_nulls, element_type, count, first_index;
};

static const uint32_t null_length = UINT32_MAX;

static char *write_bytes(char *out, const void *bytes, size_t length)
{
    uint32_t length_sent = htobe32((uint32_t)length);

    memcpy(out, &length_sent, sizeof(length_sent));
    memcpy(out + sizeof(length_sent), bytes, length);
    return out + sizeof(length_sent) + length;
}

static char *write_null(char *out)
{
    memcpy(out, &null_length, sizeof(null_length));
    return out + sizeof(null_length);
}

static char *write_ints(char *out, const struct db_column *column, size_t n_rows)
{
    for (size_t row = 0; row < n_rows; row++) {
        uint64_t number = htobe64((uint64_t)column->numbers[row]);

        out = column->nulls != NULL && column->nulls[row]
            ? write_null(out)
            : write_bytes(out, &number, sizeof(number));
    }
    return out;
}

static char *write_texts(char *out, const struct db_column *column, size_t n_rows)
{
    for (size_t row = 0; row < n_rows; row++) {
        struct str text = column->texts[row];

        out = str_is_absent(text) ? write_null(out) : write_bytes(out, text.at, text.len);
    }
    return out;
}

/* At most this many bytes. */
static size_t array_bytes(const struct db_column *column, size_t n_rows)
{
    size_t bytes = sizeof(struct array_header) + n_rows * sizeof(uint32_t);

    if (column->type == DB_COLUMN_INT) return bytes + n_rows * sizeof(int64_t);
    for (size_t row = 0; row < n_rows; row++)
        bytes += column->texts[row].len;
    return bytes;
}

bool pg_column_is_null(const struct db_column *column, size_t n_rows)
{
    for (size_t row = 0; row < n_rows; row++) {
        if (column->type == DB_COLUMN_TEXT ? !str_is_absent(column->texts[row])
                                           : column->nulls == NULL || !column->nulls[row])
            return false;
    }
    return true;
}

void pg_add_no_array(struct pg_parameters *parameters, const struct db_column *column)
{
    assert(parameters->count < PARAMETERS_MAX);
    int i = parameters->count++;

    parameters->types[i] = column->type == DB_COLUMN_INT ? OID_INT8_ARRAY : OID_TEXT_ARRAY;
    parameters->formats[i] = FORMAT_BINARY;
    parameters->values[i] = NULL;
    parameters->lengths[i] = 0;
}

void pg_add_array(struct pg_parameters *parameters, struct arena *arena,
                  const struct db_column *column, size_t n_rows)
{
    assert(parameters->count < PARAMETERS_MAX);
    bool is_int = column->type == DB_COLUMN_INT;
    const struct array_header header = {
        .dimensions = htobe32(1),
        .has_nulls = htobe32(1), /* may have: the server looks for itself */
        .element_type = htobe32(is_int ? OID_INT8 : OID_TEXT),
        .count = htobe32((uint32_t)n_rows),
        .first_index = htobe32(1),
    };
    char *array = arena_alloc_raw(arena, array_bytes(column, n_rows));
    char *out = array + sizeof(header);
    int i = parameters->count++;

    memcpy(array, &header, sizeof(header));
    out = is_int ? write_ints(out, column, n_rows) : write_texts(out, column, n_rows);
    parameters->types[i] = is_int ? OID_INT8_ARRAY : OID_TEXT_ARRAY;
    parameters->formats[i] = FORMAT_BINARY;
    parameters->values[i] = array;
    parameters->lengths[i] = (int)(out - array);
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* bytea_output = hex: "\x" and two digits a byte. */
static struct db_cell bytes_cell(struct str hex, struct arena *arena)
{
    size_t length = (hex.len - 2) / 2;
    char *bytes = arena_alloc_raw(arena, length + 1);

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(hex_digit(hex.at[2 + 2 * i]) << 4 | hex_digit(hex.at[3 + 2 * i]));
    return (struct db_cell){ .type = CELL_BYTES, .at = bytes, .len = length };
}

/* numeric is what SUM() of a bigint gives: whole, but of any length. */
static struct db_cell number_cell(struct str digits)
{
    struct db_cell cell = { .type = CELL_INT };

    if (str_to_int64(digits, &cell.number)) return cell;
    cell.type = str_contains_byte(digits, '.') || str_contains_byte(digits, 'N') ? CELL_OTHER
                                                                                 : CELL_TOO_LARGE;
    return cell;
}

struct db_cell pg_cell(const PGresult *result, int row, int column, struct arena *arena)
{
    if (PQgetisnull(result, row, column)) return (struct db_cell){ .type = CELL_NULL };

    struct str text = { PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column) };

    switch (PQftype(result, column)) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2:
    case OID_NUMERIC: return number_cell(text);
    case OID_BOOL: return (struct db_cell){ .type = CELL_INT, .number = text.at[0] == 't' };
    case OID_BYTEA: return bytes_cell(text, arena);
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
    case OID_NAME: return (struct db_cell){ .type = CELL_TEXT, .at = text.at, .len = text.len };
    default: return (struct db_cell){ .type = CELL_OTHER };
    }
}
