#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mem.h"
#include "run/aws.h"
#include "run/clock.h"
#include "text.h"

enum {
    SKEW_THAT_MATTERS_S = 60,
    STS_MS = 10000,
    MAX_STS_REPLY = 64 * 1024,
    MAX_REPLY = 8 * 1024 * 1024,
    MAX_PARAMETERS = 7,
};

static const char *endpoint(const char *name, const char *fallback)
{
    const char *url = getenv(name);
    return url != NULL && *url != '\0' ? url : fallback;
}

const char *aws_sts_endpoint(void)
{
    return endpoint("AWS_ENDPOINT_URL_STS", "https://sts.us-east-1.amazonaws.com");
}

/* The base's scheme, host with port, and prefix without a slash at its end; on the heap. */
struct pieces {
    char *scheme, *host, *prefix;
};

static struct pieces split(const char *base)
{
    const char *mark = strstr(base, "://");
    const char *from = mark != NULL ? mark + 3 : base;
    size_t size = strcspn(from, "/");
    size_t prefix = strlen(from + size);
    while (prefix > 0 && from[size + prefix - 1] == '/')
        prefix--;
    return (struct pieces){mem_slice(base, (size_t)(from - base)), mem_slice(from, size),
                           mem_slice(from + size, prefix)};
}

void aws_send(struct aws_wire *wire, const struct aws_request *request,
              const struct credentials *credentials, http_done_fn *done, void *ctx)
{
    struct pieces base = split(request->base);
    struct sigv4_credentials signing = {credentials->access_key, credentials->secret_key,
                                        credentials->token};
    struct sigv4_headers headers;
    char *path = text_format("%s%s", base.prefix, request->path);
    char *query = sigv4_query(request->query);
    char *url =
        text_format("%s%s%s%s%s", base.scheme, base.host, path, *query != '\0' ? "?" : "", query);
    struct sigv4_request to_sign = {
        .method = request->method,
        .host = base.host,
        .path = path,
        .query = request->query,
        .content_type = request->content_type,
        .target = request->target != NULL ? request->target : "",
        .body = request->body,
        .body_size = request->body_size,
        .region = "us-east-1",
        .service = request->service,
    };
    sigv4_sign(&to_sign, &signing, clock_ms() / 1000 + wire->skew_s, &headers);
    struct http_request http = {
        .method = request->method,
        .url = url,
        .headers = (const char *const *)headers.line,
        .body = request->body,
        .body_size = request->body_size,
        .timeout_ms = request->timeout_ms,
        .max_reply = request->max_reply,
        .connection = request->once ? HTTP_ONCE : HTTP_KEPT,
        .plain = HTTP_PLAIN_LOOPBACK,
    };
    http_send(wire->http, &http, done, ctx);
    sigv4_headers_free(&headers);
    free(base.scheme);
    free(base.host);
    free(base.prefix);
    free(path);
    free(query);
    free(url);
}

/* --- questions --- */

void aws_call(struct aws_wire *wire, const struct catalog_call *call, const char *args, size_t size,
              bool once, const struct credentials *credentials, http_done_fn *done, void *ctx)
{
    struct sigv4_parameter query[MAX_PARAMETERS + 1] = {{NULL, NULL}};
    json_t *arguments = call->in_body ? NULL : json_loadb(args, size, 0, NULL);
    bool agreement = call->target != NULL;
    char *path = text_format("/%s", agreement ? "" : call->name);
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(arguments, key, value)
    {
        if (count < MAX_PARAMETERS)
            query[count++] = (struct sigv4_parameter){key, json_string_value(value)};
    }
    struct aws_request request = {
        .base = agreement ? endpoint("AWS_ENDPOINT_URL_MARKETPLACE_AGREEMENT",
                                     "https://agreement-marketplace.us-east-1.amazonaws.com")
                          : endpoint("AWS_ENDPOINT_URL_MARKETPLACE_CATALOG",
                                     "https://catalog.marketplace.us-east-1.amazonaws.com"),
        .method = call->method,
        .path = path,
        .query = query,
        .content_type = agreement       ? "application/x-amz-json-1.0"
                        : call->in_body ? "application/json"
                                        : "",
        .target = call->target,
        .body = call->in_body ? args : NULL,
        .body_size = call->in_body ? size : 0,
        .service = "aws-marketplace",
        .timeout_ms = call->timeout_ms,
        .max_reply = MAX_REPLY,
        .once = once,
    };
    aws_send(wire, &request, credentials, done, ctx);
    free(path);
    json_decref(arguments);
}

/* The services that are asked by a form and answer in XML. */
static void ask_form(struct aws_wire *wire, const char *base, const char *service, const char *form,
                     const struct credentials *credentials, http_done_fn *done, void *ctx)
{
    const struct aws_request request = {
        .base = base,
        .method = "POST",
        .path = "/",
        .content_type = "application/x-www-form-urlencoded; charset=utf-8",
        .body = form,
        .body_size = strlen(form),
        .service = service,
        .timeout_ms = STS_MS,
        .max_reply = MAX_STS_REPLY,
    };
    aws_send(wire, &request, credentials, done, ctx);
}

void aws_ask_identity(struct aws_wire *wire, const struct credentials *credentials,
                      http_done_fn *done, void *ctx)
{
    ask_form(wire, aws_sts_endpoint(), "sts", "Action=GetCallerIdentity&Version=2011-06-15",
             credentials, done, ctx);
}

void aws_ask_role(struct aws_wire *wire, const char *role, const struct credentials *credentials,
                  http_done_fn *done, void *ctx)
{
    char *form = text_format("Action=GetRole&Version=2010-05-08&RoleName=%s", role);
    ask_form(wire, endpoint("AWS_ENDPOINT_URL_IAM", "https://iam.amazonaws.com"), "iam", form,
             credentials, done, ctx);
    free(form);
}

/* --- the clock --- */

bool aws_learn_clock(struct aws_wire *wire, const struct http_reply *reply)
{
    const char *date = http_reply_header(reply, "Date");
    int64_t theirs = date != NULL ? http_date(date) : -1;
    if (theirs < 0)
        return false;
    int64_t before = wire->skew_s;
    int64_t skew = theirs - clock_ms() / 1000;
    bool matters = skew > SKEW_THAT_MATTERS_S || skew < -SKEW_THAT_MATTERS_S;
    if (matters)
        log_warn("clock skew", F_INT("aws_minus_ours_s", skew));
    wire->skew_s = matters ? skew : 0;
    return wire->skew_s - before > SKEW_THAT_MATTERS_S ||
           before - wire->skew_s > SKEW_THAT_MATTERS_S;
}
