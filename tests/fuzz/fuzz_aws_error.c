/* What AWS says when it does not do as it was asked, in JSON and in XML; and the keys that STS, a
 * process, a container or an instance hands out. First byte: the status; then the type header up to
 * a 0x1E, then the body. */
#include "fuzz.h"
#include "marketplace/credentials.h"
#include "marketplace/errors.h"
#include "marketplace/xml.h"

static void judge_error(const char *header, const char *body, size_t size, int status)
{
    struct aws_error error;
    bool can_retry;
    aws_error_read(&error, status, true, *header != '\0' ? header : NULL, body, size);
    must((error.class == AWS_OK) == (status >= 200 && status < 300), "only 2xx is good");
    must(error.class == AWS_OK || error.code[0] != '\0', "an error has a code");
    must(error.class == AWS_OK || error.text[0] != '\0', "an error is told in words");
    must(!fuzz_utf8(header) || (fuzz_utf8(error.code) && fuzz_utf8(error.text)),
         "no character is cut in two");
    must(status < 500 || error.class == AWS_RETRY || error.class == AWS_UNSURE ||
             error.class == AWS_CREDENTIALS || error.class == AWS_CLOCK,
         "after AWS's own fault nothing is called certain");
    const char *words = aws_change_error(error.code, &can_retry);
    must(words == NULL || *words != '\0', "a known code is told in words");
}

static void judge_keys(struct credentials *keys, const struct err *err)
{
    if (keys == NULL)
        must(err->text[0] != '\0', "a refusal says why");
    else
        must(*keys->access_key != '\0' && *keys->secret_key != '\0' && keys->token != NULL &&
                 keys->expires_at >= 0,
             "keys are whole");
    credentials_free(keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 400, 403, 404, 409, 413, 422, 423, 429, 500, 502, 503, 504};
    struct fuzz fuzz = {data, size};
    struct err err = {.text = ""};
    int status = statuses[fuzz_byte(&fuzz) % (sizeof(statuses) / sizeof(statuses[0]))];
    char *header = fuzz_field(&fuzz);
    char *body = fuzz_rest(&fuzz);
    char *xml = xml_text(body, strlen(body), "Message");
    must(strlen(xml) <= strlen(body), "text does not grow");
    judge_error(header, body, strlen(body), status);
    judge_keys(credentials_read_json(body, strlen(body), false, &err), &err);
    judge_keys(credentials_read_json(body, strlen(body), true, &err), &err);
    judge_keys(credentials_read_sts(body, strlen(body), &err), &err);
    free(xml);
    free(header);
    free(body);
    return 0;
}
