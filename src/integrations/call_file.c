#include "integrations/call_file.h"

#include "integrations/call_columns.h"
#include "integrations/call_format.h"
#include "integrations/csv_rows.h"
#include "integrations/line_buffer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_ARENA_BYTES = 8 * 1024 };

const struct call_format minutebank_ndjson = { .name = "minutebank-ndjson" };

static const struct call_format *const formats[] = { &asterisk_csv, &twilio_csv,
                                                     &minutebank_ndjson };

struct call_file {
    const struct call_format *format;
    const struct call_file_settings *settings;
    struct arena *arena;
    struct line_buffer lines;
    struct csv_rows rows;
    struct call_columns columns;
    struct csv_row row;
    struct str header; /* its text; absent: none so far */
    bool has_begun;    /* a row or a header was seen */
    size_t n_cells;    /* of the row before that made a record, or of the header */
};

const struct call_format *call_format_find(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        if (str_equal_c(name, formats[i]->name)) return formats[i];
    }
    return NULL;
}

struct str call_format_names(struct arena *arena)
{
    struct buffer names = buffer_new(arena, 64);

    for (size_t i = 0; i < COUNT_OF(formats); i++)
        buffer_add_format(&names, "%s%s", i == 0 ? "" : ", ", formats[i]->name);
    return buffer_str(&names);
}

bool call_format_has_columns(const struct call_format *format)
{
    return format->columns != NULL;
}

struct call_file *call_file_open(FILE *in, const struct call_format *format,
                                 const struct call_file_settings *settings, struct problem *problem)
{
    struct arena *arena = arena_new(FILE_ARENA_BYTES);
    struct call_file *file = ARENA_NEW(arena, struct call_file);

    file->format = format;
    file->settings = settings;
    file->arena = arena;
    if (format->columns != NULL
        && !call_columns_open(&file->columns, format, settings, arena, problem)) {
        arena_free(arena);
        return NULL;
    }
    line_buffer_open(&file->lines, in);
    csv_rows_open(&file->rows);
    file->rows.least = format->columns_least;
    file->rows.most = format->columns_most;
    return file;
}

void call_file_close(struct call_file *file)
{
    csv_rows_close(&file->rows);
    line_buffer_close(&file->lines);
    arena_free(file->arena);
}

int64_t call_file_bytes(const struct call_file *file)
{
    return file->lines.bytes_taken;
}

/* How a file may begin that is no text, or text of another kind, and what to do about it. */
static const struct {
    const char *bytes;
    size_t len;
    const char *sentence;
} foreign_starts[] = {
    { "\x1F\x8B", 2, "it is compressed: pipe it in, as zcat FILE | minutebank import calls - …" },
    { "\x28\xB5\x2F\xFD", 4,
      "it is compressed: pipe it in, as zstdcat FILE | minutebank import calls - …" },
    { "BZh", 3, "it is compressed: pipe it in, as bzcat FILE | minutebank import calls - …" },
    { "\xFD"
      "7zXZ",
      5, "it is compressed: pipe it in, as xzcat FILE | minutebank import calls - …" },
    { "PK\x03\x04", 4, "it is a ZIP archive or a spreadsheet: save the calls as CSV" },
    { "\xFF\xFE", 2, "it is UTF-16: convert it with iconv -f UTF-16 -t UTF-8" },
    { "\xFE\xFF", 2, "it is UTF-16: convert it with iconv -f UTF-16 -t UTF-8" },
};

/* Passes over a byte order mark, and refuses what is no file of lines. */
static bool look_at_start(struct call_file *file, struct str text, struct problem *problem)
{
    for (size_t i = 0; i < COUNT_OF(foreign_starts); i++) {
        struct str start = { foreign_starts[i].bytes, foreign_starts[i].len };
        if (str_starts_with(text, start))
            return fail(problem, REASON_BAD_REQUEST, NULL, "the file cannot be read: %s",
                        foreign_starts[i].sentence);
    }
    if (str_starts_with(text, STR("\xEF\xBB\xBF"))) line_buffer_take(&file->lines, 3, 0);
    return true;
}

static void spoil(struct call_line *out, enum reason reason, struct str field, struct str detail)
{
    out->is_bad = true;
    out->reason = reason;
    out->field = field;
    out->detail = detail;
}

static void take_problem(struct call_line *out, const struct problem *problem)
{
    if (problem->n_fields > 0)
        spoil(out, problem->fields[0].reason, problem->fields[0].field, problem->fields[0].detail);
    else
        spoil(out, problem->reason, STR_NONE, problem_detail(problem));
}

static struct str without_end(struct str text)
{
    while (text.len > 0 && (text.at[text.len - 1] == '\n' || text.at[text.len - 1] == '\r'))
        text.len--;
    return text;
}

/* Takes what was looked at out of the file and into `out`. */
static void take(struct call_file *file, struct arena *arena, size_t bytes, int64_t lines,
                 struct call_line *out)
{
    out->number = file->lines.lines_taken + 1;
    out->text = str_copy(arena, without_end(line_buffer_text(&file->lines, bytes)));
    line_buffer_take(&file->lines, bytes, lines);
}

