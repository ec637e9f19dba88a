/* Fetching keys from where they are, one place after the other for a role, and renewing them. */
#include <stdlib.h>
#include <string.h>

#include "io/process.h"
#include "log.h"
#include "marketplace/errors.h"
#include "mem.h"
#include "run/aws.h"
#include "run/clock.h"
#include "text.h"

enum { PROCESS_MS = 60000, PLACE_MS = 2000, STS_MS = 10000, MAX_REPLY = 64 * 1024 };

static const int64_t MARGIN_MS = 10000;  /* keys that end sooner are not used any more... */
static const int64_t AT_LEAST_MS = 5000; /* ...unless they are as new as this */
static const int64_t RENEW_BEFORE_MS = 600000;
static const int64_t BETWEEN_MS = 30000;   /* renewals that went well */
static const int64_t FIRST_AGAIN_MS = 500; /* after one that did not; doubled each time */
static const int64_t MAX_AGAIN_MS = 60000;

struct aws_credentials {
    struct aws_wire *wire;
    uv_loop_t *loop;
    uv_timer_t timer;
    char *profile;
    aws_credentials_done_fn *done;
    void *ctx;
    struct credentials *current; /* NULL: none yet */
    int64_t good_until;          /* on the monotonic clock, as all times here */
    int failures;                /* in a row */
    int64_t not_before;          /* of the next fetch */

    /* The fetch under way. */
    bool fetching;
    struct credential_source *source;
    struct credential_source *at; /* the one in its chain that is asked now */
    struct credentials *signing;  /* what the one below it gave */
    char *header;                 /* for an instance: its token's line, once there is one */
    struct process *process;
};

static const char *const source_names[] = {
    [CREDENTIALS_STATIC] = "environment or file", [CREDENTIALS_PROCESS] = "credential_process",
    [CREDENTIALS_CONTAINER] = "container",        [CREDENTIALS_INSTANCE] = "instance",
    [CREDENTIALS_WEB_IDENTITY] = "web identity",  [CREDENTIALS_ROLE] = "role",
};

static bool usable(const struct aws_credentials *keys)
{
    return keys->current != NULL && clock_monotonic_ms() < keys->good_until;
}

/* On the monotonic clock. AWS's times are those of its own. */
static int64_t good_until(const struct aws_credentials *keys, const struct credentials *got)
{
    int64_t theirs = clock_ms() + keys->wire->skew_s * 1000;
    int64_t ends = clock_monotonic_ms() + got->expires_at - theirs;
    int64_t soon = clock_monotonic_ms() + AT_LEAST_MS;
    if (got->expires_at == 0)
        return INT64_MAX;
    if (ends - MARGIN_MS >= soon)
        return ends - MARGIN_MS;
    return ends < soon ? ends : soon;
}

/* --- the end of a fetch --- */

static void forget_fetch(struct aws_credentials *keys)
{
    credential_source_free(keys->source);
    credentials_free(keys->signing);
    mem_wipe_free(keys->header);
    keys->source = keys->at = NULL;
    keys->signing = NULL;
    keys->header = NULL;
    keys->process = NULL;
    keys->fetching = false;
}

/* The instance is the last place of all: on other machines its silence says only that no keys were
 * set. */
static char *in_context(const struct aws_credentials *keys, const char *why)
{
    if (keys->source == NULL || keys->source->kind != CREDENTIALS_INSTANCE)
        return mem_copy(why);
    return text_format("there are none in the environment (AWS_ACCESS_KEY_ID, "
                       "AWS_SECRET_ACCESS_KEY), a profile or a container; as an EC2 instance: %s",
                       why);
}

static void fail(struct aws_credentials *keys, const char *reason)
{
    int64_t again = FIRST_AGAIN_MS;
    char *why = in_context(keys, reason);
    for (int i = 0; i < keys->failures && again < MAX_AGAIN_MS; i++)
        again *= 2;
    keys->failures++;
    keys->not_before = clock_monotonic_ms() + (again < MAX_AGAIN_MS ? again : MAX_AGAIN_MS);
    log_error("AWS credentials missing", F_TEXT("why", why));
    forget_fetch(keys);
    keys->done(keys->ctx, why);
    free(why);
}

static void ask(struct aws_credentials *keys);

