/* Cards: what of a number is kept, and when a card has run out. */
#include "arena_fixture.h"

#include "base/time.h"
#include "domain/cards.h"

static enum reason read_number(void **state, const char *number, struct card *out)
{
    return test_card_read(*state, str_from_c(number), out);
}

static void a_test_card_is_known_by_its_number_with_blanks_or_without(void **state)
{
    struct card card;

    assert_int_equal(read_number(state, "4242 4242 4242 4242", &card), REASON_NONE);
    assert_true(str_equal_c(card.brand, "visa"));
    assert_true(str_equal_c(card.last4, "4242"));
    assert_int_equal(test_card_of_token(card.token), TEST_CARD_FINE);
    assert_int_equal(read_number(state, "5555555555554444", &card), REASON_NONE);
    assert_true(str_equal_c(card.brand, "mastercard"));
    assert_true(str_equal_c(card.last4, "4444"));
}

static void every_test_card_has_a_number_that_can_be_one(void **state)
{
    static const char *const numbers[] = {
#define TEST_CARD(name, number, token, does) number,
#include "domain/test_cards.def"
#undef TEST_CARD
    };

    for (int i = 0; i < TEST_CARD_COUNT; i++) {
        struct card card;

        assert_int_equal(read_number(state, numbers[i], &card), REASON_NONE);
        assert_int_equal(test_card_of_token(card.token), i);
        assert_int_equal(card.last4.len, 4);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    static const char *const numbers[] = {
        "",
        "four",
        "4242424242424241",
        "4242-4242-4242-4242",
        "42424242424",
        "42424242424242424242",
    };
    struct card card;

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        assert_int_equal(read_number(state, numbers[i], &card), REASON_BAD_CARD_NUMBER);
}

static void nobodys_own_card_is_taken(void **state)
{
    struct card card;

    assert_int_equal(read_number(state, "4111111111111111", &card), REASON_NOT_A_TEST_CARD);
    assert_int_equal(test_card_of_token(STR("tok_visa")), TEST_CARD_COUNT);
}

static instant_t at(const char *text)
{
    instant_t instant;

    assert_true(instant_parse(str_from_c(text), &instant));
    return instant;
}

static void a_card_lasts_to_the_end_of_its_month(void **state)
{
    (void)state;
    assert_false(card_is_expired(2026, 11, at("2026-11-30T23:59:59Z")));
    assert_true(card_is_expired(2026, 11, at("2026-12-01T00:00:00Z")));
    assert_false(card_is_expired(2027, 1, at("2026-12-01T00:00:00Z")));
    assert_true(card_is_expired(2025, 12, at("2026-01-01T00:00:00Z")));
}

static void an_account_has_ten_cards_at_most(void **state)
{
    (void)state;
    assert_int_equal(may_add_payment_method(9), REASON_NONE);
    assert_int_equal(may_add_payment_method(10), REASON_TOO_MANY_CARDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_card_is_known_by_its_number_with_blanks_or_without),
        cmocka_unit_test(every_test_card_has_a_number_that_can_be_one),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(nobodys_own_card_is_taken),
        cmocka_unit_test(a_card_lasts_to_the_end_of_its_month),
        cmocka_unit_test(an_account_has_ten_cards_at_most),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
