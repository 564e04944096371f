/* HMAC (RFC 2104) as partners sign with it, of any hash that they chose (OpenSSL: libsodium has no SHA-1). */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/str.h"

enum hmac_hash { HMAC_SHA1, HMAC_SHA256 };

/* In the arena. */
struct bytes hmac_of(struct arena *arena, enum hmac_hash hash, struct str key, struct str message);

/* Standard base64 with padding. */
struct str base64_of(struct arena *arena, struct bytes bytes);

/* Whether two texts are the same; how long it takes says nothing about where they differ. */
bool str_equal_constant_time(struct str a, struct str b);

#endif
