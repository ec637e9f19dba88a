/* Is this request signed as AWS wants it? Written from the specification, on its own: the bot's
 * signer is not used here. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "market.h"
#include "mem.h"

enum { SKEW_S = 300, MAX_PIECES = 64 };

struct key {
    const char *id, *secret, *token, *account;
};

#define COLLEAGUE_KEY "AKIDSANDBOXCOLLEAGUE" /* of our account, in the console */

static const struct key known[] = {
    {SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, "", SANDBOX_ACCOUNT},
    {SANDBOX_ROLE_KEY_ID, SANDBOX_ROLE_SECRET_KEY, SANDBOX_ROLE_TOKEN, SANDBOX_ACCOUNT},
    {COLLEAGUE_KEY, "sandbox/colleague/secret+key", "", SANDBOX_ACCOUNT},
    {"AKIDSANDBOXOTHER", "sandbox/other/secret+key", "", "444455556666"},
};

static void hex_digest(const void *bytes, size_t size, char out[65])
{
    unsigned char raw[32];
    EVP_Digest(bytes, size, raw, NULL, EVP_sha256(), NULL);
    for (size_t i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", raw[i]);
}

/* key := HMAC(key, data) */
static void keyed(unsigned char key[64], size_t *size, const char *data, size_t data_size)
{
    unsigned length = 32;
    unsigned char out[32];
    HMAC(EVP_sha256(), key, (int)*size, (const unsigned char *)data, data_size, out, &length);
    memcpy(key, out, 32);
    *size = 32;
}

static const char *header(const struct sb_request *request, const char *name)
{
    const char *value = sandbox_header(request, name);
    return value != NULL ? value : "";
}

/* The part of the Authorization header behind "Name=", up to a comma. */
static char *part(const char *authorization, const char *name)
{
    const char *at = strstr(authorization, name);
    if (at == NULL)
        return mem_copy("");
    at += strlen(name);
    return text_format("%.*s", (int)strcspn(at, ", "), at);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted_query(const char *query)
{
    char *pieces[MAX_PIECES];
    size_t count = 0;
    struct text out = {0};
    while (*query != '\0' && count < MAX_PIECES) {
        size_t size = strcspn(query, "&");
        pieces[count++] = text_format("%.*s", (int)size, query);
        query += size + (query[size] == '&');
    }
    qsort(pieces, count, sizeof(pieces[0]), by_bytes);
    for (size_t i = 0; i < count; i++) {
        text_addf(&out, "%s%s", i > 0 ? "&" : "", pieces[i]);
        free(pieces[i]);
    }
    return text_take(&out);
}

static char *canonical_request(const struct sb_request *request, const char *signed_headers)
{
    struct text out = {0};
    char digest[65];
    char *query = sorted_query(request->query);
    char *names = mem_copy(signed_headers);
    char *rest = names;
    char *name;
    text_addf(&out, "%s\n%s\n%s\n", request->method, request->path, query);
    while ((name = strsep(&rest, ";")) != NULL)
        text_addf(&out, "%s:%s\n", name, header(request, name));
    hex_digest(request->body, request->body_size, digest);
    text_addf(&out, "\n%s\n%s", signed_headers, digest);
    free(query);
    free(names);
    return text_take(&out);
}

static bool covers(const char *signed_headers, const char *name)
{
    char *all = text_format(";%s;", signed_headers);
    char *one = text_format(";%s;", name);
    bool found = strstr(all, one) != NULL;
    free(all);
    free(one);
    return found;
}

static const char *check_time(const struct market *market, const char *stamp)
{
    struct tm when = {0};
    const char *end = strptime(stamp, "%Y%m%dT%H%M%SZ", &when);
    if (end == NULL || *end != '\0')
        return "IncompleteSignatureException";
    int64_t off = (int64_t)timegm(&when) - market_now(market) / 1000;
    return off > SKEW_S || off < -SKEW_S ? "InvalidSignatureException" : NULL;
}

static bool same_signature(const struct sb_request *request, const char *scope, const char *secret,
                           const char *signed_headers, const char *signature)
{
    char digest[65];
    unsigned char key[64];
    char *canonical = canonical_request(request, signed_headers);
    size_t size = (size_t)snprintf((char *)key, sizeof(key), "AWS4%s", secret);
    hex_digest(canonical, strlen(canonical), digest);
    char *to_sign =
        text_format("AWS4-HMAC-SHA256\n%s\n%s\n%s", header(request, "x-amz-date"), scope, digest);
    while (*scope != '\0') { /* date, region, service, aws4_request */
        size_t piece = strcspn(scope, "/");
        keyed(key, &size, scope, piece);
        scope += piece + (scope[piece] == '/');
    }
    keyed(key, &size, to_sign, strlen(to_sign));
    for (size_t i = 0; i < 32; i++)
        snprintf(digest + 2 * i, 3, "%02x", key[i]);
    free(canonical);
    free(to_sign);
    return strcmp(digest, signature) == 0;
}

static const struct key *find_key(const char *credential)
{
    size_t size = strcspn(credential, "/");
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].id) == size && strncmp(known[i].id, credential, size) == 0)
            return &known[i];
    }
    return NULL;
}

