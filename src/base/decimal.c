#include "base/decimal.h"

enum { DECIMALS = 6 };

bool int64_add(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

bool int64_subtract(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}

bool int64_multiply(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static bool narrow(__int128 wide, int64_t *out)
{
    if (wide < INT64_MIN || wide > INT64_MAX) return false;
    *out = (int64_t)wide;
    return true;
}

bool int64_multiply_divide(int64_t a, int64_t b, int64_t addend, int64_t divisor, int64_t *out)
{
    return narrow(((__int128)a * b + addend) / divisor, out);
}

bool int64_multiply_divide_up(int64_t a, int64_t b, int64_t divisor, int64_t *out)
{
    return narrow(((__int128)a * b + divisor - 1) / divisor, out);
}

/* Digits from *at on, as a negative number, so that INT64_MIN can be reached; how many there were. */
static bool take_digits(struct str text, size_t *at, int64_t *negative, size_t *count)
{
    for (*count = 0; *at < text.len && text.at[*at] >= '0' && text.at[*at] <= '9';
         (*at)++, (*count)++) {
        if (!int64_multiply(*negative, 10, negative)
            || !int64_subtract(*negative, text.at[*at] - '0', negative))
            return false;
    }
    return true;
}

bool micros_parse(struct str text, micros_t *out)
{
    bool is_negative = text.len > 0 && text.at[0] == '-';
    size_t at = is_negative, whole = 0, decimals = 0;
    int64_t negative = 0;

    if (!take_digits(text, &at, &negative, &whole) || whole == 0) return false;
    if (at < text.len && text.at[at] == '.') {
        at++;
        if (!take_digits(text, &at, &negative, &decimals) || decimals == 0 || decimals > DECIMALS)
            return false;
    }
    if (at != text.len) return false;
    for (; decimals < DECIMALS; decimals++) {
        if (!int64_multiply(negative, 10, &negative)) return false;
    }
    if (!is_negative && negative == INT64_MIN) return false;
    *out = is_negative ? negative : -negative;
    return true;
}

void buffer_add_micros(struct buffer *b, micros_t amount)
{
    uint64_t size = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    char decimals[DECIMALS];
    uint64_t rest = size % (uint64_t)MICROS_PER_USD;
    size_t shown = DECIMALS;

    for (size_t i = DECIMALS; i > 0; i--, rest /= 10)
        decimals[i - 1] = (char)('0' + rest % 10);
    while (shown > 2 && decimals[shown - 1] == '0')
        shown--;
    if (amount < 0) buffer_add_byte(b, '-');
    buffer_add_int(b, (int64_t)(size / (uint64_t)MICROS_PER_USD));
    buffer_add_byte(b, '.');
    buffer_add(b, (struct str){ decimals, shown });
}

struct str micros_format(struct arena *arena, micros_t amount)
{
    struct buffer b = buffer_new(arena, 32);

    buffer_add_micros(&b, amount);
    return buffer_str(&b);
}
