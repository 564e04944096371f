/* Settings: the command line before the environment before the file before the default; and what is wrong is named. */
#include "arena_fixture.h"

#include "base/config.h"
#include "base/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    struct str public_url, listen;
    int64_t threads;
    bool test_clock;
};

/* clang-format off */
static const struct option options[] = {
    { .name = "public-url", .type = OPTION_TEXT, .offset = offsetof(struct settings, public_url) },
    { .name = "listen", .type = OPTION_TEXT, .offset = offsetof(struct settings, listen), .default_text = "127.0.0.1:8080" },
    { .name = "threads", .type = OPTION_INTEGER, .offset = offsetof(struct settings, threads), .max = 64 },
    { .name = "test-clock", .type = OPTION_SWITCH, .offset = offsetof(struct settings, test_clock) },
    OPTION_END,
};

static const struct option elsewhere[] = {
    { .name = "other-setting", .type = OPTION_TEXT },
    OPTION_END,
};
/* clang-format on */

static const struct option *const all_known[] = { elsewhere, NULL };

static const char *const variables[] = { "MINUTEBANK_CONFIG", "MINUTEBANK_PUBLIC_URL",
                                         "MINUTEBANK_LISTEN", "MINUTEBANK_THREADS",
                                         "MINUTEBANK_TEST_CLOCK" };

enum { POSITIONALS_MAX = 2, ARGUMENTS_MAX = 8 };

struct reading {
    struct problem problem;
    struct settings settings;
    struct str positional[POSITIONALS_MAX];
    size_t n_positional;
    bool ok;
};

/* Reads a command line, its words separated by blanks. */
static struct reading read_line(struct arena *arena, const char *line)
{
    struct reading r = { 0 };
    struct positionals positionals = { r.positional, POSITIONALS_MAX, 0 };
    char *argv[ARGUMENTS_MAX];
    struct str rest = str_from_c(line), word;
    int argc = 0;

    problem_init(&r.problem, arena);
    while (line[0] != '\0' && str_split(&rest, ' ', &word)) {
        assert_true(argc < ARGUMENTS_MAX);
        argv[argc++] = (char *)(uintptr_t)str_to_c(arena, word);
    }
    r.ok =
        options_read(options, all_known, arena, argc, argv, &r.problem, &r.settings, &positionals);
    r.n_positional = positionals.n;
    assert_int_equal(r.ok, !problem_is_set(&r.problem));
    return r;
}

static int set_up(void **state)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++)
        unsetenv(variables[i]);
    return arena_set_up(state);
}

/* A file of settings, gone when the test ends. */
static const char *file_of(struct arena *arena, const char *text)
{
    char *path = (char *)(uintptr_t)str_to_c(arena, STR("/tmp/minutebank-config-XXXXXX"));
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    return path;
}

static void what_nobody_says_is_the_default(void **state)
{
    struct reading r = read_line(*state, "");

    assert_true(r.ok);
    assert_str(r.settings.listen, "127.0.0.1:8080");
    assert_true(str_is_absent(r.settings.public_url));
    assert_int_equal(r.settings.threads, 0);
    assert_false(r.settings.test_clock);
}

static void options_may_be_written_in_two_ways_and_anywhere(void **state)
{
    struct reading r = read_line(*state, "one --listen x:1 --threads=7 two --test-clock");

    assert_true(r.ok);
    assert_str(r.settings.listen, "x:1");
    assert_int_equal(r.settings.threads, 7);
    assert_true(r.settings.test_clock);
    assert_int_equal(r.n_positional, 2);
    assert_str(r.positional[0], "one");
    assert_str(r.positional[1], "two");
    assert_str(read_line(*state, "--public-url=https://a/?b=c").settings.public_url,
               "https://a/?b=c");
    assert_true(read_line(*state, "--test-clock=yes").settings.test_clock);
    assert_false(read_line(*state, "--test-clock=0").settings.test_clock);
    assert_str(read_line(*state, "--listen=").settings.listen, "");
}

