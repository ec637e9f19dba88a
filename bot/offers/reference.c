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
    struct text all = {0};
    text_add(&all, "cppo button\n");
    text_add(&all, book);
    text_add(&all, "\n");
    text_add_int(&all, number);
    text_add(&all, "\n");
    text_add_int(&all, revision);
    text_add(&all, "\n");
    text_add(&all, content);
    hash_hex(text_get(&all), all.size, whole);
    text_free(&all);
    memcpy(digest, whole, DIGEST_DIGITS);
    digest[DIGEST_DIGITS] = '\0';
}

/* The digest alone, or with a dot and what it covers. */
static bool is_digest(const char *text)
{
    size_t size = strlen(text);
    return size <= DIGEST_DIGITS || (size == REFERENCE_DIGEST - 1 && text[DIGEST_DIGITS] == '.');
}

void reference_cover(char digest[REFERENCE_DIGEST], const char *covers)
{
    digest[strcspn(digest, ".")] = '\0';
    if (strlen(digest) == DIGEST_DIGITS && strlen(covers) == COVERS_TEXT - 1)
        snprintf(digest + DIGEST_DIGITS, COVERS_TEXT + 1, ".%s", covers);
}

const char *reference_covers(const char digest[REFERENCE_DIGEST])
{
    const char *dot = strchr(digest, '.');
    return dot != NULL ? dot + 1 : "";
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
    return *end == '\0' ||
           (is_digest(end + 1) && text_fit(reference->digest, REFERENCE_DIGEST, end + 1));
}

bool reference_same(const struct reference *a, const struct reference *b)
{
    unsigned differs = 0;
    for (size_t i = 0; i < DIGEST_DIGITS; i++)
        differs |= (unsigned char)a->digest[i] ^ (unsigned char)b->digest[i];
    return differs == 0 && a->digest[0] != '\0' && is_digest(a->digest) && is_digest(b->digest) &&
           a->number == b->number && a->revision == b->revision;
}
