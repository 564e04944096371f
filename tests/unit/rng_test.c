/* Entropy, and generators that repeat themselves. */
#include "unit.h"

#include "base/rng.h"

#include <string.h>

static int start(void **state)
{
    rng_start();
    return 0;
}

static void the_same_seed_gives_the_same_numbers(void **state)
{
    struct rng a = rng_seeded(7), b = rng_seeded(7), other = rng_seeded(8);

    assert_true(rng_next(&a) != rng_next(&other));
    rng_next(&b);
    for (int i = 0; i < 100; i++)
        assert_true(rng_next(&a) == rng_next(&b));
}

/* From the authors' programs: splitmix64 seeded with 0 gives the state, xoshiro256** these numbers. A demo
   that was made from a seed must look the same with every version. */
static void numbers_are_those_of_the_published_generators(void **state)
{
    struct rng rng = rng_seeded(0);

    assert_true(rng.state[0] == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(rng.state[1] == UINT64_C(0x6e789e6aa1b965f4));
    assert_true(rng_next(&rng) == UINT64_C(0x99ec5f36cb75f2b4));
    assert_true(rng_next(&rng) == UINT64_C(0xbf6e1f784956452a));
    assert_true(rng_next(&rng) == UINT64_C(0x1a5f849d4933e6e0));
}

static void both_ends_of_a_range_are_reached_and_never_left(void **state)
{
    struct rng rng = rng_seeded(1);
    int seen[5] = { 0 };

    for (int i = 0; i < 1000; i++) {
        int64_t number = rng_between(&rng, -2, 2);
        assert_in_range(number + 2, 0, 4);
        seen[number + 2]++;
    }
    for (size_t i = 0; i < 5; i++)
        assert_true(seen[i] > 100);
}

static void a_range_of_one_is_that_one(void **state)
{
    struct rng rng = rng_seeded(1);

    assert_int_equal(rng_between(&rng, 42, 42), 42);
    assert_true(rng_between(&rng, INT64_MIN, INT64_MIN) == INT64_MIN);
}

static void a_range_may_be_all_there_is(void **state)
{
    struct rng rng = rng_seeded(1);
    bool negative = false, positive = false;

    for (int i = 0; i < 100; i++) {
        int64_t number = rng_between(&rng, INT64_MIN, INT64_MAX);
        negative = negative || number < 0;
        positive = positive || number > 0;
    }
    assert_true(negative && positive);
}

/* Three quarters of 2^64: the plain remainder would give the lower third twice as often. */
static void no_part_of_a_large_range_is_favoured(void **state)
{
    enum { ROUNDS = 30000 };
    const int64_t third = INT64_C(1) << 62; /* of the range; a quarter of 2^64 */
    const int64_t highest = third - 1;
    struct rng rng = rng_seeded(3);
    int lowest = 0;

    for (int i = 0; i < ROUNDS; i++)
        lowest += rng_between(&rng, INT64_MIN, highest) < INT64_MIN + third;
    assert_in_range(lowest, ROUNDS / 3 - ROUNDS / 50, ROUNDS / 3 + ROUNDS / 50);
}

static void secure_bytes_fill_the_place_and_no_more(void **state)
{
    unsigned char once[40] = { 0 }, again[40] = { 0 }, zeros[8] = { 0 };

    rng_secure(once, 32);
    rng_secure(again, 32);
    assert_memory_not_equal(once, again, 32);
    assert_memory_equal(once + 32, zeros, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(numbers_are_those_of_the_published_generators),
        cmocka_unit_test(both_ends_of_a_range_are_reached_and_never_left),
        cmocka_unit_test(a_range_of_one_is_that_one),
        cmocka_unit_test(a_range_may_be_all_there_is),
        cmocka_unit_test(no_part_of_a_large_range_is_favoured),
        cmocka_unit_test(secure_bytes_fill_the_place_and_no_more),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
