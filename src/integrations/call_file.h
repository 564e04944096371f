/* Files of call records that other systems write, read record by record in bounded memory. The formats are tables
   (call_format.h); what they become is the API's own call record. */
#ifndef INTEGRATIONS_CALL_FILE_H
#define INTEGRATIONS_CALL_FILE_H

#include "base/zone.h"
#include "domain/calls.h"

#include <stdio.h>

struct call_format;

/* By the name that --format takes; NULL when there is none. */
const struct call_format *call_format_find(struct str name);

/* The names of all, for messages: "asterisk-csv, …". */
struct str call_format_names(struct arena *arena);

/* Whether it has columns, which settings may map. A format without them holds whole records. */
bool call_format_has_columns(const struct call_format *format);

struct call_file_settings {
    const struct zone *zone; /* of times that name none */
    struct str map;          /* "COLUMN=FIELD,…": names or numbers from 1; absent: none */
    struct str source;       /* absent: the format's */
    struct str subaccount;   /* whose calls they are where no column says so; absent: nobody's */
    struct str
        inbound_contexts; /* Asterisk's dialplan contexts, separated by commas, "*" at an end */
    int tier;             /* where no column says it */
    int direction;        /* of all calls; -1: as the columns say */
    bool separate_legs;   /* lines that share Asterisk's uniqueid are calls of their own */
};

/* What a line of the file is. Texts live in the arena given to call_file_next. */
struct call_line {
    int64_t number;  /* of its first line in the file */
    struct str text; /* as it stands there, without the end of its last line */
    bool is_header;  /* it names the columns */
    bool is_bad;     /* it makes no record: */
    enum reason reason;
    struct str field, detail;
    struct call_record record; /* checked (call_record_check) */
};

struct call_file;

/* Reads `in`, which stays the caller's. NULL and a problem when the map names no column or field that there is. */
struct call_file *call_file_open(FILE *in, const struct call_format *format,
                                 const struct call_file_settings *settings,
                                 struct problem *problem);
void call_file_close(struct call_file *file);

enum call_file_found {
    CALL_FILE_LINE,
    CALL_FILE_END,
    CALL_FILE_INTERRUPTED, /* a signal came while it waited for more */
    CALL_FILE_FAILED,      /* cannot be read, or is no such file: a problem says why */
};

/* The next line that is not empty. `now` judges times in the future. */
enum call_file_found call_file_next(struct call_file *file, struct arena *arena, instant_t now,
                                    struct call_line *out, struct problem *problem);

/* How many bytes of it have been read. */
int64_t call_file_bytes(const struct call_file *file);

#endif
