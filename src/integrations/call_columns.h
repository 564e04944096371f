/* Which column of a file fills which field of a call record, and taking a row's values over. */
#ifndef INTEGRATIONS_CALL_COLUMNS_H
#define INTEGRATIONS_CALL_COLUMNS_H

#include "integrations/call_format.h"
#include "integrations/csv_rows.h"

enum { CALL_BINDINGS_MAX = 48 };

/* The first binding of a field whose cell is not empty fills it. */
struct call_binding {
    const struct field *field;
    struct str name; /* of the column, as the map has it */
    int column;      /* one of the format's; -1: `cell` or the header says where */
    int cell;        /* from 0; -1: not in this file */
};

struct call_columns {
    const struct call_format *format;
    const struct call_file_settings *settings;
    struct arena *arena; /* of the file */
    struct call_binding bindings[CALL_BINDINGS_MAX];
    size_t n_bindings, n_mapped;            /* those of the map come first */
    int positions[CALL_FORMAT_COLUMNS_MAX]; /* of the format's columns in this file; -1: none */
    bool has_header;
};

/* The format's own bindings, less those of fields that the map fills. */
bool call_columns_open(struct call_columns *columns, const struct call_format *format,
                       const struct call_file_settings *settings, struct arena *arena,
                       struct problem *problem);

/* Whether a row names columns rather than holding a call: a start and a duration are among them. */
bool call_columns_are_names(const struct call_columns *columns, const struct csv_row *row);

/* Takes the columns' places from a header. Fails when it has none for something that every record needs, or that the
   map names. */
bool call_columns_take_header(struct call_columns *columns, const struct csv_row *row,
                              struct problem *problem);

/* There is no header: fails when the map names a column that only one could tell. */
bool call_columns_go_without_header(struct call_columns *columns, struct problem *problem);

/* A row into a record, which is then checked. */
bool call_columns_decode(struct call_columns *columns, const struct csv_row *row,
                         struct arena *arena, instant_t now, struct call_record *out,
                         struct problem *problem);

#endif
