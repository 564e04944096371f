/* What the parts of `minutebank import calls` share: lines on their way, where they go, and what is told of them. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "base/zone.h"
#include "cli/command.h"
#include "engine/calls.h"

#include <stdio.h>

struct import_settings {
    struct common_settings common;
    struct str format, map, tier, direction, timezone, source, subaccount, inbound_contexts;
    struct str url, key, key_file, agency, rejected;
    int64_t batch;
    bool dry_run, separate_legs;
};

/* One line of the file. Its submission says what became of the record, also where a server charged it. */
struct import_line {
    int64_t number;
    struct str text;
    struct call_submission submission;
    struct str code, field, detail; /* why it was refused; absent: it was not */
};

/* What is sent together. `order` holds the lines that hold a record; the others are refused already. */
struct import_batch {
    struct arena *arena; /* emptied after each batch */
    struct import_line *at;
    size_t n;
    struct import_line **order;
    size_t n_order;
};

/* A sub-account as the summary shows it; names are absent where nobody knows them. */
struct import_account {
    id64_t id;
    struct str name, reference;
    int64_t calls;
    seconds_t seconds[TIER_COUNT];
};

/* Where records go: a store, or a server that holds one. Problems end the import; what was sent before stays. */
struct import_sink;
struct import_sink_kind {
    /* Charges the batch, or with --dry-run only says what would become of it. */
    bool (*send)(struct import_sink *sink, struct import_batch *batch, struct problem *problem);
    /* Fills names and references of accounts as far as they can be had. */
    void (*describe)(struct import_sink *sink, struct import_account *accounts, size_t n);
    void (*close)(struct import_sink *sink);
};
struct import_sink {
    const struct import_sink_kind *kind;
    const struct zone *agency_zone; /* NULL: it could not be had */
    bool knows_billed_seconds;      /* else the accounts' seconds are talk time */
};

struct import_sink *import_into_store(struct command_run *run);
struct import_sink *import_into_server(struct command_run *run);

/* Whether the user asked it to end (SIGINT, SIGTERM). */
bool import_is_stopped(void);

/* A dry run charges nothing, so it remembers by itself what would have been charged: an id that comes again is a
   duplicate, or a conflict. Holds 16 bytes a record, up to a limit; beyond it repetitions are not seen. */
struct import_seen;
struct import_seen *import_seen_new(void);
void import_seen_free(struct import_seen *seen);
/* CALL_ACCEPTED when it is new. */
enum call_outcome import_seen_add(struct import_seen *seen, const struct call_record *record);

/* What was done so far. */
struct import_totals {
    int64_t lines, outcomes[CALL_OUTCOME_COUNT];
    struct arena *arena; /* of the accounts */
    struct import_account *accounts;
    size_t n_accounts, capacity;
    uint32_t *slots; /* position + 1 by hash of the id; 0 is free */
    size_t n_slots;
};
void import_totals_add(struct import_totals *totals, const struct import_batch *batch);

/* The table at the end, on standard output. */
struct import_summary {
    bool is_dry_run, knows_billed_seconds;
    struct str rejected; /* where the refused lines are */
};
void import_print_summary(struct import_totals *totals, const struct import_summary *summary);

/* How far it is, on standard error: a bar on a terminal, else a line now and then. */
struct import_progress {
    int64_t total_bytes; /* 0: not known */
    int64_t begun_at_us, told_at_us;
    bool is_terminal, has_bar;
};
void import_progress_begin(struct import_progress *progress, FILE *in);
void import_progress_tell(struct import_progress *progress, int64_t bytes, int64_t lines);
void import_progress_end(struct import_progress *progress);

/* FILE.rejected: written beside it first, and in its place at the end; a run that refuses nothing leaves none. */
struct import_rejected {
    FILE *out;
    const char *path, *part; /* part: until it is whole */
    int64_t lines;
};
bool import_rejected_begin(struct import_rejected *rejected, struct str path, struct arena *arena,
                           struct problem *problem);
void import_rejected_header(struct import_rejected *rejected, int64_t number, struct str text);
void import_rejected_add(struct import_rejected *rejected, const struct import_batch *batch);
bool import_rejected_end(struct import_rejected *rejected, struct problem *problem);

#endif
