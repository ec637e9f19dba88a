#include "marketplace/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hash.h"
#include "mem.h"
#include "text.h"

enum { MAX_PARAMETERS = 16 };

/* --- query --- */

static char *encode(const char *text)
{
    struct text out = {0};
    text_add_encoded(&out, text);
    return text_take(&out);
}

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "name=value" pairs sort as names then values do, because '=' is below every character that
 * encoding leaves but '-', '.' and digits and '%': so '=' is written as \x01 while they are sorted.
 */
char *sigv4_query(const struct sigv4_parameter *query)
{
    char *pairs[MAX_PARAMETERS] = {NULL};
    size_t count = 0;
    struct text out = {0};
    for (; query != NULL && query->name != NULL && count < MAX_PARAMETERS; query++) {
        char *name = encode(query->name);
        char *value = encode(query->value);
        pairs[count++] = text_format("%s\x01%s", name, value);
        free(name);
        free(value);
    }
    qsort(pairs, count, sizeof(pairs[0]), compare_pairs);
    for (size_t i = 0; i < count; i++) {
        size_t name = strcspn(pairs[i], "\x01");
        text_addf(&out, "%s%.*s=%s", i > 0 ? "&" : "", (int)name, pairs[i], pairs[i] + name + 1);
        free(pairs[i]);
    }
    return text_take(&out);
}

/* --- the signature --- */

static void hmac(const void *key, size_t key_size, const char *text,
                 unsigned char digest[HASH_BYTES])
{
    unsigned size = HASH_BYTES;
    if (HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)text, strlen(text), digest,
             &size) == NULL)
        abort(); /* HMAC-SHA256 is always there */
}

/* Headers in the order of their names, as both the canonical request and the list want them. */
static void add_header(struct text *lines, struct text *names, const char *name, const char *value)
{
    if (*value == '\0')
        return;
    text_addf(lines, "%s:%s\n", name, value);
    text_addf(names, "%s%s", names->size > 0 ? ";" : "", name);
}

static char *canonical_request(const struct sigv4_request *request,
                               const struct sigv4_credentials *credentials, const char *stamp,
                               char **signed_names)
{
    struct text lines = {0};
    struct text names = {0};
    char payload[HASH_HEX];
    char *query = sigv4_query(request->query);
    hash_hex(request->body_size > 0 ? request->body : "", request->body_size, payload);
    add_header(&lines, &names, "content-type", request->content_type);
    add_header(&lines, &names, "host", request->host);
    add_header(&lines, &names, "x-amz-date", stamp);
    add_header(&lines, &names, "x-amz-security-token", credentials->token);
    add_header(&lines, &names, "x-amz-target", request->target);
    char *canonical = text_format("%s\n%s\n%s\n%s\n%s\n%s", request->method, request->path, query,
                                  text_get(&lines), text_get(&names), payload);
    *signed_names = text_take(&names);
    text_free(&lines);
    free(query);
    return canonical;
}

static void sign(const struct sigv4_request *request, const struct sigv4_credentials *credentials,
                 const char *day, const char *to_sign, char signature[HASH_HEX])
{
    unsigned char digest[HASH_BYTES];
    char *first = text_format("AWS4%s", credentials->secret_key);
    hmac(first, strlen(first), day, digest);
    hmac(digest, HASH_BYTES, request->region, digest);
    hmac(digest, HASH_BYTES, request->service, digest);
    hmac(digest, HASH_BYTES, "aws4_request", digest);
    hmac(digest, HASH_BYTES, to_sign, digest);
    text_hex(signature, digest, sizeof(digest));
    OPENSSL_cleanse(digest, sizeof(digest));
    mem_wipe_free(first);
}

void sigv4_sign(const struct sigv4_request *request, const struct sigv4_credentials *credentials,
                int64_t epoch_seconds, struct sigv4_headers *headers)
{
    time_t when = (time_t)epoch_seconds;
    struct tm utc;
    char stamp[24];
    char day[12];
    char digest[HASH_HEX];
    char signature[HASH_HEX];
    char *names;
    gmtime_r(&when, &utc);
    (void)strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
    (void)strftime(day, sizeof(day), "%Y%m%d", &utc);

    char *canonical = canonical_request(request, credentials, stamp, &names);
    char *scope = text_format("%s/%s/%s/aws4_request", day, request->region, request->service);
    hash_hex(canonical, strlen(canonical), digest);
    char *to_sign = text_format("AWS4-HMAC-SHA256\n%s\n%s\n%s", stamp, scope, digest);
    sign(request, credentials, day, to_sign, signature);

    size_t count = 0;
    *headers = (struct sigv4_headers){{NULL}};
    headers->line[count++] = text_format(
        "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
        credentials->access_key, scope, names, signature);
    headers->line[count++] = text_format("X-Amz-Date: %s", stamp);
    if (*request->content_type != '\0')
        headers->line[count++] = text_format("Content-Type: %s", request->content_type);
    if (*credentials->token != '\0')
        headers->line[count++] = text_format("X-Amz-Security-Token: %s", credentials->token);
    if (*request->target != '\0')
        headers->line[count++] = text_format("X-Amz-Target: %s", request->target);
    free(canonical);
    free(scope);
    free(to_sign);
    free(names);
}

void sigv4_headers_free(struct sigv4_headers *headers)
{
    for (size_t i = 0; i < SIGV4_HEADERS; i++)
        mem_wipe_free(headers->line[i]);
    *headers = (struct sigv4_headers){{NULL}};
}
