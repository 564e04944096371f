/* Fixed point: money as text, and products of two int64 in 128 bits (domain.md §1). */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/str.h"
#include "base/types.h"

/* "12.5", "0.16", "-3.20", "7": an optional '-', digits, optionally '.' and 1 to 6 digits. False when
   it is anything else (no exponent, no '+', no spaces, no bare dot) or does not fit. Exact. */
bool micros_parse(struct str text, micros_t *out);

/* At least two decimals, no trailing zeros past the second: "0.16", "12.50", "12.345678". */
struct str micros_format(struct arena *arena, micros_t amount);
void buffer_add_micros(struct buffer *b, micros_t amount);

/* a + b, a - b, a * b: false when the result does not fit. */
bool int64_add(int64_t a, int64_t b, int64_t *out);
bool int64_subtract(int64_t a, int64_t b, int64_t *out);
bool int64_multiply(int64_t a, int64_t b, int64_t *out);

/* (a * b + addend) / divisor with a 128-bit product, rounded toward zero resp. away from it (ceil),
   for a, b, addend >= 0 and divisor > 0; false when the result does not fit in an int64. */
bool int64_multiply_divide(int64_t a, int64_t b, int64_t addend, int64_t divisor, int64_t *out);
bool int64_multiply_divide_up(int64_t a, int64_t b, int64_t divisor, int64_t *out);

#endif
