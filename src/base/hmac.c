#include "base/hmac.h"

#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>

struct bytes hmac_of(struct arena *arena, enum hmac_hash hash, struct str key, struct str message)
{
    unsigned char *at = arena_alloc_raw(arena, EVP_MAX_MD_SIZE);
    const EVP_MD *algorithm = hash == HMAC_SHA1 ? EVP_sha1() : EVP_sha256();
    unsigned len = 0;

    /* It fails only for want of memory. */
    if (HMAC(algorithm, key.at, (int)key.len, (const unsigned char *)message.at, message.len, at,
             &len)
        == NULL)
        abort();
    return (struct bytes){ at, len };
}

struct str base64_of(struct arena *arena, struct bytes bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc_raw(arena, room);

    sodium_bin2base64(text, room, bytes.at, bytes.len, sodium_base64_VARIANT_ORIGINAL);
    return (struct str){ text, room - 1 };
}

bool str_equal_constant_time(struct str a, struct str b)
{
    struct hash of_a = hash_of(a), of_b = hash_of(b);

    return bytes_equal_constant_time((struct bytes){ of_a.at, HASH_BYTES },
                                     (struct bytes){ of_b.at, HASH_BYTES });
}