/* Takes ${got}. */
static void take(struct aws_credentials *keys, struct credentials *got)
{
    if (keys->at != keys->source) {
        struct credential_source *above = keys->source;
        while (above->base != keys->at)
            above = above->base;
        credentials_free(keys->signing);
        keys->signing = got;
        keys->at = above;
        ask(keys);
        return;
    }
    int64_t until = good_until(keys, got);
    if (until <= clock_monotonic_ms()) {
        credentials_free(got);
        fail(keys, "the keys that were given have ended already");
        return;
    }
    credentials_free(keys->current);
    keys->current = got;
    keys->good_until = until;
    keys->failures = 0;
    keys->not_before = clock_monotonic_ms() + BETWEEN_MS;
    log_info("AWS credentials loaded", F_TEXT("from", source_names[keys->source->kind]),
             F_INT("good_for_s", until != INT64_MAX ? (until - clock_monotonic_ms()) / 1000 : -1));
    forget_fetch(keys);
    keys->done(keys->ctx, NULL);
}

/* ${err} counts when there is nothing to take. */
static void take_or_fail(struct aws_credentials *keys, struct credentials *got, const char *place,
                         struct err *err)
{
    if (got != NULL) {
        take(keys, got);
        return;
    }
    err_wrap(err, "%s", place);
    fail(keys, err->text);
}

/* --- a program --- */

static void on_process(void *ctx, const struct process_end *end)
{
    struct aws_credentials *keys = ctx;
    struct err err;
    struct credentials *got = NULL;
    keys->process = NULL;
    if (end->good)
        got = credentials_read_json(end->output, end->size, true, &err);
    else
        err_set(&err, "%s", end->why);
    take_or_fail(keys, got, "credential_process", &err);
}

/* --- places that speak HTTP --- */

static void get(struct aws_credentials *keys, const char *method, const char *url,
                const char *header, http_done_fn *done)
{
    const char *headers[] = {header, NULL};
    struct http_request request = {
        .method = method,
        .url = url,
        .headers = headers,
        .timeout_ms = PLACE_MS,
        .max_reply = MAX_REPLY,
        .plain = HTTP_PLAIN_LOOPBACK | HTTP_PLAIN_CREDENTIALS,
    };
    http_send(keys->wire->http, &request, done, keys);
}

/* False, and the fetch has failed, when this is no good answer of ${place}. */
static bool check_answer(struct aws_credentials *keys, const struct http_reply *reply,
                         const char *place)
{
    if (reply->status == 200)
        return true;
    char *why = reply->status == 0 ? text_format("%s: %s", place, reply->error)
                                   : text_format("%s answers %d", place, reply->status);
    fail(keys, why);
    free(why);
    return false;
}

static void on_credentials(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *keys = ctx;
    struct err err;
    const char *place =
        keys->at->kind == CREDENTIALS_CONTAINER ? "the container's keys" : "the instance's keys";
    if (!check_answer(keys, reply, place))
        return;
    struct credentials *got = credentials_read_json(reply->body, reply->size, false, &err);
    take_or_fail(keys, got, place, &err);
}

static void ask_container(struct aws_credentials *keys)
{
    char *header = *keys->at->authorization != '\0'
                       ? text_format("Authorization: %s", keys->at->authorization)
                       : NULL;
    get(keys, "GET", keys->at->url, header, on_credentials);
    mem_wipe_free(header);
}

/* --- an instance: a token, the role's name, its keys --- */

static const char role_path[] = "/latest/meta-data/iam/security-credentials/";

static void on_role(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *keys = ctx;
    size_t size = strcspn(reply->body, "\r\n");
    if (!check_answer(keys, reply, "the instance's role"))
        return;
    if (size == 0 || size > 200 || strcspn(reply->body, "/?#% ") < size) {
        fail(keys, "the instance has no role");
        return;
    }
    char *url = text_format("%s%s%.*s", keys->at->url, role_path, (int)size, reply->body);
    get(keys, "GET", url, keys->header, on_credentials);
    free(url);
}

static void on_token(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *keys = ctx;
    if (!check_answer(keys, reply, "the instance metadata service"))
        return;
    keys->header = text_format("x-aws-ec2-metadata-token: %.*s", (int)strcspn(reply->body, "\r\n"),
                               reply->body);
    char *url = text_format("%s%s", keys->at->url, role_path);
    get(keys, "GET", url, keys->header, on_role);
    free(url);
}

static void ask_instance(struct aws_credentials *keys)
{
    char *url = text_format("%s/latest/api/token", keys->at->url);
    get(keys, "PUT", url, "x-aws-ec2-metadata-token-ttl-seconds: 21600", on_token);
    free(url);
}

/* --- STS --- */

static void on_sts(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *keys = ctx;
    struct aws_error error;
    struct err err;
    struct credentials *got = NULL;
    aws_error_read(&error, reply->status, reply->sent, NULL, reply->body, reply->size);
    if (error.class == AWS_OK)
        got = credentials_read_sts(reply->body, reply->size, &err);
    else
        err_set(&err, "%s (%s)", error.text, error.code);
    if (error.class == AWS_CLOCK)
        aws_learn_clock(keys->wire, reply);
    char *place = text_format("STS does not give the role %s", keys->at->role);
    take_or_fail(keys, got, place, &err);
    free(place);
}

