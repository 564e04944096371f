/* Secrets that travel: session cookies and API keys. Both begin with the agency's id, which only chooses the writer;
   what counts is the hash of the whole text, which is all that the store keeps. */
#ifndef HTTP_CREDENTIALS_H
#define HTTP_CREDENTIALS_H

#include "base/hash.h"
#include "base/types.h"

/* ID_NONE is the platform's staff. "0k3v9m2c5x1qy_<token>" for the cookie mb_session, "mbk_0k3v9m2c5x1qy_<token>" for a bearer. */
struct str session_secret_new(struct arena *arena, id64_t agency);
struct str api_key_secret_new(struct arena *arena, id64_t agency);

enum credential_kind {
    CREDENTIAL_NONE,
    CREDENTIAL_SESSION,
    CREDENTIAL_API_KEY,
    CREDENTIAL_MALFORMED
};

struct credential {
    enum credential_kind kind;
    id64_t agency; /* a hint */
    struct hash hash;
};

/* From the headers' texts, absent when not sent. A bearer counts before a cookie. */
struct credential credential_read(struct str authorization, struct str cookie_header);

/* The value of a cookie in a Cookie header; absent when it is not there. */
struct str cookie_find(struct str header, struct str name);

#define SESSION_COOKIE STR("mb_session")

#endif
