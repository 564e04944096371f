/* Lines in bounded memory, and rows of CSV out of them. */
#include "arena_fixture.h"

#include "base/types.h"
#include "integrations/csv_rows.h"

#include <string.h>

/* A file in memory with its lines and rows. */
struct source {
    FILE *in;
    struct line_buffer lines;
    struct csv_rows rows;
};

static void source_open(struct source *source, struct str text)
{
    source->in = fmemopen((void *)(uintptr_t)text.at, text.len, "r");
    assert_non_null(source->in);
    line_buffer_open(&source->lines, source->in);
    csv_rows_open(&source->rows);
}

static void source_close(struct source *source)
{
    csv_rows_close(&source->rows);
    line_buffer_close(&source->lines);
    fclose(source->in);
}

/* The next row, its cells joined by "|"; "?" when a quote is not closed. */
static struct str next_row(struct source *source, struct arena *arena, int64_t *lines)
{
    static struct csv_row row;
    struct buffer joined = buffer_new(arena, 64);
    size_t bytes;

    bool is_whole = csv_rows_read(&source->rows, &source->lines, arena, &row, &bytes, lines);
    line_buffer_take(&source->lines, bytes, *lines);
    if (!is_whole) return STR("?");
    for (size_t i = 0; i < row.n; i++) {
        if (i > 0) buffer_add_byte(&joined, '|');
        buffer_add(&joined, row.cells[i]);
    }
    return buffer_str(&joined);
}

static void lines_have_any_end(void **state)
{
    struct source source;
    struct line line;

    source_open(&source, STR("one\ntwo\r\n\nfour"));
    static const char *const texts[] = { "one", "two", "", "four" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_equal(line_buffer_look(&source.lines, 0, &line), LINE_FOUND);
        assert_str(line.text, texts[i]);
        line_buffer_take(&source.lines, line.text.len + line.end.len, 1);
    }
    assert_int_equal(line_buffer_look(&source.lines, 0, &line), LINE_NONE);
    assert_int_equal(source.lines.lines_taken, 4);
    assert_int_equal(source.lines.bytes_taken, 14);
    source_close(&source);
}

static void a_line_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
    for (size_t more = 0; more < 2; more++) {
        struct source source;
        struct line line;
        struct buffer text = buffer_new(*state, LINE_BYTES_MAX + 16);

        buffer_add(&text, str_repeat(*state, STR("x"), LINE_BYTES_MAX + more));
        buffer_add(&text, STR("\nnext\n"));
        source_open(&source, buffer_str(&text));
        enum line_found found = line_buffer_look(&source.lines, 0, &line);
        assert_int_equal(found, more == 0 ? LINE_FOUND : LINE_TOO_LONG);
        assert_int_equal(line.text.len, LINE_BYTES_MAX);
        assert_int_equal(line_buffer_skip(&source.lines), LINE_FOUND);
        assert_int_equal(line_buffer_look(&source.lines, 0, &line), LINE_FOUND);
        assert_str(line.text, "next");
        source_close(&source);
    }
}

static void a_line_longer_than_the_buffer_is_passed_over(void **state)
{
    struct source source;
    struct line line;
    struct buffer text = buffer_new(*state, 0);

    buffer_add(&text, str_repeat(*state, STR("0123456789"), 100000));
    buffer_add(&text, STR("\nnext"));
    source_open(&source, buffer_str(&text));
    assert_int_equal(line_buffer_look(&source.lines, 0, &line), LINE_TOO_LONG);
    assert_int_equal(line_buffer_skip(&source.lines), LINE_FOUND);
    assert_int_equal(line_buffer_look(&source.lines, 0, &line), LINE_FOUND);
    assert_str(line.text, "next");
    assert_int_equal(source.lines.lines_taken, 1);
    source_close(&source);
}

