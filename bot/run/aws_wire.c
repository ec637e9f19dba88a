#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "mem.h"
#include "run/aws.h"
#include "text.h"

enum { SKEW_THAT_MATTERS_S = 60 };

const char *aws_endpoint(const char *name, const char *otherwise)
{
    const char *url = getenv(name);
    return url != NULL && *url != '\0' ? url : otherwise;
}

const char *aws_sts_endpoint(void)
{
    return aws_endpoint("AWS_ENDPOINT_URL_STS", "https://sts.us-east-1.amazonaws.com");
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

struct http_call *aws_send(struct aws_wire *wire, const struct aws_request *request,
                           const struct credentials *keys, http_done_fn *done, void *ctx)
{
    struct pieces base = split(request->base);
    struct sigv4_keys signing = {keys->access_key, keys->secret_key, keys->token};
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
        .target = "",
        .body = request->body,
        .body_size = request->body_size,
        .region = "us-east-1",
        .service = request->service,
    };
    sigv4_sign(&to_sign, &signing, (int64_t)time(NULL) + wire->skew_s, &headers);
    struct http_request http = {
        .method = request->method,
        .url = url,
        .headers = (const char *const *)headers.line,
        .body = request->body,
        .body_size = request->body_size,
        .timeout_ms = request->timeout_ms,
        .most = request->most,
        .fresh = request->fresh,
        .plain = HTTP_PLAIN_LOOPBACK,
    };
    struct http_call *call = http_send(wire->http, &http, done, ctx);
    sigv4_headers_free(&headers);
    free(base.scheme);
    free(base.host);
    free(base.prefix);
    free(path);
    free(query);
    free(url);
    return call;
}

void aws_learn_clock(struct aws_wire *wire, const struct http_reply *reply)
{
    const char *date = http_reply_header(reply, "Date");
    int64_t theirs = date != NULL ? http_date(date) : -1;
    if (theirs < 0)
        return;
    int64_t skew = theirs - (int64_t)time(NULL);
    bool matters = skew > SKEW_THAT_MATTERS_S || skew < -SKEW_THAT_MATTERS_S;
    if (matters)
        log_warn("this machine's clock is off", F_INT("aws_minus_ours_s", skew));
    wire->skew_s = matters ? skew : 0;
}
