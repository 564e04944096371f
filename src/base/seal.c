#include "base/seal.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
    FORM = 1,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SUBKEY = 1,
};

static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "one size of keys");
static_assert(SEAL_PURPOSE_CHARS == crypto_kdf_CONTEXTBYTES, "a purpose is a context");
static_assert(HASH_BYTES == crypto_kdf_KEYBYTES, "a hash is a key");
static_assert(SEAL_OVERHEAD_BYTES == 1 + NONCE_BYTES + TAG_BYTES, "what sealing adds");

struct seal_key seal_key_of(struct str secret, const char *purpose)
{
    struct hash master = hash_of(secret);
    struct seal_key key;

    assert(strlen(purpose) == SEAL_PURPOSE_CHARS);
    crypto_kdf_derive_from_key(key.at, sizeof(key.at), SUBKEY, purpose, master.at);
    sodium_memzero(&master, sizeof(master));
    return key;
}

struct hash seal_fingerprint(struct str secret)
{
    struct seal_key key = seal_key_of(secret, "known-by");
    struct hash fingerprint = hash_of((struct str){ (const char *)key.at, sizeof(key.at) });

    sodium_memzero(&key, sizeof(key));
    return fingerprint;
}

struct bytes seal(struct arena *arena, const struct seal_key *key, struct bytes clear,
                  struct str context)
{
    unsigned char *out = arena_alloc_raw(arena, clear.len + SEAL_OVERHEAD_BYTES);
    unsigned char *nonce = out + 1;
    unsigned long long sealed_bytes;

    out[0] = FORM;
    randombytes_buf(nonce, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_BYTES, &sealed_bytes, clear.at,
                                               clear.len, (const unsigned char *)context.at,
                                               context.len, NULL, nonce, key->at);
    return (struct bytes){ out, 1 + NONCE_BYTES + (size_t)sealed_bytes };
}

bool seal_open(struct arena *arena, const struct seal_key *key, struct bytes sealed,
               struct str context, struct bytes *out)
{
    if (sealed.len < SEAL_OVERHEAD_BYTES || sealed.at[0] != FORM) return false;

    unsigned char *clear = arena_alloc_raw(arena, sealed.len);
    const unsigned char *nonce = sealed.at + 1;
    unsigned long long clear_bytes;

    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            clear, &clear_bytes, NULL, nonce + NONCE_BYTES, sealed.len - 1 - NONCE_BYTES,
            (const unsigned char *)context.at, context.len, nonce, key->at)
        != 0)
        return false;
    *out = (struct bytes){ clear, (size_t)clear_bytes };
    return true;
}