static void the_nearest_source_counts(void **state)
{
    const char *path = file_of(*state, "listen = file:1\nthreads = 1\npublic_url = http://file\n");
    const char *line = str_to_c(*state, str_format(*state, "--config %s --listen line:3", path));

    setenv("MINUTEBANK_LISTEN", "environment:2", 1);
    setenv("MINUTEBANK_THREADS", "2", 1);
    struct reading r = read_line(*state, line);
    assert_true(r.ok);
    assert_str(r.settings.listen, "line:3");
    assert_int_equal(r.settings.threads, 2);
    assert_str(r.settings.public_url, "http://file");
    unlink(path);
}

static void the_environment_may_name_the_file(void **state)
{
    const char *path =
        file_of(*state, "; a comment\n[any section]\nthreads=5\nother_setting = x\n");

    setenv("MINUTEBANK_CONFIG", path, 1);
    struct reading r = read_line(*state, "");
    assert_true(r.ok);
    assert_int_equal(r.settings.threads, 5);
    unlink(path);
}

static void assert_named(struct arena *arena, const char *line, const char *part)
{
    struct reading r = read_line(arena, line);

    assert_row(!r.ok, line);
    assert_int_equal(r.problem.reason, REASON_BAD_REQUEST);
    if (strstr(str_to_c(arena, problem_detail(&r.problem)), part) == NULL)
        print_error("%s: \"%.*s\" does not say \"%s\"\n", line, STR_ARG(problem_detail(&r.problem)),
                    part);
    assert_non_null(strstr(str_to_c(arena, problem_detail(&r.problem)), part));
}

static void what_is_wrong_on_the_command_line_is_named(void **state)
{
    assert_named(*state, "--colour red", "--colour");
    assert_named(*state, "--", "--");
    assert_named(*state, "--listen", "--listen needs a value");
    assert_named(*state, "--listen a --listen b", "--listen is given twice");
    assert_named(*state, "--test-clock --test-clock", "--test-clock is given twice");
    assert_named(*state, "--threads many", "--threads");
    assert_named(*state, "--threads 1.5", "--threads");
    assert_named(*state, "--threads 65", "between 0 and 64");
    assert_named(*state, "--threads -1", "between 0 and 64");
    assert_named(*state, "--threads 99999999999999999999", "--threads");
    assert_named(*state, "--test-clock=maybe", "--test-clock");
    assert_named(*state, "a b c", "c");
    assert_named(*state, "--Listen x", "--Listen");
    assert_named(*state, "--config /nowhere/at/all.ini", "/nowhere/at/all.ini");
    assert_named(*state, "--listen \xFF", "--listen");
}

static void what_is_wrong_elsewhere_is_named_as_its_giver_knows_it(void **state)
{
    const char *unknown = file_of(*state, "stroe = sqlite:x\n");
    const char *wrong = file_of(*state, "threads = many\n");
    const char *garbled = file_of(*state, "threads\n");

    setenv("MINUTEBANK_THREADS", "many", 1);
    assert_named(*state, "", "MINUTEBANK_THREADS");
    unsetenv("MINUTEBANK_THREADS");
    assert_named(*state, str_to_c(*state, str_format(*state, "--config %s", unknown)), "stroe");
    assert_named(*state, str_to_c(*state, str_format(*state, "--config %s", wrong)), "threads");
    assert_named(*state, str_to_c(*state, str_format(*state, "--config %s", garbled)), "line 1");
    unlink(unknown);
    unlink(wrong);
    unlink(garbled);
}

#define CONFIG_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, arena_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(what_nobody_says_is_the_default),
        CONFIG_TEST(options_may_be_written_in_two_ways_and_anywhere),
        CONFIG_TEST(the_nearest_source_counts),
        CONFIG_TEST(the_environment_may_name_the_file),
        CONFIG_TEST(what_is_wrong_on_the_command_line_is_named),
        CONFIG_TEST(what_is_wrong_elsewhere_is_named_as_its_giver_knows_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
