/* Values on PostgreSQL's wire: parameters in binary, columns as array literals, results as text. */
#include "store/postgres.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

/* Type numbers are fixed for built-in types (PostgreSQL's pg_type.dat). */
enum {
    OID_OF_ARGUMENT = 0, /* array literals: the statement's own cast decides */
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_NUMERIC = 1700,
};

enum { FORMAT_TEXT = 0, FORMAT_BINARY = 1 };

enum { INT_CHARS_MAX = 20 }; /* "-9223372036854775808" */

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

static char *write_int(char *out, int64_t number)
{
    char digits[INT_CHARS_MAX];
    char *first = digits + sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) *out++ = '-';

    size_t length = (size_t)(digits + sizeof(digits) - first);

    memcpy(out, first, length);
    return out + length;
}

static char *write_null(char *out)
{
    memcpy(out, "NULL", 4);
    return out + 4;
}

/* Quoted always: what is empty, says NULL or has commas and braces needs it anyway. */
static char *write_quoted(char *out, struct str text)
{
    *out++ = '"';
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') *out++ = '\\';
        *out++ = text.at[i];
    }
    *out++ = '"';
    return out;
}

/* An upper bound of the literal's length, ending included. */
static size_t array_bytes_max(const struct db_column *column, size_t n_rows)
{
    enum { BRACES_AND_END = 3, QUOTES_AND_COMMA = 3, COMMA = 1, NULL_CHARS = 4 };

    if (column->type == DB_COLUMN_INT) return BRACES_AND_END + n_rows * (INT_CHARS_MAX + COMMA);

    size_t bytes = BRACES_AND_END + n_rows * (NULL_CHARS + QUOTES_AND_COMMA);

    for (size_t i = 0; i < n_rows; i++)
        bytes += 2 * column->texts[i].len; /* each byte may need a backslash */
    return bytes;
}

static char *write_element(char *out, const struct db_column *column, size_t row)
{
    if (column->type == DB_COLUMN_INT)
        return column->nulls != NULL && column->nulls[row] ? write_null(out)
                                                           : write_int(out, column->numbers[row]);
    return str_is_absent(column->texts[row]) ? write_null(out)
                                             : write_quoted(out, column->texts[row]);
}

void pg_add_array(struct pg_parameters *parameters, struct arena *arena,
                  const struct db_column *column, size_t n_rows)
{
    assert(parameters->count < PARAMETERS_MAX);
    int i = parameters->count++;
    char *literal = arena_alloc_raw(arena, array_bytes_max(column, n_rows)), *out = literal;

    *out++ = '{';
    for (size_t row = 0; row < n_rows; row++) {
        if (row > 0) *out++ = ',';
        out = write_element(out, column, row);
    }
    *out++ = '}';
    *out = '\0';
    parameters->types[i] = OID_OF_ARGUMENT;
    parameters->formats[i] = FORMAT_TEXT;
    parameters->values[i] = literal;
    parameters->lengths[i] = 0; /* text ends by itself */
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
