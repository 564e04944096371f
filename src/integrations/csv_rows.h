/* Rows of CSV (RFC 4180) out of lines as real programs write them: quotes within quotes, values over several lines, any
   end of line. A quote that is never closed costs its own line, not all that follow. */
#ifndef INTEGRATIONS_CSV_ROWS_H
#define INTEGRATIONS_CSV_ROWS_H

#include "base/arena.h"
#include "integrations/line_buffer.h"

#include <csv.h>

enum {
    CSV_COLUMNS_MAX = 64,
    CSV_ROW_LINES_MAX = 16, /* over which one quoted value may go */
};

struct csv_row {
    struct str cells[CSV_COLUMNS_MAX]; /* in the arena; blanks around unquoted ones left out */
    size_t n;
    bool has_too_many; /* columns; those beyond the limit are left out */
    bool is_broken;    /* a carriage return stands in the middle */
};

struct csv_rows {
    struct csv_parser parser;
    size_t least, most; /* how many cells a row over several lines must have to be believed */
};

void csv_rows_open(struct csv_rows *rows);
void csv_rows_close(struct csv_rows *rows);

/* Reads the row that begins with the first line that was not taken, which must be there and not empty. `*bytes` and
   `*lines` are what it takes up. False when a quote is not closed: then they are the first line's. */
bool csv_rows_read(struct csv_rows *rows, struct line_buffer *buffer, struct arena *arena,
                   struct csv_row *out, size_t *bytes, int64_t *lines);

#endif
