#include "integrations/csv_rows.h"

#include <assert.h>

/* What libcsv tells, on its way into a row. */
struct reading {
    struct arena *arena;
    struct csv_row *row;
    bool is_complete;
};

void csv_rows_open(struct csv_rows *rows)
{
    int failed = csv_init(&rows->parser, 0);

    assert(failed == 0);
    (void)failed;
    rows->least = 0;
    rows->most = CSV_COLUMNS_MAX;
}

void csv_rows_close(struct csv_rows *rows)
{
    csv_free(&rows->parser);
}

static void take_cell(void *at, size_t len, void *context)
{
    struct reading *reading = context;
    struct csv_row *row = reading->row;

    if (reading->is_complete)
        row->is_broken = true;
    else if (row->n == CSV_COLUMNS_MAX)
        row->has_too_many = true;
    else
        row->cells[row->n++] =
            str_copy(reading->arena, (struct str){ len > 0 ? (const char *)at : "", len });
}

static void take_end(int terminator, void *context)
{
    struct reading *reading = context;

    (void)terminator;
    reading->is_complete = true;
}

static bool feed(struct csv_rows *rows, struct str text, struct reading *reading)
{
    return csv_parse(&rows->parser, text.at, text.len, take_cell, take_end, reading) == text.len;
}

/* Forgets a row that was begun. */
static void begin(struct csv_rows *rows, struct csv_row *row)
{
    csv_fini(&rows->parser, NULL, NULL, NULL);
    row->n = 0;
    row->has_too_many = row->is_broken = false;
}

static bool is_believable(const struct csv_rows *rows, const struct csv_row *row, int64_t lines)
{
    return lines == 1 || (row->n >= rows->least && row->n <= rows->most);
}

bool csv_rows_read(struct csv_rows *rows, struct line_buffer *buffer, struct arena *arena,
                   struct csv_row *out, size_t *bytes, int64_t *lines)
{
    struct reading reading = { .arena = arena, .row = out };
    size_t first_line = 0, offset = 0;
    int64_t n = 0;

    begin(rows, out);
    while (!reading.is_complete && n < CSV_ROW_LINES_MAX && offset <= LINE_BYTES_MAX) {
        struct line line;
        if (line_buffer_look(buffer, offset, &line) != LINE_FOUND) break;
        if (!feed(rows, line.text, &reading)) break;
        if (!feed(rows, line.end.len > 0 ? line.end : STR("\n"), &reading)) break;
        offset += line.text.len + line.end.len;
        if (n++ == 0) first_line = offset;
    }
    bool is_whole = reading.is_complete && is_believable(rows, out, n);
    *bytes = is_whole ? offset : first_line;
    *lines = is_whole ? n : 1;
    return is_whole;
}
