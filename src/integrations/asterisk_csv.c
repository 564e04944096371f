/* Asterisk's Master.csv, as cdr_csv and cdr_custom write it, and exports of its cdr table. */
#include "integrations/call_format.h"

#include "base/hash.h"

#include <stdlib.h>

/* cdr_csv's order; the last five come and go with loguniqueid, loguserfield and newcdrcolumns of cdr.conf. */
enum {
    ACCOUNTCODE,
    SRC,
    DST,
    DCONTEXT,
    CLID,
    CHANNEL,
    DSTCHANNEL,
    LASTAPP,
    LASTDATA,
    START,
    ANSWER,
    END,
    DURATION,
    BILLSEC,
    DISPOSITION,
    AMAFLAGS,
    UNIQUEID,
    USERFIELD,
    PEERACCOUNT,
    LINKEDID,
    SEQUENCE,
};

enum {
    ALWAYS_THERE = UNIQUEID,
    COLUMNS_MOST = SEQUENCE + 1,
    NEW_COLUMNS = 3,
    LEG_HASH_BYTES = 6,
    LINE_HASH_BYTES = 16
};

static const struct call_column columns[] = {
    [ACCOUNTCODE] = { "accountcode", "subaccount", NULL },
    [SRC] = { "src", "from", "source" },
    [DST] = { "dst", "to", "destination" },
    [DCONTEXT] = { "dcontext", NULL, "destinationcontext" },
    [CLID] = { "clid", NULL, "callerid" },
    [CHANNEL] = { "channel", NULL, NULL },
    [DSTCHANNEL] = { "dstchannel", NULL, "destinationchannel" },
    [LASTAPP] = { "lastapp", NULL, "lastapplication" },
    [LASTDATA] = { "lastdata", NULL, "lastappargument" },
    [START] = { "start", "started_at", "calldate starttime" },
    [ANSWER] = { "answer", "answered_at", "answerdate answertime" },
    [END] = { "end", "ended_at", "enddate endtime hangupdate" },
    [DURATION] = { "duration", NULL, NULL },
    [BILLSEC] = { "billsec", "duration_seconds", "billableseconds" },
    [DISPOSITION] = { "disposition", "status", NULL },
    [AMAFLAGS] = { "amaflags", NULL, NULL },
    [UNIQUEID] = { "uniqueid", "id", NULL },
    [USERFIELD] = { "userfield", NULL, NULL },
    [PEERACCOUNT] = { "peeraccount", NULL, NULL },
    [LINKEDID] = { "linkedid", NULL, NULL },
    [SEQUENCE] = { "sequence", NULL, NULL },
    { NULL, NULL, NULL },
};

/* The numbers are what CDR(disposition,u) writes since Asterisk 1.8. */
static const struct call_word statuses[] = {
    { "answered", CALL_COMPLETED }, { "noanswer", CALL_NO_ANSWER }, { "busy", CALL_BUSY },
    { "failed", CALL_FAILED },      { "congestion", CALL_FAILED },  { "0", CALL_NO_ANSWER },
    { "1", CALL_NO_ANSWER },        { "2", CALL_FAILED },           { "4", CALL_BUSY },
    { "8", CALL_COMPLETED },        { "16", CALL_FAILED },          { NULL, 0 },
};

/* For a column that is mapped to the direction. */
static const struct call_word directions[] = {
    { "inbound", CALL_INBOUND },
    { "incoming", CALL_INBOUND },
    { "in", CALL_INBOUND },
    { "outbound", CALL_OUTBOUND },
    { "out", CALL_OUTBOUND },
    { "outgoing", CALL_OUTBOUND },
    { NULL, 0 },
};

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
    }
    return text.len > 0;
}

/* "1732435965.1042", with the system's name and a dash before it or not. */
static bool looks_like_uniqueid(struct str text)
{
    size_t dash = text.len;

    while (dash > 0 && text.at[dash - 1] != '-')
        dash--;
    struct str rest = str_sub(text, dash, text.len), seconds, number;
    return str_split(&rest, '.', &seconds) && str_split(&rest, '.', &number) && str_is_absent(rest)
        && is_digits(seconds) && seconds.len >= 9 && is_digits(number);
}

static bool layout(const struct str *cells, size_t n, int *positions)
{
    int at = ALWAYS_THERE;

    if (n < ALWAYS_THERE || n > COLUMNS_MOST) return false;
    size_t new_columns = n >= ALWAYS_THERE + NEW_COLUMNS ? NEW_COLUMNS : 0;
    size_t optional = n - ALWAYS_THERE - new_columns;

    for (int column = 0; column < ALWAYS_THERE; column++)
        positions[column] = column;
    /* One of the two alone is told by its look. */
    if (optional == 2 || (optional == 1 && looks_like_uniqueid(str_trim(cells[at]))))
        positions[UNIQUEID] = at++;
    if ((size_t)at < n - new_columns) positions[USERFIELD] = at++;
    for (int column = PEERACCOUNT; new_columns > 0 && column <= SEQUENCE; column++)
        positions[column] = at++;
    return true;
}

