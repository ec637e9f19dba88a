#include "hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

void hash_bytes(const void *bytes, size_t size, unsigned char digest[HASH_BYTES])
{
    if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1)
        abort(); /* SHA-256 is always there */
}

void hash_hex(const void *bytes, size_t size, char digest[HASH_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char raw[HASH_BYTES];
    hash_bytes(bytes, size, raw);
    for (size_t i = 0; i < HASH_BYTES; i++) {
        digest[2 * i] = digits[raw[i] >> 4];
        digest[2 * i + 1] = digits[raw[i] & 15];
    }
    digest[HASH_HEX - 1] = '\0';
}
