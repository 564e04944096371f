/* Cursors: opaque, of one list, and nothing that somebody made up. */
#include "arena_fixture.h"
#include "property.h"

#include "http/cursors.h"

#include <string.h>

static void every_cursor_survives_the_journey(void **state)
{
    static const char *const texts[] = { NULL,     "",
                                         "a",      "caf\xC3\xA9 \"x\"",
                                         " t n 7", "\xF0\x9F\x98\x80" };
    struct rng rng = property_rng("cursors");

    for (int i = 0; i < 2000; i++) {
        struct arena *arena = arena_new(4096);
        const char *text = texts[rng_between(&rng, 0, COUNT_OF(texts) - 1)];
        struct cursor cursor = { .list = "calls",
                                 .number = any_int64(&rng),
                                 .text = str_from_c(text),
                                 .id = any_magnitude(&rng) };
        struct cursor back;

        assert_true(cursor_decode(arena, cursor_encode(arena, &cursor), "calls", &back));
        assert_int_equal(back.number, cursor.number);
        assert_int_equal(back.id, cursor.id);
        assert_int_equal(str_is_absent(back.text), text == NULL);
        assert_true(text == NULL || str_equal_c(back.text, text));
        arena_free(arena);
    }
}

static void a_cursor_fits_into_an_address_as_it_is(void **state)
{
    struct cursor cursor = {
        .list = "x", .number = INT64_MIN, .text = STR("\xC3\xA9?/+&="), .id = INT64_MAX
    };
    struct str text = cursor_encode(*state, &cursor);

    assert_int_equal(
        strspn(text.at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        text.len);
}

static void a_cursor_of_another_list_is_refused(void **state)
{
    struct cursor cursor = { .list = "subaccounts name", .number = 1, .id = 7 }, back;
    struct str text = cursor_encode(*state, &cursor);

    assert_true(cursor_decode(*state, text, "subaccounts name", &back));
    assert_false(cursor_decode(*state, text, "subaccounts -name", &back));
    assert_false(cursor_decode(*state, text, "", &back));
}

static void a_cursor_that_was_changed_anywhere_is_refused(void **state)
{
    struct cursor cursor = { .list = "calls",
                             .number = 1795421565000000,
                             .text = STR("name"),
                             .id = 7 },
                  back;
    struct str text = cursor_encode(*state, &cursor);
    char *changed = arena_alloc(*state, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        memcpy(changed, text.at, text.len);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(cursor_decode(*state, (struct str){ changed, text.len }, "calls", &back));
        assert_false(cursor_decode(*state, str_sub(text, 0, i), "calls", &back));
    }
}

static void what_is_no_cursor_is_refused(void **state)
{
    static const char *const texts[] = { "", "A", "AAAA", "!!!", "bm90IG91cnM", "a b", "\xFF" };
    struct cursor back;
    char *huge = arena_alloc(*state, 100000);

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_row(!cursor_decode(*state, str_from_c(texts[i]), "calls", &back), texts[i]);
    memset(huge, 'A', 100000);
    assert_false(cursor_decode(*state, (struct str){ huge, 100000 }, "calls", &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cursor_survives_the_journey),
        cmocka_unit_test(a_cursor_fits_into_an_address_as_it_is),
        cmocka_unit_test(a_cursor_of_another_list_is_refused),
        cmocka_unit_test(a_cursor_that_was_changed_anywhere_is_refused),
        cmocka_unit_test(what_is_no_cursor_is_refused),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
