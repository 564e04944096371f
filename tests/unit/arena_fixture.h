/* An arena as every test's state, and texts compared as such: what tests of base/ share. */
#ifndef TESTS_ARENA_FIXTURE_H
#define TESTS_ARENA_FIXTURE_H

#include "unit.h"

#include "base/str.h"

static inline int arena_set_up(void **state)
{
    *state = arena_new(4096);
    return 0;
}

static inline int arena_tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

/* Both texts are printed when they differ. */
#define assert_str(actual, expected) assert_str_at((actual), (expected), __FILE__, __LINE__)

static inline void assert_str_at(struct str actual, const char *expected, const char *file,
                                 int line)
{
    if (str_equal_c(actual, expected)) return;
    print_error("\"%.*s\" is not \"%s\"\n", STR_ARG(actual), expected);
    _fail(file, line);
}

#endif