static void ask_role(struct aws_credentials *keys)
{
    char *body = credentials_sts_body(keys->at, "");
    struct aws_request request = {
        .base = aws_sts_endpoint(),
        .method = "POST",
        .path = "/",
        .content_type = "application/x-www-form-urlencoded; charset=utf-8",
        .body = body,
        .body_size = strlen(body),
        .service = "sts",
        .timeout_ms = STS_MS,
        .max_reply = MAX_REPLY,
    };
    aws_send(keys->wire, &request, keys->signing, on_sts, keys);
    mem_wipe_free(body);
}

static void ask_web_identity(struct aws_credentials *keys)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    char *token = credentials_file(keys->at->token_file);
    if (token == NULL) {
        fail(keys, "the web identity's token file cannot be read");
        return;
    }
    char *body = credentials_sts_body(keys->at, token);
    char *url = text_format("%s/", aws_sts_endpoint());
    struct http_request request = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = body,
        .body_size = strlen(body),
        .timeout_ms = STS_MS,
        .max_reply = MAX_REPLY,
        .plain = HTTP_PLAIN_LOOPBACK,
    };
    http_send(keys->wire->http, &request, on_sts, keys);
    mem_wipe_free(token);
    mem_wipe_free(body);
    free(url);
}

/* --- a fetch --- */

static void ask(struct aws_credentials *keys)
{
    struct credentials *got;
    switch (keys->at->kind) {
    case CREDENTIALS_STATIC:
        got = keys->at->credentials;
        keys->at->credentials = NULL;
        take(keys, got);
        break;
    case CREDENTIALS_PROCESS:
        keys->process = process_start(keys->loop, keys->at->words, PROCESS_MS, on_process, keys);
        break;
    case CREDENTIALS_CONTAINER:
        ask_container(keys);
        break;
    case CREDENTIALS_INSTANCE:
        ask_instance(keys);
        break;
    case CREDENTIALS_WEB_IDENTITY:
        ask_web_identity(keys);
        break;
    case CREDENTIALS_ROLE:
        ask_role(keys);
        break;
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct aws_credentials *keys = timer->data;
    struct err err;
    keys->source = credential_source_find(keys->profile, &err);
    if (keys->source == NULL) {
        fail(keys, err.text);
        return;
    }
    keys->at = keys->source;
    while (keys->at->base != NULL)
        keys->at = keys->at->base;
    ask(keys);
}

/* Renewals are spaced out, and what failed is not tried again at once; but who has nothing, and
 * was not refused lately, does not wait. */
static void fetch(struct aws_credentials *keys, bool ahead)
{
    bool wait = (ahead || keys->failures > 0) && clock_monotonic_ms() < keys->not_before;
    if (keys->fetching || wait)
        return;
    keys->fetching = true;
    uv_timer_start(&keys->timer, on_timer, 0, 0);
}

const struct credentials *aws_credentials_get(struct aws_credentials *keys, bool *coming)
{
    bool good = usable(keys);
    if (!good || clock_monotonic_ms() > keys->good_until - RENEW_BEFORE_MS)
        fetch(keys, good);
    *coming = keys->fetching;
    return good ? keys->current : NULL;
}

void aws_credentials_renew(struct aws_credentials *keys)
{
    credentials_free(keys->current);
    keys->current = NULL;
}

/* --- birth and death --- */

struct aws_credentials *aws_credentials_new(struct aws_wire *wire, uv_loop_t *loop,
                                            const char *profile, aws_credentials_done_fn *done,
                                            void *ctx)
{
    struct aws_credentials *keys = mem_new(1, sizeof(*keys));
    keys->wire = wire;
    keys->loop = loop;
    keys->profile = mem_copy(profile);
    keys->done = done;
    keys->ctx = ctx;
    uv_timer_init(loop, &keys->timer);
    keys->timer.data = keys;
    return keys;
}

static void on_closed(uv_handle_t *handle)
{
    struct aws_credentials *keys = handle->data;
    credentials_free(keys->current);
    free(keys->profile);
    free(keys);
}

/* Calls under way ended when http was closed. */
void aws_credentials_free(struct aws_credentials *keys)
{
    if (keys == NULL)
        return;
    if (keys->process != NULL)
        process_cancel(keys->process);
    forget_fetch(keys);
    uv_close((uv_handle_t *)&keys->timer, on_closed);
}
