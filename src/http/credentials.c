#include "http/credentials.h"

#include "base/id.h"

#include <string.h>

enum { ID_TEXT = 13, SECRET_TEXT = ID_TEXT + 1 + TOKEN_CHARS };

/* The id's 13 characters without a prefix. */
static struct str agency_text(struct arena *arena, id64_t agency)
{
    struct str text = id_format(arena, ID_AGENCY, agency);

    return str_sub(text, text.len - ID_TEXT, ID_TEXT);
}

struct str session_secret_new(struct arena *arena, id64_t agency)
{
    struct str hint = agency_text(arena, agency), token = token_new(arena);

    return str_format(arena, "%.*s_%.*s", STR_ARG(hint), STR_ARG(token));
}

struct str api_key_secret_new(struct arena *arena, id64_t agency)
{
    struct str secret = session_secret_new(arena, agency);

    return str_format(arena, "mbk_%.*s", STR_ARG(secret));
}

struct str cookie_find(struct str header, struct str name)
{
    struct str rest = header, pair;

    while (str_split(&rest, ';', &pair)) {
        struct str value = str_trim(pair), found = STR_NONE;
        str_split(&value, '=', &found);
        if (str_equal(found, name) && !str_is_absent(value)) return value;
    }
    return STR_NONE;
}

/* In the session of somebody of the platform who entered no agency. */
static const struct str no_agency = { "0000000000000", ID_TEXT };

static bool token_is_plausible(struct str token)
{
    for (size_t i = 0; i < token.len; i++) {
        char c = token.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'
              || c == '_'))
            return false;
    }
    return token.len == TOKEN_CHARS;
}

/* `secret` without "mbk_"; `whole` is what is hashed. */
static struct credential read_secret(enum credential_kind kind, struct str secret, struct str whole)
{
    struct credential malformed = { .kind = CREDENTIAL_MALFORMED }, out = { .kind = kind };
    char id_text[4 + ID_TEXT] = "agy_";

    if (secret.len != SECRET_TEXT || secret.at[ID_TEXT] != '_'
        || !token_is_plausible(str_sub(secret, ID_TEXT + 1, TOKEN_CHARS)))
        return malformed;
    memcpy(id_text + 4, secret.at, ID_TEXT);
    if (!id_parse(ID_AGENCY, (struct str){ id_text, sizeof(id_text) }, &out.agency)
        && (kind != CREDENTIAL_SESSION || !str_equal(str_sub(secret, 0, ID_TEXT), no_agency)))
        return malformed;
    out.hash = hash_of(whole);
    return out;
}

struct credential credential_read(struct str authorization, struct str cookie_header)
{
    struct str session;

    if (!str_is_absent(authorization)) {
        struct str key = str_trim(str_sub(authorization, 7, authorization.len));
        if (!str_starts_with(authorization, STR("Bearer ")) || !str_starts_with(key, STR("mbk_")))
            return (struct credential){ .kind = CREDENTIAL_MALFORMED };
        return read_secret(CREDENTIAL_API_KEY, str_sub(key, 4, key.len), key);
    }
    session = cookie_find(cookie_header, SESSION_COOKIE);
    if (str_is_absent(session) || session.len == 0)
        return (struct credential){ .kind = CREDENTIAL_NONE };
    return read_secret(CREDENTIAL_SESSION, session, session);
}
