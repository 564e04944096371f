/* Which passwords are too easy to guess (NIST SP 800-63B §5.1.1.2): common ones, those about the
   user or the agency, and patterns. Length does the rest: no rules about digits or punctuation. */
#include "domain/accounts.h"

#include <assert.h>
#include <string.h>
#include <unicode/uiter.h>

/* What a password must still hold when a known word counts as two characters, and when only the
   first character of a run such as "1234" or "qwerty" counts. */
enum { BESIDE_WORDS_MIN = 8, KNOWN_WORD_COUNTS_AS = 2, BESIDE_RUNS_MIN = 6 };

/* Shorter names of people and agencies stand in too many good passwords. */
enum { OWN_WORD_MIN_CHARS = 4, OWN_WORDS_MAX = 4 };

static const char *const common_words[] = {
#include "domain/common_passwords.def"
};

/* Digits and signs that stand for letters; both sides of a comparison are read this way. */
static char plain_letter(char c)
{
    static const char signs[] = "01345789@$l", letters[] = "oieastbgasi";
    const char *at = c == '\0' ? NULL : strchr(signs, c);

    return at == NULL ? c : letters[at - signs];
}

static bool is_separator(char c)
{
    unsigned char byte = (unsigned char)c;

    return byte < 0x80 && !(byte >= '0' && byte <= '9') && !(byte >= 'a' && byte <= 'z');
}

/* The text as it is compared: folded, signs read as letters, spaces and punctuation gone. */
static struct str squash(struct arena *arena, struct str text)
{
    struct str folded = str_fold(arena, text);
    struct buffer b = buffer_new(arena, folded.len);

    for (size_t i = 0; i < folded.len; i++) {
        char c = plain_letter(folded.at[i]);

        if (!is_separator(c)) buffer_add_byte(&b, c);
    }
    return buffer_str(&b);
}

/* The words that an attacker who knows the user tries first, squashed. */
struct own_words {
    struct str at[OWN_WORDS_MAX];
    size_t count;
};

static void add_own_word(struct own_words *words, struct arena *arena, struct str word)
{
    struct str squashed = squash(arena, word);

    assert(words->count < OWN_WORDS_MAX);
    if (str_code_points(squashed) >= OWN_WORD_MIN_CHARS) words->at[words->count++] = squashed;
}

/* The address whole, what stands before its '@', the first label of its domain, and the agency's
   name. */
static struct own_words own_words_of(struct arena *arena, struct str email, struct str agency_name)
{
    struct own_words words = { .count = 0 };
    struct str rest = email, part;

    add_own_word(&words, arena, email);
    if (str_split(&rest, '@', &part)) add_own_word(&words, arena, part);
    if (str_split(&rest, '.', &part)) add_own_word(&words, arena, part);
    add_own_word(&words, arena, agency_name);
    return words;
}

static bool begins_with_word(struct str squashed, struct str word)
{
    if (squashed.len < word.len) return false;
    for (size_t i = 0; i < word.len; i++)
        if (squashed.at[i] != plain_letter(word.at[i])) return false;
    return true;
}

/* Bytes of the longest known word that the squashed text begins with; 0 when with none. */
static size_t known_word_at(struct str squashed, const struct own_words *own)
{
    size_t longest = 0;

    for (size_t i = 0; i < COUNT_OF(common_words) + own->count; i++) {
        size_t n_common = COUNT_OF(common_words);
        struct str word = i < n_common ? str_from_c(common_words[i]) : own->at[i - n_common];

        if (word.len > longest && begins_with_word(squashed, word)) longest = word.len;
    }
    return longest;
}

static size_t count_beside_words(struct str squashed, const struct own_words *own)
{
    size_t count = 0;

    for (size_t i = 0; i < squashed.len;) {
        size_t known = known_word_at(str_sub(squashed, i, squashed.len), own);
        bool is_continuation = ((unsigned char)squashed.at[i] & 0xC0) == 0x80;

        if (known > 0)
            count += KNOWN_WORD_COUNTS_AS;
        else if (!is_continuation)
            count++;
        i += known > 0 ? known : 1;
    }
    return count;
}

/* Whether it is one short unit again and again: "abcabcabcabc", "passwordpassword". */
static bool is_repetition(const UChar32 *chars, size_t count)
{
    for (size_t unit = 1; unit < PASSWORD_MIN_CHARS && unit * 2 <= count; unit++) {
        size_t i = unit;

        while (i < count && chars[i] == chars[i - unit])
            i++;
        if (i == count) return true;
    }
    return false;
}

/* Whether `b` stands beside `a` on a keyboard. */
static bool are_neighbours(UChar32 a, UChar32 b)
{
    static const char keys[] =
        "qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm 7890";
    const char *first = a > ' ' && a < 0x80 ? strchr(keys, (int)a) : NULL;

    for (; first != NULL; first = strchr(first + 1, (int)a))
        if (first[1] == (char)b || (first > keys && first[-1] == (char)b))
            return b > ' ' && b < 0x80;
    return false;
}

/* How many characters do not simply go on from the one before: the same, the next or the one
   before it in the alphabet or on a keyboard. */
static size_t count_beside_runs(const UChar32 *chars, size_t count)
{
    size_t count_left = 0;

    for (size_t i = 0; i < count; i++) {
        UChar32 step = i == 0 ? 2 : chars[i] - chars[i - 1];

        if ((step < -1 || step > 1) && (i == 0 || !are_neighbours(chars[i - 1], chars[i])))
            count_left++;
    }
    return count_left;
}

static bool is_pattern(struct arena *arena, struct str folded)
{
    UChar32 *chars = ARENA_ARRAY(arena, UChar32, folded.len + 1);
    size_t count = 0;
    UCharIterator iterator;

    uiter_setUTF8(&iterator, folded.at, (int32_t)folded.len);
    for (UChar32 c = uiter_next32(&iterator); c >= 0; c = uiter_next32(&iterator))
        chars[count++] = c;
    return is_repetition(chars, count) || count_beside_runs(chars, count) < BESIDE_RUNS_MIN;
}

enum reason password_acceptable(struct arena *arena, struct str password, struct str email,
                                struct str agency_name)
{
    if (!str_is_text(password)) return REASON_BAD_TEXT;

    size_t chars = str_code_points(password);

    if (chars < PASSWORD_MIN_CHARS) return REASON_TOO_SHORT;
    if (chars > PASSWORD_MAX_CHARS) return REASON_TOO_LONG;

    struct own_words own = own_words_of(arena, email, agency_name);
    bool is_weak = is_pattern(arena, str_fold(arena, password))
        || count_beside_words(squash(arena, password), &own) < BESIDE_WORDS_MIN;

    return is_weak ? REASON_WEAK_PASSWORD : REASON_NONE;
}
