/* What every unit test includes first: cmocka with the headers it wants before it, and without its
   fail(), whose name base/problem.h has for another purpose (assert_row takes its place). */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdbool.h>

#undef fail
#undef fail_msg

/* For tables of inputs: says which row does not hold. */
#define assert_row(holds, row)                               \
    do {                                                     \
        bool row_holds = (holds);                            \
                                                             \
        if (!row_holds) print_error("row \"%s\":\n", (row)); \
        assert_true(row_holds);                              \
    } while (0)

#endif
