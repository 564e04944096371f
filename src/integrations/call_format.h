/* The formats of files of call records, each a row of tables: its columns, its words, and what no table can say. */
#ifndef INTEGRATIONS_CALL_FORMAT_H
#define INTEGRATIONS_CALL_FORMAT_H

#include "domain/calls.h"
#include "integrations/call_file.h"
#include "integrations/call_times.h"

enum { CALL_FORMAT_COLUMNS_MAX = 32 };

/* A column that the format knows. Names are compared by their letters and digits alone, in any case. */
struct call_column {
    const char *name;
    const char *field;   /* of the call record, that it fills unless mapped otherwise; NULL: none */
    const char *aliases; /* other names of it, separated by blanks; NULL: none */
};

/* A word of the sender's and what it means here; compared like names of columns. */
struct call_word {
    const char *word;
    int value;
};

/* The meaning of a status that says that the call still goes on. */
#define CALL_UNFINISHED (-2)

/* One row of a file. */
struct call_cells {
    const struct str *at;
    size_t n;
    const int *positions; /* of the format's columns; -1: the file does not have it */
};

/* What is known of the record that a row becomes. */
struct call_decoding {
    const struct call_file_settings *settings;
    const struct call_cells *cells;
    struct arena *arena;
    struct call_record *record;
    uint64_t present; /* bit i: call_record_fields[i] came from the row */
    struct call_time started, answered, ended;
};

struct call_format {
    const char *name;   /* as --format has it */
    const char *source; /* of its records unless another is given; NULL: as they say themselves */
    const struct call_column *columns; /* NULL: every line is a record in JSON */
    const struct call_word *statuses, *directions;

    /* The columns of a row of a file without a header: sets `positions`, which are all -1, or says no. NULL: the first
       line must name them. */
    bool (*layout)(const struct str *cells, size_t n, int *positions);
    size_t columns_least, columns_most; /* that it knows */

    /* What is known only from several columns at once. May be NULL. */
    void (*complete)(struct call_decoding *decoding);
};

extern const struct call_format asterisk_csv, twilio_csv, minutebank_ndjson;

/* The value of one of the format's columns without blanks around it; empty when the file does not have it. */
struct str call_cell(const struct call_cells *cells, int column);

/* The value of the word that `text` is, or `otherwise`. */
int call_word_value(const struct call_word *words, struct str text, int otherwise);

/* Letters and digits of `text` in lower case: "No-Answer" and "NO ANSWER" are one word. Cut at `size`; returned in
   `out`. */
struct str call_word_key(struct str text, char *out, size_t size);

/* Whether the field was given by the row. */
bool call_field_is_present(const struct call_decoding *decoding, const char *field);

#endif
