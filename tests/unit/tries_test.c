/* How often somebody may try a password, and that nobody can lock another person out. */
#include "unit.h"

#include "api/tries.h"
#include "base/rng.h"
#include "base/types.h"

#include <stdlib.h>

#define SECOND    MICROS_PER_SECOND
#define START     (1000 * SECOND)
#define ADA       STR("ada@n.example")
#define BO        STR("bo@n.example")
#define HERE      STR("192.0.2.7")
#define ELSEWHERE STR("198.51.100.9")

static int make_table(void **state)
{
    static const struct tries empty = TRIES_EMPTY;
    struct tries *tries = malloc(sizeof(*tries));

    rng_start();
    *tries = empty;
    *state = tries;
    return 0;
}

static int free_table(void **state)
{
    free(*state);
    return 0;
}

/* Seconds to wait; 0: the try was let through. */
static int64_t try_at(struct tries *tries, struct str account, struct str address, int64_t now_us)
{
    int64_t wait_us;
    bool let_through = tries_begin(tries, account, address, now_us, &wait_us);

    assert_int_equal(let_through, wait_us == 0);
    return wait_us / SECOND;
}

static void fail_free_tries(struct tries *tries, struct str account, struct str address)
{
    for (int i = 0; i < TRIES_FREE_PER_ACCOUNT; i++)
        assert_int_equal(try_at(tries, account, address, START), 0);
}

static void the_wait_doubles_with_each_try(void **state)
{
    struct tries *tries = *state;
    int64_t now = START;

    fail_free_tries(tries, ADA, HERE);
    for (int64_t wait = 1; wait <= 512; wait *= 2) {
        assert_int_equal(try_at(tries, ADA, HERE, now), wait);
        now += wait * SECOND;
        assert_int_equal(try_at(tries, ADA, HERE, now), 0);
    }
    assert_int_equal(try_at(tries, ADA, HERE, now), TRIES_ACCOUNT_WAIT_MAX_SECONDS);
}

static void waiting_is_not_made_longer_by_trying(void **state)
{
    struct tries *tries = *state;

    fail_free_tries(tries, ADA, HERE);
    for (int i = 0; i < 100; i++)
        assert_int_equal(try_at(tries, ADA, HERE, START), 1);
    assert_int_equal(try_at(tries, ADA, HERE, START + SECOND), 0);
}

static void nobody_is_locked_out_from_elsewhere(void **state)
{
    struct tries *tries = *state;

    fail_free_tries(tries, ADA, ELSEWHERE);
    assert_int_equal(try_at(tries, ADA, ELSEWHERE, START), 1);
    assert_int_equal(try_at(tries, ADA, HERE, START), 0);
    assert_int_equal(try_at(tries, BO, ELSEWHERE, START), 0);
}

static void the_right_password_forgets_what_failed(void **state)
{
    struct tries *tries = *state;

    fail_free_tries(tries, ADA, HERE);
    assert_int_equal(try_at(tries, ADA, HERE, START + SECOND), 0);
    tries_succeeded(tries, ADA, HERE, START + SECOND);
    fail_free_tries(tries, ADA, HERE);
}

static void an_hour_without_a_try_forgets_too(void **state)
{
    struct tries *tries = *state;

    fail_free_tries(tries, ADA, HERE);
    for (int i = 0; i < TRIES_FREE_PER_ACCOUNT; i++)
        assert_int_equal(try_at(tries, ADA, HERE, START + TRIES_KEPT_SECONDS * SECOND + i), 0);
}

static struct str numbered_account(struct arena *arena, int i)
{
    return str_format(arena, "user%d@n.example", i);
}

static void an_address_that_tries_many_accounts_waits(void **state)
{
    struct tries *tries = *state;
    struct arena *arena = arena_new(4096);

    for (int i = 0; i < TRIES_FREE_PER_ADDRESS; i++)
        assert_int_equal(try_at(tries, numbered_account(arena, i), HERE, START), 0);
    assert_int_equal(try_at(tries, ADA, HERE, START), 1);
    assert_int_equal(try_at(tries, ADA, ELSEWHERE, START), 0);
    arena_free(arena);
}