/* A line in JSON. */
static void decode_json(struct call_file *file, const struct line *line, struct arena *arena,
                        instant_t now, struct call_line *out)
{
    struct problem problem;
    const struct cJSON *value;

    problem_init(&problem, arena);
    take(file, arena, line->text.len + line->end.len, 1, out);
    if (!json_parse(arena, out->text, &problem, &value)
        || !fields_from_json(call_record_fields, FIELDS_CLOSED, arena, value, STR(""), &problem,
                             &out->record, NULL)
        || !call_record_check(&out->record, now, STR(""), &problem))
        take_problem(out, &problem);
    else if (str_is_absent(out->record.source))
        out->record.source = file->settings->source;
}

/* Whether the row that was read names the columns: the first line where it must or may, and wherever the same line
   comes again, as in files put together from several. */
static bool is_header(const struct call_file *file, struct str text)
{
    if (file->has_begun) return !str_is_absent(file->header) && str_equal(text, file->header);
    return file->format->layout == NULL || call_columns_are_names(&file->columns, &file->row);
}

/* The first row settles where the columns are. */
static bool begin(struct call_file *file, struct call_line *out, struct problem *problem)
{
    file->has_begun = true;
    if (!out->is_header && file->format->layout == NULL)
        return fail(problem, REASON_BAD_REQUEST, NULL,
                    "the first line must name the columns, and cannot be read");
    if (!out->is_header) return call_columns_go_without_header(&file->columns, problem);
    file->header = str_copy(file->arena, out->text);
    file->rows.least = file->rows.most = file->n_cells = file->row.n;
    return call_columns_take_header(&file->columns, &file->row, problem);
}

/* The file ends within this line: somebody still writes it, or it was copied in part. What is there may look like a
   shorter line, with an id of its own. */
static bool is_cut_off(const struct call_file *file, bool has_end)
{
    return !has_end && file->n_cells != 0 && file->row.n < file->n_cells;
}

static void decode_row(struct call_file *file, bool has_end, struct arena *arena, instant_t now,
                       struct call_line *out)
{
    struct problem problem;

    problem_init(&problem, arena);
    if (file->row.has_too_many)
        spoil(out, REASON_INVALID, STR_NONE,
              str_format(arena, "This line has more than %d columns.", CSV_COLUMNS_MAX));
    else if (file->row.is_broken)
        spoil(out, REASON_INVALID, STR_NONE,
              STR("There is a carriage return in the middle of the line."));
    else if (is_cut_off(file, has_end))
        spoil(out, REASON_INVALID, STR_NONE,
              STR("The file ends within this line: it has fewer columns than the one before."));
    else if (!call_columns_decode(&file->columns, &file->row, arena, now, &out->record, &problem))
        take_problem(out, &problem);
    else if (!file->columns.has_header)
        file->n_cells = file->row.n;
}

static bool read_row(struct call_file *file, struct arena *arena, instant_t now,
                     struct call_line *out, struct problem *problem)
{
    size_t bytes;
    int64_t lines;
    bool is_whole = csv_rows_read(&file->rows, &file->lines, arena, &file->row, &bytes, &lines);
    bool has_end = str_ends_with(line_buffer_text(&file->lines, bytes), STR("\n"));

    take(file, arena, bytes, lines, out);
    out->is_header = is_whole && is_header(file, out->text);
    if (!file->has_begun && !begin(file, out, problem)) return false;
    if (!is_whole)
        spoil(out, REASON_INVALID, STR_NONE, STR("A quote is not closed."));
    else if (!out->is_header)
        decode_row(file, has_end, arena, now, out);
    return true;
}

/* A line that is longer than any record is. */
static enum call_file_found take_long_line(struct call_file *file, const struct line *line,
                                           struct arena *arena, struct call_line *out)
{
    out->number = file->lines.lines_taken + 1;
    out->text = str_copy(arena, line->text);
    spoil(out, REASON_TOO_LONG, STR_NONE,
          str_format(arena, "This line is longer than %d bytes; it is cut here.", LINE_BYTES_MAX));
    return line_buffer_skip(&file->lines) == LINE_FAILED ? CALL_FILE_FAILED : CALL_FILE_LINE;
}

static enum call_file_found failed(struct problem *problem)
{
    if (errno == EINTR) return CALL_FILE_INTERRUPTED;
    fail(problem, REASON_BAD_REQUEST, NULL, "the file cannot be read: %s",
         strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread reads */
    return CALL_FILE_FAILED;
}

enum call_file_found call_file_next(struct call_file *file, struct arena *arena, instant_t now,
                                    struct call_line *out, struct problem *problem)
{
    for (;;) {
        struct line line;
        enum line_found found = line_buffer_look(&file->lines, 0, &line);

        *out = (struct call_line){ .field = STR_NONE, .detail = STR_NONE };
        if (found == LINE_NONE) return CALL_FILE_END;
        if (found == LINE_FAILED) return failed(problem);
        if (file->lines.bytes_taken == 0) {
            if (!look_at_start(file, line.text, problem)) return CALL_FILE_FAILED;
            if (file->lines.bytes_taken > 0) continue;
        }
        if (found == LINE_TOO_LONG) return take_long_line(file, &line, arena, out);
        if (str_trim(line.text).len == 0) {
            line_buffer_take(&file->lines, line.text.len + line.end.len, 1);
            continue;
        }
        if (file->format->columns == NULL)
            decode_json(file, &line, arena, now, out);
        else if (!read_row(file, arena, now, out, problem))
            return CALL_FILE_FAILED;
        return CALL_FILE_LINE;
    }
}
