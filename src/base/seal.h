/* Secrets that must be read again, kept sealed (libsodium, XChaCha20-Poly1305) under a key that the store does not
   hold: whoever has a copy of the store alone reads nothing. */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include "base/hash.h"

enum {
    SEAL_KEY_BYTES = 32,
    SEAL_PURPOSE_CHARS = 8,
    SEAL_OVERHEAD_BYTES =
        1 + 24 + 16, /* the form's number, the nonce, what tells that it is whole */
};

struct seal_key {
    unsigned char at[SEAL_KEY_BYTES];
};

/* The key for one purpose out of the server's secret: one purpose's key says nothing about another's. `purpose` has
   SEAL_PURPOSE_CHARS characters. */
struct seal_key seal_key_of(struct str secret, const char *purpose);

/* By what a secret is known again without being kept. */
struct hash seal_fingerprint(struct str secret);

/* The same key and the same `context`, whose it is, open it: a sealed text moved elsewhere does not. */
struct bytes seal(struct arena *arena, const struct seal_key *key, struct bytes clear,
                  struct str context);
bool seal_open(struct arena *arena, const struct seal_key *key, struct bytes sealed,
               struct str context, struct bytes *out);

#endif
