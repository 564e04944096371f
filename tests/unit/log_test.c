/* Lines of the log: one event a line, whatever its values hold, in both forms. */
#include "arena_fixture.h"

#include "base/log.h"
#include "base/types.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is written to stderr meanwhile. */
struct capture {
    int file, saved;
};

static struct capture capture_begin(void)
{
    char path[] = "/tmp/minutebank-log-XXXXXX";
    struct capture capture = { mkstemp(path), dup(STDERR_FILENO) };

    assert_true(capture.file >= 0 && capture.saved >= 0);
    unlink(path);
    dup2(capture.file, STDERR_FILENO);
    return capture;
}

static struct str capture_end(struct arena *arena, struct capture capture)
{
    enum { BYTES_MAX = 16384 };
    char *at = arena_alloc(arena, BYTES_MAX);

    dup2(capture.saved, STDERR_FILENO);
    close(capture.saved);
    ssize_t len = pread(capture.file, at, BYTES_MAX, 0);
    close(capture.file);
    assert_true(len >= 0 && len < BYTES_MAX);
    return (struct str){ at, (size_t)len };
}

static struct str logged(struct arena *arena, enum log_level least, enum log_format format,
                         enum log_level level, struct str text, int64_t number)
{
    log_configure(least, format);
    struct capture capture = capture_begin();
    log_event(level, "tested", LOG_TEXT("text", text), LOG_INT("number", number));
    return capture_end(arena, capture);
}

/* The line after its time, which nobody can know; without its end. */
static struct str after_time(struct str line)
{
    const char *level = memmem(line.at, line.len, "level", 5);

    assert_non_null(level);
    assert_true(str_ends_with(line, STR("\n")));
    return (struct str){ level, (size_t)(line.at + line.len - 1 - level) };
}

static void a_value_is_quoted_where_it_must_be(void **state)
{
    static const struct {
        struct str text;
        const char *logfmt, *json;
    } rows[] = {
        { STR("plain-1/x"), "plain-1/x", "\"plain-1/x\"" },
        { STR(""), "\"\"", "\"\"" },
        { STR_NONE, "\"\"", "\"\"" },
        { STR("two words"), "\"two words\"", "\"two words\"" },
        { STR("a=b"), "\"a=b\"", "\"a=b\"" },
        { STR("a\"b\\c"), "\"a\\\"b\\\\c\"", "\"a\\\"b\\\\c\"" },
        /* Nobody starts a line of their own. */
        { STR("x\nlevel=error event=forged"), "\"x\\nlevel=error event=forged\"",
          "\"x\\nlevel=error event=forged\"" },
        { STR("\x1B[31m"), "\"\\u001b[31m\"", "\"\\u001b[31m\"" },
        { STR("caf\xC3\xA9"), "\"caf\xC3\xA9\"", "\"caf\xC3\xA9\"" },
        { STR("\xFF\x01"), "ff01", "\"ff01\"" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str line = logged(*state, LOG_INFO, LOG_LOGFMT, LOG_WARN, rows[i].text, -7);
        struct str wanted =
            str_format(*state, "level=warn event=tested text=%s number=-7", rows[i].logfmt);
        assert_str(after_time(line), str_to_c(*state, wanted));

        line = logged(*state, LOG_INFO, LOG_JSON, LOG_WARN, rows[i].text, INT64_MIN);
        wanted = str_format(*state,
                            "level\":\"warn\",\"event\":\"tested\",\"text\":%s,"
                            "\"number\":-9223372036854775808}",
                            rows[i].json);
        assert_str(after_time(line), str_to_c(*state, wanted));
        assert_true(str_starts_with(line, STR("{\"time\":\"2")));
    }
}

static void what_is_below_the_level_is_not_written(void **state)
{
    assert_str(logged(*state, LOG_WARN, LOG_LOGFMT, LOG_INFO, STR("x"), 1), "");
    assert_false(log_enabled(LOG_INFO));
    assert_true(log_enabled(LOG_WARN));
    assert_true(logged(*state, LOG_DEBUG, LOG_LOGFMT, LOG_DEBUG, STR("x"), 1).len > 0);
}

static void a_long_value_is_cut_at_a_character(void **state)
{
    struct buffer text = buffer_new(*state, 8192);

    for (int i = 0; i < 2000; i++)
        buffer_add_c(&text, "\xE2\x82\xAC");
    struct str line = logged(*state, LOG_INFO, LOG_LOGFMT, LOG_INFO, buffer_str(&text), 1);
    assert_true(line.len < 1300);
    assert_true(str_is_text(line));
    assert_non_null(memmem(line.at, line.len, "\xE2\x82\xAC\" number=1", 13));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_quoted_where_it_must_be),
        cmocka_unit_test(what_is_below_the_level_is_not_written),
        cmocka_unit_test(a_long_value_is_cut_at_a_character),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
