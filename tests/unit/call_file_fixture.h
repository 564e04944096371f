/* Reads a file of call records from a text, as `minutebank import` would from the disk. */
#ifndef TESTS_CALL_FILE_FIXTURE_H
#define TESTS_CALL_FILE_FIXTURE_H

#include "arena_fixture.h"

#include "base/time.h"
#include "integrations/call_file.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * MICROS_PER_SECOND) /* 2026-11-18 */

enum { LINES_MAX = 16 };

/* All lines of a file. */
struct reading {
    struct call_line lines[LINES_MAX];
    size_t n;
    enum call_file_found end;
    struct problem problem;
};

static inline struct call_file_settings settings_of(const char *map)
{
    return (struct call_file_settings){ .zone = zone_find(STR("UTC")),
                                        .map = str_from_c(map),
                                        .inbound_contexts = STR("from-trunk*, ext-did"),
                                        .tier = TIER_PREMIUM,
                                        .direction = -1 };
}

static inline struct reading read_with(struct arena *arena, const char *format, struct str text,
                                       const struct call_file_settings *settings)
{
    struct reading reading = { .end = CALL_FILE_FAILED };
    FILE *in = fmemopen((void *)(uintptr_t)text.at, text.len, "r");

    assert_non_null(in);
    problem_init(&reading.problem, arena);
    struct call_file *file =
        call_file_open(in, call_format_find(str_from_c(format)), settings, &reading.problem);
    if (file != NULL) {
        while (reading.n < LINES_MAX
               && (reading.end = call_file_next(file, arena, NOW, &reading.lines[reading.n],
                                                &reading.problem))
                   == CALL_FILE_LINE)
            reading.n++;
        call_file_close(file);
    }
    fclose(in);
    return reading;
}

static inline struct reading read_asterisk(struct arena *arena, struct str text)
{
    const struct call_file_settings settings = settings_of(NULL);

    return read_with(arena, "asterisk-csv", text, &settings);
}

static inline struct reading read_twilio(struct arena *arena, struct str text)
{
    const struct call_file_settings settings = settings_of("From=subaccount");

    return read_with(arena, "twilio-csv", text, &settings);
}

static inline instant_t utc(const char *text)
{
    instant_t at = INSTANT_NONE;

    assert_true(instant_parse(str_from_c(text), &at));
    return at;
}

/* The first line's record; the line must be good. */
static inline const struct call_record *good(const struct reading *reading, size_t line)
{
    assert_true(line < reading->n);
    if (reading->lines[line].is_bad)
        print_error("%.*s: %.*s\n", STR_ARG(reading->lines[line].field),
                    STR_ARG(reading->lines[line].detail));
    assert_false(reading->lines[line].is_bad);
    return &reading->lines[line].record;
}

static inline void assert_bad(const struct reading *reading, size_t line, enum reason reason,
                              const char *field)
{
    assert_true(line < reading->n);
    assert_true(reading->lines[line].is_bad);
    assert_int_equal(reading->lines[line].reason, reason);
    assert_str(reading->lines[line].field, field);
    assert_true(reading->lines[line].detail.len > 0);
}

#endif