static void sign_ins_that_work_do_not_use_an_address_up(void **state)
{
    struct tries *tries = *state;

    for (int i = 0; i < 10 * TRIES_FREE_PER_ADDRESS; i++) {
        assert_int_equal(try_at(tries, ADA, HERE, START), 0);
        tries_succeeded(tries, ADA, HERE, START);
    }
}

static void an_ipv6_network_is_one_place(void **state)
{
    struct tries *tries = *state;

    fail_free_tries(tries, ADA, STR("2001:db8:1:2::1"));
    assert_int_equal(try_at(tries, ADA, STR("2001:db8:1:2:ffff::9"), START), 1);
    assert_int_equal(try_at(tries, ADA, STR("2001:db8:1:3::1"), START), 0);
}

static int64_t try_code(struct tries *tries, struct str account, int64_t now_us)
{
    int64_t wait_us;
    bool let_through = tries_begin_code(tries, account, now_us, &wait_us);

    assert_int_equal(let_through, wait_us == 0);
    return wait_us / SECOND;
}

static void codes_of_an_account_wait_wherever_they_come_from(void **state)
{
    struct tries *tries = *state;
    int64_t now = START;

    for (int i = 0; i < TRIES_FREE_PER_CODE; i++)
        assert_int_equal(try_code(tries, ADA, now), 0);
    for (int64_t wait = 1; wait <= 32; wait *= 2) {
        assert_int_equal(try_code(tries, ADA, now), wait);
        now += wait * SECOND;
        assert_int_equal(try_code(tries, ADA, now), 0);
    }
    assert_int_equal(try_code(tries, ADA, now), TRIES_CODE_WAIT_MAX_SECONDS);
    assert_int_equal(try_code(tries, BO, now), 0);
    assert_int_equal(try_at(tries, ADA, HERE, now), 0); /* passwords are another matter */
}

static void a_right_code_forgets_the_wrong_ones(void **state)
{
    struct tries *tries = *state;

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < TRIES_FREE_PER_CODE; i++)
            assert_int_equal(try_code(tries, ADA, START), 0);
        assert_int_equal(try_code(tries, ADA, START), 1);
        tries_code_succeeded(tries, ADA, START);
    }
}

static void ever_more_accounts_do_not_need_more_memory(void **state)
{
    enum { ACCOUNTS = 4 * TRIES_SETS * TRIES_WAYS };
    struct tries *tries = *state;
    struct arena *arena = arena_new(1 << 20);
    int64_t now = START;

    for (int i = 0; i < ACCOUNTS; i++) {
        now += TRIES_ADDRESS_WAIT_MAX_SECONDS * SECOND;
        assert_int_equal(try_at(tries, numbered_account(arena, i), HERE, now), 0);
    }
    fail_free_tries(tries, ADA, ELSEWHERE);
    arena_free(arena);
}

static void texts_of_any_length_are_taken(void **state)
{
    struct tries *tries = *state;
    struct arena *arena = arena_new(4096);
    struct str endless = str_repeat(arena, STR("x"), 5000);

    fail_free_tries(tries, endless, endless);
    assert_int_equal(try_at(tries, endless, endless, START), 1);
    assert_int_equal(try_at(tries, STR(""), STR(""), START), 0);
    arena_free(arena);
}

#define TABLE_TEST(function) cmocka_unit_test_setup_teardown(function, make_table, free_table)

static const struct CMUnitTest tests[] = {
    TABLE_TEST(the_wait_doubles_with_each_try),
    TABLE_TEST(waiting_is_not_made_longer_by_trying),
    TABLE_TEST(nobody_is_locked_out_from_elsewhere),
    TABLE_TEST(the_right_password_forgets_what_failed),
    TABLE_TEST(an_hour_without_a_try_forgets_too),
    TABLE_TEST(an_address_that_tries_many_accounts_waits),
    TABLE_TEST(sign_ins_that_work_do_not_use_an_address_up),
    TABLE_TEST(an_ipv6_network_is_one_place),
    TABLE_TEST(codes_of_an_account_wait_wherever_they_come_from),
    TABLE_TEST(a_right_code_forgets_the_wrong_ones),
    TABLE_TEST(ever_more_accounts_do_not_need_more_memory),
    TABLE_TEST(texts_of_any_length_are_taken),
};

int main(void)
{
    return cmocka_run_group_tests_name("tries", tests, NULL, NULL);
}
