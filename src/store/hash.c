/* SPDX-License-Identifier: MIT */
/* hash.c - SHA-256 by OpenSSL, which the program is linked with anyway. */
#include "store/hash.h"

#include <openssl/evp.h>

struct hash {
    EVP_MD_CTX *digest;
    bool failed;
};

static int hash_drop(struct hash *hash)
{
    EVP_MD_CTX_free(hash->digest);
    return 0;
}

struct hash *hash_new(TALLOC_CTX *ctx)
{
    struct hash *hash = talloc_zero(ctx, struct hash);

    if (!hash)
        return NULL;
    hash->digest = EVP_MD_CTX_new();
    hash->failed = !hash->digest || !EVP_DigestInit_ex(hash->digest, EVP_sha256(), NULL);
    talloc_set_destructor(hash, hash_drop);
    return hash;
}

static void add(struct hash *hash, const void *data, size_t length)
{
    hash->failed = hash->failed || !EVP_DigestUpdate(hash->digest, data, length);
}

void hash_number(struct hash *hash, int64_t number)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
    add(hash, bytes, sizeof bytes);
}

void hash_part(struct hash *hash, struct bytes part)
{
    hash_number(hash, (int64_t)part.length);
    if (part.length > 0)
        add(hash, part.data, part.length);
}

void hash_text(struct hash *hash, const char *text)
{
    hash_part(hash, bytes_of(text ? text : ""));
}

enum sts_status hash_end(struct hash *hash, uint8_t digest[STORE_HASH_SIZE])
{
    hash->failed = hash->failed || !EVP_DigestFinal_ex(hash->digest, digest, NULL);
    return hash->failed ? STS_E_NOMEM : STS_OK;
}
