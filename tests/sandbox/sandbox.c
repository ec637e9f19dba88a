#include "sandbox.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parts.h"

/* --- small helpers --- */

const char *sandbox_header(const struct sb_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

void sandbox_reply_json(struct sb_reply *reply, int status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    reply->status = status;
    text_clear(&reply->body);
    text_add(&reply->body, text != NULL ? text : "null");
    free(text);
    json_decref(body);
}

const char *sandbox_url(const struct sandbox *sandbox)
{
    return sandbox->url;
}

static void random_bytes(unsigned char *bytes, int size)
{
    if (RAND_bytes(bytes, size) != 1)
        abort();
}

void sandbox_uuid(char uuid[SANDBOX_UUID])
{
    unsigned char r[16];
    random_bytes(r, sizeof(r));
    r[6] = (unsigned char)((r[6] & 0x0FU) | 0x40U);
    r[8] = (unsigned char)((r[8] & 0x3FU) | 0x80U);
    size_t at = 0;
    for (size_t i = 0; i < sizeof(r); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            uuid[at++] = '-';
        snprintf(uuid + at, SANDBOX_UUID - at, "%02x", r[i]);
        at += 2;
    }
}

void sandbox_random_id(char *id, size_t size)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned char r;
        random_bytes(&r, 1);
        id[i] = letters[r % 36];
    }
    id[size - 1] = '\0';
}
