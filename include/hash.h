/* SHA-256 (FIPS 180-4), by OpenSSL. */
#ifndef CPPO_HASH_H
#define CPPO_HASH_H

#include <stddef.h>

enum { HASH_BYTES = 32, HASH_HEX = 65 };

void hash_hex(const void *bytes, size_t size, char digest[HASH_HEX]); /* lower case, NUL */

#endif
