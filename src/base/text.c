/* The parts of base/str.h that know Unicode. */
#include "base/str.h"

#include <limits.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* Length of the well-formed sequence at `at`, 0 when it is none (RFC 3629 §4: no overlong forms, no surrogates). */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char low, high;               /* of the first byte */
        unsigned char second_low, second_high; /* of the second */
        unsigned char length;
    } forms[] = {
        { 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xE1, 0xEC, 0x80, 0xBF, 3 },
        { 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 }, { 0xF0, 0xF0, 0x90, 0xBF, 4 },
        { 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (at[0] < forms[i].low || at[0] > forms[i].high) continue;
        if (left < forms[i].length || at[1] < forms[i].second_low || at[1] > forms[i].second_high)
            return 0;
        for (size_t j = 2; j < forms[i].length; j++) {
            if ((at[j] & 0xC0) != 0x80) return 0;
        }
        return forms[i].length;
    }
    return 0;
}

/* Whether the eight bytes are ASCII without NUL: most text is, and is passed over in words. */
static bool is_plain_word(const unsigned char *at)
{
    const uint64_t low = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t word;

    memcpy(&word, at, sizeof(word));
    return ((word | (word - low)) & high) == 0;
}

bool str_is_text(struct str s)
{
    const unsigned char *at = (const unsigned char *)s.at;

    for (size_t i = 0; i < s.len;) {
        if (s.len - i >= sizeof(uint64_t) && is_plain_word(at + i)) {
            i += sizeof(uint64_t);
            continue;
        }
        if (at[i] == 0) return false;
        size_t length = at[i] < 0x80 ? 1 : sequence_length(at + i, s.len - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

/* NOLINTNEXTLINE(readability-function-size): the branches are those of ICU's macro */
bool str_is_line(struct str s)
{
    const uint8_t *at = (const uint8_t *)s.at;

    for (size_t i = 0; i < s.len;) {
        UChar32 c;

        U8_NEXT(at, i, s.len, c);
        if (c < 0 || (U_GET_GC_MASK(c) & (U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) != 0)
            return false;
    }
    return true;
}

struct str str_cut(struct str s, size_t max)
{
    if (s.len <= max) return s;
    while (max > 0 && ((unsigned char)s.at[max] & 0xC0) == 0x80)
        max--;
    return str_sub(s, 0, max);
}

size_t str_code_points(struct str s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return count;
}

/* ASCII needs no tables and is most of what comes. */
static bool fold_ascii(struct arena *arena, struct str s, struct str *out)
{
    char *at = arena_alloc_raw(arena, s.len + 1);

    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] >= 0x80) return false;
        at[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + ('a' - 'A')) : s.at[i];
    }
    at[s.len] = '\0';
    *out = (struct str){ at, s.len };
    return true;
}

/* NFKC with case folding in one step (Unicode's toNFKC_Casefold). */
static struct str fold_unicode(struct arena *arena, struct str s)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *folding = unorm2_getNFKCCasefoldInstance(&status);
    int32_t wide_len = 0, folded_len, len = 0;

    if (U_FAILURE(status) || s.len > INT32_MAX / 64) return STR_NONE;
    UChar *wide = arena_alloc_raw(arena, (s.len + 1) * sizeof(UChar));
    u_strFromUTF8(wide, (int32_t)s.len + 1, &wide_len, s.at, (int32_t)s.len, &status);
    /* A code point may fold into 18 at most (U+FDFA). */
    int32_t capacity = wide_len * 18 + 1;
    UChar *folded = arena_alloc_raw(arena, (size_t)capacity * sizeof(UChar));
    folded_len = unorm2_normalize(folding, wide, wide_len, folded, capacity, &status);
    if (U_FAILURE(status)) return STR_NONE;
    char *at = arena_alloc_raw(arena, (size_t)folded_len * 3 + 1);
    u_strToUTF8(at, folded_len * 3 + 1, &len, folded, folded_len, &status);
    return U_FAILURE(status) ? STR_NONE : (struct str){ at, (size_t)len };
}

struct str str_fold(struct arena *arena, struct str s)
{
    struct str folded;

    if (str_is_absent(s) || !str_is_text(s)) return STR_NONE;
    return fold_ascii(arena, s, &folded) ? folded : fold_unicode(arena, s);
}
