#include "offers/reference.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "text.h"

void reference_digest(const char *book, int64_t number, int revision, const char *content,
                      char digest[REFERENCE_DIGEST])
{
    char whole[HASH_HEX];
    char *all =
        text_format("cppo button\n%s\n%lld\n%d\n%s", book, (long long)number, revision, content);
    hash_hex(all, strlen(all), whole);
    free(all);
    snprintf(digest, REFERENCE_DIGEST, "%.*s", REFERENCE_DIGEST - 1, whole);
}

void reference_write(const struct reference *reference, char text[REFERENCE_TEXT])
{
    snprintf(text, REFERENCE_TEXT, "%lld.%d.%s", (long long)reference->number, reference->revision,
             reference->digest);
}

bool reference_read(struct reference *reference, const char *text)
{
    char *end;
    *reference = (struct reference){.number = 0};
    if (!isdigit((unsigned char)text[0]))
        return false;
    long long number = strtoll(text, &end, 10);
    if (*end != '.' || !isdigit((unsigned char)end[1]))
        return false;
    long revision = strtol(end + 1, &end, 10);
    if (number <= 0 || revision <= 0 || revision >= 1000000 || (*end != '\0' && *end != '.'))
        return false;
    reference->number = number;
    reference->revision = (int)revision;
    return *end == '\0' || text_fit(reference->digest, REFERENCE_DIGEST, end + 1);
}

bool reference_same(const struct reference *a, const struct reference *b)
{
    unsigned differs = 0;
    for (size_t i = 0; i < REFERENCE_DIGEST - 1; i++)
        differs |= (unsigned char)a->digest[i] ^ (unsigned char)b->digest[i];
    return differs == 0 && a->digest[0] != '\0' && a->number == b->number &&
           a->revision == b->revision;
}
