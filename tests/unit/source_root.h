/* Files of the source tree, found through MB_SOURCE_ROOT, which Meson sets for every unit test. */
#ifndef TESTS_SOURCE_ROOT_H
#define TESTS_SOURCE_ROOT_H

#include "unit.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

/* The whole file at `path`, which is relative to the root. */
static inline struct str source_file(struct arena *arena, const char *path)
{
    const char *root = getenv("MB_SOURCE_ROOT");
    struct str full = str_format(arena, "%s/%s", root == NULL ? "." : root, path);
    FILE *file = fopen(str_to_c(arena, full), "rb");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);

    assert_true(size > 0);
    rewind(file);
    char *at = arena_alloc_raw(arena, (size_t)size);

    assert_int_equal(fread(at, 1, (size_t)size, file), size);
    fclose(file);
    return (struct str){ at, (size_t)size };
}

#endif