static void each_quoting_style_gives_the_same_cells(void **state)
{
    static const struct {
        const char *line, *cells;
    } rows[] = {
        { "a,b,c", "a|b|c" },
        { "\"a\",\"b\",\"c\"", "a|b|c" },
        { "\"a\",b,12", "a|b|12" },
        { "a,,c", "a||c" },
        { ",,", "||" },
        { "\"\",\"\"", "|" },
        { "\"a, b\",c", "a, b|c" },
        { "\"\"\"Bob\"\" <1>\",c", "\"Bob\" <1>|c" },
        { "\"\"Bob\" <1>\",c", "\"Bob\" <1>|c" },
        { "\"\\\"Bob\\\" <1>\",c", "\\\"Bob\\\" <1>|c" },
        { "Bob \"B\" <1>,c", "Bob \"B\" <1>|c" },
        { " a , b ", "a|b" },
        { "\" a \",b", " a |b" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source source;
        int64_t lines;

        source_open(&source, str_from_c(rows[i].line));
        assert_str(next_row(&source, *state, &lines), rows[i].cells);
        source_close(&source);
    }
}

static void a_quoted_cell_goes_over_lines_as_they_end(void **state)
{
    struct source source;
    int64_t lines;

    source_open(&source, STR("a,\"two\r\nlines\",c\r\nd,e\n"));
    assert_str(next_row(&source, *state, &lines), "a|two\r\nlines|c");
    assert_int_equal(lines, 2);
    assert_str(next_row(&source, *state, &lines), "d|e");
    assert_int_equal(lines, 1);
    source_close(&source);
}

static void a_quote_that_is_not_closed_costs_its_own_line(void **state)
{
    struct source source;
    int64_t lines;

    source_open(&source, STR("a,\"b\nc,d\ne,f\n"));
    assert_str(next_row(&source, *state, &lines), "?");
    assert_int_equal(lines, 1);
    assert_str(next_row(&source, *state, &lines), "c|d");
    assert_str(next_row(&source, *state, &lines), "e|f");
    source_close(&source);
}

static void nor_does_it_eat_a_quoted_line(void **state)
{
    struct source source;
    int64_t lines;

    source_open(&source, STR("\"a\",\"b\n\"c\",\"d\"\n\"e\",\"f\"\n"));
    source.rows.least = source.rows.most = 2;
    assert_str(next_row(&source, *state, &lines), "?");
    assert_str(next_row(&source, *state, &lines), "c|d");
    assert_str(next_row(&source, *state, &lines), "e|f");
    source_close(&source);
}

static void a_cell_over_too_many_lines_is_not_believed(void **state)
{
    struct buffer text = buffer_new(*state, 256);
    struct source source;
    int64_t lines;

    buffer_add(&text, STR("a,\""));
    buffer_add(&text, str_repeat(*state, STR("x\n"), CSV_ROW_LINES_MAX));
    buffer_add(&text, STR("\",b\n"));
    source_open(&source, buffer_str(&text));
    assert_str(next_row(&source, *state, &lines), "?");
    assert_str(next_row(&source, *state, &lines), "x");
    source_close(&source);
}

static void a_carriage_return_in_the_middle_breaks_a_row(void **state)
{
    static struct csv_row row;
    struct source source;
    size_t bytes;
    int64_t lines;

    source_open(&source, STR("a,b\rc,d\n"));
    assert_true(csv_rows_read(&source.rows, &source.lines, *state, &row, &bytes, &lines));
    assert_true(row.is_broken);
    assert_int_equal(bytes, 8);
    source_close(&source);
}

static void columns_beyond_the_limit_are_told(void **state)
{
    static struct csv_row row;

    for (size_t more = 0; more < 2; more++) {
        struct source source;
        size_t bytes;
        int64_t lines;

        source_open(&source, str_repeat(*state, STR(","), CSV_COLUMNS_MAX - 1 + more));
        assert_true(csv_rows_read(&source.rows, &source.lines, *state, &row, &bytes, &lines));
        assert_int_equal(row.n, CSV_COLUMNS_MAX);
        assert_int_equal(row.has_too_many, more > 0);
        source_close(&source);
    }
}

static void bytes_of_any_value_are_kept(void **state)
{
    struct source source;
    int64_t lines;

    source_open(&source, STR("a\0b,\xE9\xFF\n"));
    struct str cells = next_row(&source, *state, &lines);
    assert_int_equal(cells.len, 6);
    assert_memory_equal(cells.at, "a\0b|\xE9\xFF", 6);
    source_close(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_any_end),
        cmocka_unit_test(a_line_may_be_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(a_line_longer_than_the_buffer_is_passed_over),
        cmocka_unit_test(each_quoting_style_gives_the_same_cells),
        cmocka_unit_test(a_quoted_cell_goes_over_lines_as_they_end),
        cmocka_unit_test(a_quote_that_is_not_closed_costs_its_own_line),
        cmocka_unit_test(nor_does_it_eat_a_quoted_line),
        cmocka_unit_test(a_cell_over_too_many_lines_is_not_believed),
        cmocka_unit_test(a_carriage_return_in_the_middle_breaks_a_row),
        cmocka_unit_test(columns_beyond_the_limit_are_told),
        cmocka_unit_test(bytes_of_any_value_are_kept),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