/* "from-trunk*": the context itself, or with the asterisk all that begin so. */
static bool is_inbound_context(struct str patterns, struct str context)
{
    struct str pattern;

    while (str_split(&patterns, ',', &pattern)) {
        pattern = str_trim(pattern);
        if (str_ends_with(pattern, STR("*"))
                ? str_starts_with(context, str_sub(pattern, 0, pattern.len - 1))
                : pattern.len > 0 && str_equal(context, pattern))
            return true;
    }
    return false;
}

/* A hash of the row's values, whatever the quotes around them. */
static struct str hash_of_row(const struct call_decoding *decoding, size_t n_bytes)
{
    struct buffer text = buffer_new(decoding->arena, 512);

    for (size_t i = 0; i < decoding->cells->n; i++) {
        buffer_add_format(&text, "%zu:", decoding->cells->at[i].len);
        buffer_add(&text, decoding->cells->at[i]);
    }
    struct hash hash = hash_of(buffer_str(&text));
    return str_hex(decoding->arena, (struct bytes){ hash.at, n_bytes });
}

/* A call has one uniqueid and may have several lines: told apart by the sequence where the file has it. */
static struct str identity(const struct call_decoding *decoding)
{
    struct str sequence = call_cell(decoding->cells, SEQUENCE), hash;

    if (!call_field_is_present(decoding, "id")) {
        hash = hash_of_row(decoding, LINE_HASH_BYTES);
        return str_format(decoding->arena, "line-%.*s", STR_ARG(hash));
    }
    struct str id = decoding->record->id;

    if (!str_equal(id, call_cell(decoding->cells, UNIQUEID))) return id; /* another column's */
    if (sequence.len > 0)
        return str_format(decoding->arena, "%.*s.%.*s", STR_ARG(id), STR_ARG(sequence));
    if (!decoding->settings->separate_legs) return id;
    hash = hash_of_row(decoding, LEG_HASH_BYTES);
    return str_format(decoding->arena, "%.*s-%.*s", STR_ARG(id), STR_ARG(hash));
}

static int64_t distance(instant_t from, instant_t to, seconds_t seconds)
{
    return llabs(to - from - seconds * MICROS_PER_SECOND);
}

/* An hour that comes twice when clocks are set back: of the ways to read start and end, the one that fits the call's
   whole duration. */
static void settle_overlaps(struct call_decoding *decoding)
{
    const struct call_time *start = &decoding->started, *end = &decoding->ended;
    const instant_t starts[] = { start->earlier, start->later };
    const instant_t ends[] = { end->earlier, end->later };
    struct call_record *record = decoding->record;
    int64_t best = INT64_MAX;
    seconds_t whole;

    if (record->started_at == INSTANT_NONE || record->ended_at == INSTANT_NONE
        || (starts[0] == starts[1] && ends[0] == ends[1])
        || !str_to_int64(call_cell(decoding->cells, DURATION), &whole) || whole < 0
        || whole > CALL_DURATION_MAX)
        return;
    for (size_t i = 0; i < COUNT_OF(starts) * COUNT_OF(ends); i++) {
        int64_t off = distance(starts[i / 2], ends[i % 2], whole);
        if (off >= best) continue;
        best = off;
        record->started_at = starts[i / 2];
        record->ended_at = ends[i % 2];
    }
    if (record->answered_at != INSTANT_NONE && record->answered_at < record->started_at)
        record->answered_at = decoding->answered.later;
}

static void complete(struct call_decoding *decoding)
{
    struct call_record *record = decoding->record;

    record->id = identity(decoding);
    if (record->direction < 0)
        record->direction = is_inbound_context(decoding->settings->inbound_contexts,
                                               call_cell(decoding->cells, DCONTEXT))
            ? CALL_INBOUND
            : CALL_OUTBOUND;
    if (record->status == CALL_COMPLETED
        && str_equal_c(str_fold(decoding->arena, call_cell(decoding->cells, LASTAPP)), "voicemail"))
        record->status = CALL_VOICEMAIL;
    settle_overlaps(decoding);
}

const struct call_format asterisk_csv = {
    .name = "asterisk-csv",
    .source = "asterisk",
    .columns = columns,
    .statuses = statuses,
    .directions = directions,
    .layout = layout,
    .columns_least = ALWAYS_THERE,
    .columns_most = COLUMNS_MOST,
    .complete = complete,
};