static const char *check_headers(const struct sb_request *request, const char *names)
{
    static const char *const needed[] = {"content-type", "x-amz-security-token", "x-amz-target"};
    if (!covers(names, "host") || !covers(names, "x-amz-date"))
        return "InvalidSignatureException";
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (*header(request, needed[i]) != '\0' && !covers(names, needed[i]))
            return "InvalidSignatureException";
    }
    return NULL;
}

const char *sign_message(const char *error)
{
    static const struct {
        const char *error, *message;
    } texts[] = {
        {"MissingAuthenticationTokenException", "Missing Authentication Token"},
        {"UnrecognizedClientException", "The security token included in the request is invalid."},
        {"ExpiredTokenException", "The security token included in the request is expired"},
        {"IncompleteSignatureException",
         "Authorization header needs Credential, SignedHeaders, Signature and X-Amz-Date."},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(texts[i].error, error) == 0)
            return texts[i].message;
    }
    return "The request signature we calculated does not match the signature you provided.";
}

const char *sign_check(struct market *market, const struct sb_request *request, const char *service,
                       const char **account)
{
    const char *authorization = header(request, "authorization");
    char *credential = part(authorization, "Credential=");
    char *names = part(authorization, "SignedHeaders=");
    char *signature = part(authorization, "Signature=");
    char *wanted = text_format("%.8s/" SANDBOX_REGION "/%s/aws4_request",
                               header(request, "x-amz-date"), service);
    const struct key *key = find_key(credential);
    const char *scope = credential + strcspn(credential, "/");
    const char *error = NULL;
    scope += *scope == '/';
    if (*authorization == '\0')
        error = "MissingAuthenticationTokenException";
    else if (*credential == '\0' || *names == '\0' || *signature == '\0')
        error = "IncompleteSignatureException";
    else if (key == NULL || strcmp(header(request, "x-amz-security-token"), key->token) != 0)
        error = "UnrecognizedClientException";
    else if (*key->token != '\0' && market->role_until <= market_now(market))
        error = "ExpiredTokenException";
    else if (strcmp(scope, wanted) != 0)
        error = "InvalidSignatureException";
    if (error == NULL)
        error = check_headers(request, names);
    if (error == NULL)
        error = check_time(market, header(request, "x-amz-date"));
    if (error == NULL && !same_signature(request, scope, key->secret, names, signature))
        error = "InvalidSignatureException";
    *account = key != NULL ? key->account : "";
    free(credential);
    free(names);
    free(signature);
    free(wanted);
    return error;
}

bool sign_is_colleague(const struct sb_request *request)
{
    return strstr(header(request, "authorization"), "Credential=" COLLEAGUE_KEY "/") != NULL;
}
