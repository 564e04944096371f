#include "base/hash.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static unsigned long long password_operations = crypto_pwhash_OPSLIMIT_INTERACTIVE;
static size_t password_memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

struct hash hash_of(struct str s)
{
    struct hash hash;

    crypto_generichash(hash.at, sizeof(hash.at), (const unsigned char *)s.at, s.len, NULL, 0);
    return hash;
}

int64_t hash_to_int63(const struct hash *hash)
{
    uint64_t number = 0;

    for (size_t i = 0; i < sizeof(number); i++)
        number = number << 8 | hash->at[i];
    return (int64_t)(number >> 1);
}

struct str token_new(struct arena *arena)
{
    unsigned char secret[32];
    char *text = arena_alloc_raw(arena, TOKEN_CHARS + 1);

    randombytes_buf(secret, sizeof(secret));
    sodium_bin2base64(text, TOKEN_CHARS + 1, secret, sizeof(secret),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof(secret));
    return (struct str){ text, TOKEN_CHARS };
}

void password_set_cost(enum password_cost cost)
{
    password_operations = cost == PASSWORD_COST_TEST ? crypto_pwhash_OPSLIMIT_MIN
                                                     : crypto_pwhash_OPSLIMIT_INTERACTIVE;
    password_memory = cost == PASSWORD_COST_TEST ? crypto_pwhash_MEMLIMIT_MIN
                                                 : crypto_pwhash_MEMLIMIT_INTERACTIVE;
}

struct str password_hash(struct arena *arena, struct str password)
{
    char *text = arena_alloc(arena, crypto_pwhash_STRBYTES);

    /* It fails only for want of memory. */
    if (crypto_pwhash_str_alg(text, password.at, password.len, password_operations, password_memory,
                              crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        abort();
    return str_from_c(text);
}

static atomic_uint_fast64_t verified;

uint64_t passwords_verified(void)
{
    return atomic_load(&verified);
}

bool password_verify(struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES] = { 0 };

    if (hash.len == 0 || hash.len >= sizeof(text)) return false;
    memcpy(text, hash.at, hash.len);
    atomic_fetch_add(&verified, 1);
    return crypto_pwhash_str_verify(text, password.at, password.len) == 0;
}

static pthread_once_t decoy_once = PTHREAD_ONCE_INIT;
static char decoy[crypto_pwhash_STRBYTES];

/* The hash of a secret that is forgotten at once. */
static void make_decoy(void)
{
    char secret[32];

    randombytes_buf(secret, sizeof(secret));
    if (crypto_pwhash_str_alg(decoy, secret, sizeof(secret), password_operations, password_memory,
                              crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        abort();
    sodium_memzero(secret, sizeof(secret));
}

struct str password_decoy(void)
{
    pthread_once(&decoy_once, make_decoy);
    return str_from_c(decoy);
}
