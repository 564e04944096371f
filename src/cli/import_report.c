/* Progress and FILE.rejected of an import. */
#include "cli/import.h"

#include "base/time.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BAR_EVERY_US = 100 * 1000,
    LINE_EVERY_US = 5 * 1000 * 1000,
    BAR_CELLS = 30,
};

void import_progress_begin(struct import_progress *progress, FILE *in)
{
    struct stat about;

    *progress = (struct import_progress){ .is_terminal = isatty(STDERR_FILENO) == 1 };
    if (fstat(fileno(in), &about) == 0 && S_ISREG(about.st_mode))
        progress->total_bytes = about.st_size;
    progress->begun_at_us = clock_monotonic_us();
    if (!progress->is_terminal) progress->told_at_us = progress->begun_at_us;
}

static int percent(const struct import_progress *progress, int64_t bytes)
{
    if (progress->total_bytes == 0 || bytes >= progress->total_bytes) return 100;
    return (int)((__int128)bytes * 100 / progress->total_bytes);
}

static void draw_bar(const struct import_progress *progress, int64_t bytes, int64_t lines,
                     int64_t per_second)
{
    int done = percent(progress, bytes), cells = done * BAR_CELLS / 100;

    fprintf(stderr, "\r\033[K");
    if (progress->total_bytes > 0) {
        fprintf(stderr, "[");
        for (int i = 0; i < BAR_CELLS; i++)
            fputc(i < cells ? '#' : '.', stderr);
        fprintf(stderr, "] %3d %%  ", done);
    }
    fprintf(stderr, "%lld lines, %lld a second", (long long)lines, (long long)per_second);
    fflush(stderr);
}

void import_progress_tell(struct import_progress *progress, int64_t bytes, int64_t lines)
{
    int64_t now = clock_monotonic_us();

    if (now - progress->told_at_us < (progress->is_terminal ? BAR_EVERY_US : LINE_EVERY_US)) return;
    progress->told_at_us = now;
    int64_t per_second = (int64_t)((__int128)lines * 1000000 / (now - progress->begun_at_us + 1));
    if (progress->is_terminal) {
        progress->has_bar = true;
        draw_bar(progress, bytes, lines, per_second);
    } else if (progress->total_bytes > 0) {
        fprintf(stderr, "%lld lines, %d %% of the file\n", (long long)lines,
                percent(progress, bytes));
    } else {
        fprintf(stderr, "%lld lines\n", (long long)lines);
    }
}

void import_progress_end(struct import_progress *progress)
{
    if (progress->has_bar) fprintf(stderr, "\r\033[K");
    progress->has_bar = false;
}

static bool cannot_write(const char *path, struct problem *problem)
{
    return fail(problem, REASON_BAD_REQUEST, NULL,
                "%s cannot be written: %s; name another place for refused lines with --rejected",
                path, strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
}

bool import_rejected_begin(struct import_rejected *rejected, struct str path, struct arena *arena,
                           struct problem *problem)
{
    *rejected = (struct import_rejected){
        .path = str_to_c(arena, path),
        .part = str_format(arena, "%.*s.part", STR_ARG(path)).at,
    };
    rejected->out = fopen(rejected->part, "we");
    return rejected->out != NULL || cannot_write(rejected->part, problem);
}

/* NUMBER, tab, code, tab, sentence, tab, the line as it stands in the file: `cut -f4-` gives the lines back. */
static void write_row(FILE *out, int64_t number, struct str code, struct str detail,
                      struct str text)
{
    fprintf(out, "%lld\t%.*s\t%.*s\t", (long long)number, STR_ARG(code), STR_ARG(detail));
    if (text.len > 0) fwrite(text.at, 1, text.len, out);
    fputc('\n', out);
}

void import_rejected_header(struct import_rejected *rejected, int64_t number, struct str text)
{
    write_row(rejected->out, number, STR("header"), STR("The names of the columns."), text);
}

void import_rejected_add(struct import_rejected *rejected, const struct import_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        const struct import_line *line = &batch->at[i];
        if (str_is_absent(line->code)) continue;
        struct str detail = str_is_absent(line->field) || line->field.len == 0
            ? line->detail
            : str_format(batch->arena, "%.*s: %.*s", STR_ARG(line->field), STR_ARG(line->detail));
        write_row(rejected->out, line->number, line->code, detail, line->text);
        rejected->lines++;
    }
}

/* An earlier run's report would tell of lines that are fine by now. */
static void take_away(const char *path)
{
    struct stat about;

    if (lstat(path, &about) == 0 && S_ISREG(about.st_mode)) unlink(path);
}

bool import_rejected_end(struct import_rejected *rejected, struct problem *problem)
{
    bool is_written = !ferror(rejected->out);

    if (fclose(rejected->out) != 0) is_written = false;
    if (is_written && rejected->lines > 0)
        return rename(rejected->part, rejected->path) == 0 || cannot_write(rejected->path, problem);
    unlink(rejected->part);
    if (!is_written) return cannot_write(rejected->path, problem);
    take_away(rejected->path);
    return true;
}
