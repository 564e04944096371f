/* Sealed secrets open with the right key, for the right owner, unchanged; and not otherwise. */
#include "arena_fixture.h"

#include "base/rng.h"
#include "base/seal.h"

#include <string.h>

#define SECRET STR("a secret of the server, long enough")
#define CLEAR  ((struct bytes){ (const unsigned char *)"12345678901234567890", 20 })
#define ADA    STR("usr_1")

static struct seal_key key_of(struct str secret)
{
    return seal_key_of(secret, "for-test");
}

static void what_was_sealed_opens(void **state)
{
    struct seal_key key = key_of(SECRET);
    struct bytes sealed = seal(*state, &key, CLEAR, ADA), opened;

    assert_int_equal(sealed.len, CLEAR.len + SEAL_OVERHEAD_BYTES);
    assert_true(seal_open(*state, &key, sealed, ADA, &opened));
    assert_int_equal(opened.len, CLEAR.len);
    assert_memory_equal(opened.at, CLEAR.at, CLEAR.len);
    assert_null(memmem(sealed.at, sealed.len, CLEAR.at, CLEAR.len));
}

static void the_same_is_never_sealed_alike(void **state)
{
    struct seal_key key = key_of(SECRET);
    struct bytes one = seal(*state, &key, CLEAR, ADA), other = seal(*state, &key, CLEAR, ADA);

    assert_memory_not_equal(one.at, other.at, one.len);
}

static void another_key_or_owner_opens_nothing(void **state)
{
    struct seal_key key = key_of(SECRET),
                    other = key_of(STR("another secret, as long as the first"));
    struct seal_key other_purpose = seal_key_of(SECRET, "for-else");
    struct bytes sealed = seal(*state, &key, CLEAR, ADA), opened;

    assert_false(seal_open(*state, &other, sealed, ADA, &opened));
    assert_false(seal_open(*state, &other_purpose, sealed, ADA, &opened));
    assert_false(seal_open(*state, &key, sealed, STR("usr_2"), &opened));
}

static void a_changed_or_cut_text_does_not_open(void **state)
{
    struct seal_key key = key_of(SECRET);
    struct bytes sealed = seal(*state, &key, CLEAR, ADA), opened;
    unsigned char *changed = arena_alloc(*state, sealed.len);

    for (size_t i = 0; i < sealed.len; i++) {
        memcpy(changed, sealed.at, sealed.len);
        changed[i] ^= 1;
        assert_false(seal_open(*state, &key, (struct bytes){ changed, sealed.len }, ADA, &opened));
        assert_false(seal_open(*state, &key, (struct bytes){ sealed.at, i }, ADA, &opened));
    }
}

static void a_secret_is_known_again_by_its_fingerprint(void **state)
{
    struct hash one = seal_fingerprint(SECRET), again = seal_fingerprint(SECRET);
    struct hash other = seal_fingerprint(STR("a secret of the server, long enougH"));

    (void)state;
    assert_memory_equal(one.at, again.at, HASH_BYTES);
    assert_memory_not_equal(one.at, other.at, HASH_BYTES);
}

#define ARENA_TEST(function) \
    cmocka_unit_test_setup_teardown(function, arena_set_up, arena_tear_down)

static const struct CMUnitTest tests[] = {
    ARENA_TEST(what_was_sealed_opens),
    ARENA_TEST(the_same_is_never_sealed_alike),
    ARENA_TEST(another_key_or_owner_opens_nothing),
    ARENA_TEST(a_changed_or_cut_text_does_not_open),
    cmocka_unit_test(a_secret_is_known_again_by_its_fingerprint),
};

int main(void)
{
    rng_start();
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
