#include "hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "text.h"

void hash_hex(const void *bytes, size_t size, char digest[HASH_HEX])
{
    unsigned char raw[HASH_BYTES];
    if (EVP_Digest(bytes, size, raw, NULL, EVP_sha256(), NULL) != 1)
        abort(); /* SHA-256 is always there */
    text_hex(digest, raw, sizeof(raw));
}
