/* What the places say that credentials come from. */
#include "marketplace/credentials.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json.h"
#include "marketplace/xml.h"
#include "mem.h"
#include "offers/date.h"
#include "text.h"

enum { MAX_FILE = 256 * 1024 };

void credentials_free(struct credentials *credentials)
{
    if (credentials == NULL)
        return;
    mem_wipe_free(credentials->access_key);
    mem_wipe_free(credentials->secret_key);
    mem_wipe_free(credentials->token);
    free(credentials);
}

/* How much there is to read; of a pipe, and of what a kernel makes up, nobody knows. */
static size_t size_of(FILE *file)
{
    struct stat about;
    bool known = fstat(fileno(file), &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
    return known && about.st_size < MAX_FILE ? (size_t)about.st_size : MAX_FILE;
}

char *credentials_file(const char *path)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    size_t capacity = size_of(file);
    char *text = mem_new(capacity + 1, 1);
    size_t size = fread(text, 1, capacity, file);
    (void)fclose(file);
    while (size > 0 && isspace((unsigned char)text[size - 1]))
        size--;
    text[size] = '\0';
    return text;
}

/* Takes the texts. */
static struct credentials *complete(char *access_key, char *secret_key, char *token,
                                    const char *expires, struct err *err)
{
    struct credentials *credentials = mem_new(1, sizeof(*credentials));
    *credentials = (struct credentials){access_key, secret_key, token, 0};
    if (*access_key == '\0' || *secret_key == '\0')
        err_set(err, "the answer holds no AccessKeyId and SecretAccessKey");
    else if (*expires != '\0' && !date_time_read(&credentials->expires_at, expires))
        err_set(err, "the answer's Expiration is not a time such as "
                     "2026-12-31T23:59:59Z");
    else
        return credentials;
    credentials_free(credentials);
    return NULL;
}

/* --- JSON --- */

static struct credentials *from_object(const json_t *root, bool process, struct err *err)
{
    const char *code = json_text(root, "Code");
    if (process && json_integer_value(json_object_get(root, "Version")) != 1) {
        err_set(err, "the answer's Version is not 1");
        return NULL;
    }
    if (*code != '\0' && strcmp(code, "Success") != 0) {
        err_set(err, "the answer is “%.60s”: %.200s", code, json_text(root, "Message"));
        return NULL;
    }
    return complete(mem_copy(json_text(root, "AccessKeyId")),
                    mem_copy(json_text(root, "SecretAccessKey")),
                    mem_copy(json_text(root, process ? "SessionToken" : "Token")),
                    json_text(root, "Expiration"), err);
}

struct credentials *credentials_read_json(const char *bytes, size_t size, bool process,
                                          struct err *err)
{
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    struct credentials *credentials = NULL;
    if (json_is_object(root))
        credentials = from_object(root, process, err);
    else
        err_set(err, "the answer is not JSON");
    json_decref(root);
    return credentials;
}

/* --- STS --- */

struct credentials *credentials_read_sts(const char *bytes, size_t size, struct err *err)
{
    char *expires = xml_text(bytes, size, "Expiration");
    struct credentials *credentials =
        complete(xml_text(bytes, size, "AccessKeyId"), xml_text(bytes, size, "SecretAccessKey"),
                 xml_text(bytes, size, "SessionToken"), expires, err);
    free(expires);
    return credentials;
}

static void add_parameter(struct text *body, const char *name, const char *value)
{
    if (*value == '\0')
        return;
    text_addf(body, "&%s=", name);
    text_add_encoded(body, value);
}

char *credentials_sts_body(const struct credential_source *source, const char *web_token)
{
    struct text body = {0};
    text_addf(&body, "Action=%s&Version=2011-06-15",
              source->kind == CREDENTIALS_ROLE ? "AssumeRole" : "AssumeRoleWithWebIdentity");
    add_parameter(&body, "RoleArn", source->role);
    add_parameter(&body, "RoleSessionName", source->session);
    add_parameter(&body, "DurationSeconds", source->duration);
    if (source->kind == CREDENTIALS_ROLE)
        add_parameter(&body, "ExternalId", source->external_id);
    else
        add_parameter(&body, "WebIdentityToken", web_token);
    return text_take(&body);
}
