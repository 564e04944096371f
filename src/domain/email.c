/* Email addresses: which ones we can write to, and by what they are compared (domain.md §13). */
#include "domain/accounts.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/uiter.h>

/* RFC 5321 §4.5.3.1, in bytes; RFC 1035 §3.1 for the domain. */
enum { LOCAL_MAX_BYTES = 64, DOMAIN_MAX_BYTES = 253 };

/* RFC 5322 §3.2.3 atext; beyond ASCII (RFC 6532) whatever can be seen. */
static bool is_local_character(UChar32 c)
{
    if (c < 0x80) return c > 0 && (u_isalnum(c) || strchr("!#$%&'*+-/=?^_`{|}~.", (int)c) != NULL);
    return u_isgraph(c) && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/* A dot-atom. Quoted local parts are legal and nobody has one. */
static bool is_local_part(struct str local)
{
    if (local.len == 0 || local.len > LOCAL_MAX_BYTES) return false;
    if (local.at[0] == '.' || local.at[local.len - 1] == '.' || str_contains(local, STR("..")))
        return false;

    UCharIterator iterator;

    uiter_setUTF8(&iterator, local.at, (int32_t)local.len);
    for (UChar32 c = uiter_next32(&iterator); c >= 0; c = uiter_next32(&iterator))
        if (!is_local_character(c)) return false;
    return true;
}

/* An empty top level is the root, and one that is all digits would end an IPv4 address. */
static bool has_named_top_level(struct str ascii)
{
    const char *dot = memrchr(ascii.at, '.', ascii.len);

    if (dot == NULL || dot == ascii.at) return false;
    for (const char *c = dot + 1; c < ascii.at + ascii.len; c++)
        if (*c < '0' || *c > '9') return true;
    return false;
}

/* IDNA 2008 as UTS #46 profiles it; "--" in the third and fourth place is left to registries. */
static bool domain_to_ascii(struct arena *arena, struct str domain, struct str *ascii)
{
    const uint32_t options = UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ
        | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE;
    UErrorCode status = U_ZERO_ERROR;
    UIDNA *idna = uidna_openUTS46(options, &status);

    if (U_FAILURE(status)) return false;

    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    char *out = arena_alloc_raw(arena, DOMAIN_MAX_BYTES + 1);
    int32_t len = uidna_nameToASCII_UTF8(idna, domain.at, (int32_t)domain.len, out,
                                         DOMAIN_MAX_BYTES + 1, &info, &status);

    uidna_close(idna);
    if (U_FAILURE(status) || (info.errors & ~(uint32_t)UIDNA_ERROR_HYPHEN_3_4) != 0
        || len > DOMAIN_MAX_BYTES)
        return false;
    *ascii = (struct str){ out, (size_t)len };
    return has_named_top_level(*ascii);
}

/* The local part is judged once it is folded: a full-width '@' or dot must not slip through as a
   letter. */
bool email_key(struct arena *arena, struct str email, struct str *key)
{
    if (str_is_absent(email) || email.len > EMAIL_MAX_CHARS || !str_is_text(email)) return false;

    const char *at = memrchr(email.at, '@', email.len);

    if (at == NULL) return false;

    size_t local_len = (size_t)(at - email.at);
    struct str given = str_sub(email, 0, local_len);
    struct str local = str_fold(arena, given);
    struct str domain;

    if (!is_local_part(given) || !is_local_part(local)
        || !domain_to_ascii(arena, str_sub(email, local_len + 1, email.len), &domain))
        return false;

    struct buffer b = buffer_new(arena, local.len + 1 + domain.len);

    buffer_add(&b, local);
    buffer_add_byte(&b, '@');
    buffer_add(&b, domain);
    *key = buffer_str(&b);
    return key->len <= EMAIL_MAX_CHARS;
}

bool email_to_send(struct arena *arena, struct str email, struct str *out)
{
    struct str key;

    if (!email_key(arena, email, &key)) return false;

    size_t given = (size_t)((const char *)memrchr(email.at, '@', email.len) - email.at);
    size_t folded = (size_t)((const char *)memrchr(key.at, '@', key.len) - key.at);
    struct str domain = str_sub(key, folded, key.len);

    *out = str_format(arena, "%.*s%.*s", (int)given, email.at, STR_ARG(domain));
    return true;
}
