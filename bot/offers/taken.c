#include "offers/taken.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "offers/authorization.h"
#include "text.h"

bool taken_name(const char *name)
{
    return text_utf16(name) <= TAKEN_NAME;
}

const char *taken_name_sign(const char *name)
{
    return strpbrk(name, "\\<>");
}

bool taken_percentage(const char *text)
{
    size_t whole = strspn(text, "0123456789");
    const char *tail = text[whole] == '.' ? text + whole + 1 : text;
    size_t size = strspn(tail, "0123456789");
    return size >= 1 && size <= 9 && tail[size] == '\0';
}

bool taken_account(const char *id)
{
    size_t size = strspn(id, "0123456789");
    return size == ACCOUNT_ID - 1 && id[size] == '\0';
}

/* --- S3 --- */

/* "us-east-1", "us-gov-west-1" */
static bool is_region(const char *text, size_t size)
{
    size_t dashes = 0;
    for (size_t i = 0; i < size; i++) {
        bool last = i + 1 == size;
        if (text[i] == '-')
            dashes++;
        else if (last ? !isdigit((unsigned char)text[i]) : !islower((unsigned char)text[i]))
            return false;
    }
    return size >= 7 && text[2] == '-' && text[size - 2] == '-' && dashes >= 2 && dashes <= 3;
}

/* "bucket.s3.region" -> the bytes behind its last dot, which are cut off. */
static const char *take_label(const char *host, size_t *size, size_t *length)
{
    size_t end = *size;
    while (*size > 0 && host[*size - 1] != '.')
        --*size;
    *length = end - *size;
    const char *label = host + *size;
    *size -= *size > 0;
    return label;
}

static bool is_word(const char *label, size_t length, const char *word)
{
    return length == strlen(word) && strncmp(label, word, length) == 0;
}

/* A bucket's name may be in front of it: labels that are not empty. */
static bool is_bucket(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool edge = i == 0 || i + 1 == size || name[i + 1] == '.';
        if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) &&
            (edge || (name[i] != '-' && name[i] != '.')))
            return false;
    }
    return true;
}

/* The host of an S3 address: [bucket.]s3.amazonaws.com, with .region or -region behind the s3.
 * Other services hand out names under amazonaws.com to anybody. */
static bool is_s3_host(const char *host, size_t size)
{
    static const char suffix[] = ".amazonaws.com";
    size_t tail = sizeof(suffix) - 1;
    size_t length;
    if (size <= tail || *host == '.' || strncmp(host + size - tail, suffix, tail) != 0)
        return false;
    size -= tail;
    const char *label = take_label(host, &size, &length);
    if (is_region(label, length)) {
        label = take_label(host, &size, &length);
        if (is_word(label, length, "dualstack"))
            label = take_label(host, &size, &length);
    } else if (length > 3 && strncmp(label, "s3-", 3) == 0 && is_region(label + 3, length - 3)) {
        length = 2;
    }
    return is_word(label, length, "s3") && is_bucket(host, size);
}

bool taken_address(const char *url)
{
    size_t host = strncmp(url, "https://", 8) == 0 ? strcspn(url + 8, "/?#") : 0;
    return host > 0 && is_s3_host(url + 8, host) && url[8 + host] == '/' &&
           strpbrk(url, " \"<>\\") == NULL;
}
