/* Hashes, tokens and passwords (libsodium). */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

enum { HASH_BYTES = 32, TOKEN_CHARS = 43 };

struct hash {
    unsigned char at[HASH_BYTES];
};

/* BLAKE2b-256 of the bytes: for tokens at rest, body hashes, content hashes. */
struct hash hash_of(struct str s);

/* The first 63 bits of it as a non-negative number: content fingerprints of call records. */
int64_t hash_to_int63(const struct hash *hash);

/* A fresh secret of 256 bits as TOKEN_CHARS characters of URL-safe base64. */
struct str token_new(struct arena *arena);

/* argon2id. Slow on purpose: never on an event loop or in a transaction. The hash is text. */
struct str password_hash(struct arena *arena, struct str password);
bool password_verify(struct str hash, struct str password);

/* How often this process has checked one: what sign-ins cost. */
uint64_t passwords_verified(void);

/* A hash that no password matches but costs the same to check: for unknown addresses. */
struct str password_decoy(void);

/* How much a hash costs: what libsodium calls interactive, or next to nothing, for serve --test-clock only. Before
   threads start. */
enum password_cost { PASSWORD_COST_NORMAL, PASSWORD_COST_TEST };
void password_set_cost(enum password_cost cost);

#endif
