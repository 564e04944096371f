#include "domain/cards.h"

#include "base/zone.h"

#include <string.h>

enum { DIGITS_LEAST = 12, DIGITS_MOST = 19, LAST_DIGITS = 4 };

static const struct {
    const char *number, *token;
} test_cards[] = {
#define TEST_CARD(name, number, token, does) { number, token },
#include "domain/test_cards.def"
#undef TEST_CARD
};

enum test_card test_card_of_token(struct str token)
{
    for (int i = 0; i < TEST_CARD_COUNT; i++) {
        if (str_equal_c(token, test_cards[i].token)) return (enum test_card)i;
    }
    return TEST_CARD_COUNT;
}

/* The digits without blanks; 0 when something else is there, or too many. */
static size_t digits_of(struct str number, char out[DIGITS_MOST])
{
    size_t n = 0;

    for (size_t i = 0; i < number.len; i++) {
        if (number.at[i] == ' ') continue;
        if (number.at[i] < '0' || number.at[i] > '9' || n == DIGITS_MOST) return 0;
        out[n++] = number.at[i];
    }
    return n >= DIGITS_LEAST ? n : 0;
}

/* ISO/IEC 7812: the sum of all digits, every second from the right doubled and its own digits summed, ends with 0. */
static bool check_digit_fits(const char *digits, size_t n)
{
    int sum = 0;

    for (size_t i = 0; i < n; i++) {
        int digit = digits[n - 1 - i] - '0';
        int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;

        sum += i % 2 == 0 ? digit : doubled;
    }
    return sum % 10 == 0;
}

static struct str brand_of(char first_digit)
{
    switch (first_digit) {
    case '3': return STR("amex");
    case '4': return STR("visa");
    case '5': return STR("mastercard");
    default: return STR("card");
    }
}

enum reason test_card_read(struct arena *arena, struct str number, struct card *out)
{
    char digits[DIGITS_MOST];
    size_t n = digits_of(number, digits);

    if (n == 0 || !check_digit_fits(digits, n)) return REASON_BAD_CARD_NUMBER;
    for (int i = 0; i < TEST_CARD_COUNT; i++) {
        if (!str_equal_c((struct str){ digits, n }, test_cards[i].number)) continue;
        out->token = str_from_c(test_cards[i].token);
        out->brand = brand_of(digits[0]);
        out->last4 = str_copy(arena, (struct str){ digits + n - LAST_DIGITS, LAST_DIGITS });
        return REASON_NONE;
    }
    return REASON_NOT_A_TEST_CARD;
}

bool card_is_expired(int64_t exp_year, int64_t exp_month, instant_t now)
{
    struct date today = zone_date(zone_find(STR("UTC")), now);

    return exp_year < today.year || (exp_year == today.year && exp_month < today.month);
}

enum reason may_add_payment_method(int64_t n)
{
    return n < PAYMENT_METHODS_MAX ? REASON_NONE : REASON_TOO_MANY_CARDS;
}
