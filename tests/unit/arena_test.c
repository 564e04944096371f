/* Memory that is handed out once, aligned and zeroed, and given back whole. */
#include "arena_fixture.h"

#include "base/types.h"

#include <stdalign.h>
#include <string.h>

enum { BLOCK = 256 };

static bool is_zero(const unsigned char *at, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] != 0) return false;
    }
    return true;
}

static void memory_is_aligned_for_any_type(void **state)
{
    struct arena *arena = arena_new(BLOCK);

    for (size_t bytes = 0; bytes < 100; bytes++)
        assert_int_equal((uintptr_t)arena_alloc(arena, bytes) % alignof(max_align_t), 0);
    arena_free(arena);
}

static void memory_is_zeroed_also_when_it_was_used_before(void **state)
{
    struct arena *arena = arena_new(BLOCK);

    memset(arena_alloc_raw(arena, BLOCK / 2), 0xAA, BLOCK / 2);
    arena_reset(arena);
    assert_true(is_zero(arena_alloc(arena, BLOCK / 2), BLOCK / 2));
    arena_free(arena);
}

static void more_than_a_block_gets_one_of_its_own(void **state)
{
    struct arena *arena = arena_new(BLOCK);
    unsigned char *before = arena_alloc(arena, 16);
    unsigned char *large = arena_alloc(arena, 100 * BLOCK);

    *before = 7;
    memset(large, 0xAA, 100 * BLOCK);
    assert_int_equal(*before, 7);
    arena_free(arena);
}

static void what_was_handed_out_never_moves_or_overlaps(void **state)
{
    enum { COUNT = 1000 };
    struct arena *arena = arena_new(BLOCK);
    unsigned *numbers[COUNT];

    for (unsigned i = 0; i < COUNT; i++) {
        numbers[i] = ARENA_ARRAY(arena, unsigned, 1 + i % 40);
        for (unsigned j = 0; j <= i % 40; j++)
            numbers[i][j] = i;
    }
    for (unsigned i = 0; i < COUNT; i++) {
        for (unsigned j = 0; j <= i % 40; j++)
            assert_int_equal(numbers[i][j], i);
    }
    arena_free(arena);
}

static void nothing_asked_for_is_still_a_place(void **state)
{
    assert_non_null(arena_alloc(*state, 0));
}

static void a_rewound_arena_hands_out_the_same_place_again(void **state)
{
    struct arena *arena = arena_new(BLOCK);
    int *kept = ARENA_NEW(arena, int);
    struct arena_mark mark = arena_mark(arena);
    void *first = arena_alloc(arena, 32);

    *kept = 7;
    arena_alloc(arena, 10 * BLOCK);
    arena_rewind(arena, mark);
    assert_ptr_equal(arena_alloc(arena, 32), first);
    assert_int_equal(*kept, 7);
    arena_free(arena);
}

static void marks_nest(void **state)
{
    struct arena *arena = arena_new(BLOCK);
    size_t at_outer, at_inner;

    arena_alloc(arena, 100);
    struct arena_mark outer = arena_mark(arena);
    at_outer = arena_used(arena);
    arena_alloc(arena, BLOCK);
    struct arena_mark inner = arena_mark(arena);
    at_inner = arena_used(arena);
    arena_alloc(arena, BLOCK);
    arena_rewind(arena, inner);
    assert_int_equal(arena_used(arena), at_inner);
    arena_rewind(arena, outer);
    assert_int_equal(arena_used(arena), at_outer);
    arena_free(arena);
}

static void use_is_counted_over_all_blocks_and_forgotten_by_reset(void **state)
{
    struct arena *arena = arena_new(BLOCK);

    assert_int_equal(arena_used(arena), 0);
    for (int i = 0; i < 10; i++)
        arena_alloc(arena, BLOCK);
    assert_int_equal(arena_used(arena), 10 * BLOCK);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    arena_free(arena);
}

static void a_reset_arena_starts_again_in_its_first_block(void **state)
{
    struct arena *arena = arena_new(BLOCK);
    void *first = arena_alloc(arena, 16);

    arena_alloc(arena, 10 * BLOCK);
    arena_reset(arena);
    assert_ptr_equal(arena_alloc(arena, 16), first);
    arena_free(arena);
}

static void no_arena_can_be_freed(void **state)
{
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_for_any_type),
        cmocka_unit_test(memory_is_zeroed_also_when_it_was_used_before),
        cmocka_unit_test(more_than_a_block_gets_one_of_its_own),
        cmocka_unit_test(what_was_handed_out_never_moves_or_overlaps),
        cmocka_unit_test(nothing_asked_for_is_still_a_place),
        cmocka_unit_test(a_rewound_arena_hands_out_the_same_place_again),
        cmocka_unit_test(marks_nest),
        cmocka_unit_test(use_is_counted_over_all_blocks_and_forgotten_by_reset),
        cmocka_unit_test(a_reset_arena_starts_again_in_its_first_block),
        cmocka_unit_test(no_arena_can_be_freed),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
