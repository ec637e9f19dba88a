/* Fetching credentials from where they are, one place after the other for a role, and renewing
 * them. */
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

static const int64_t MARGIN_MS = 10000;  /* those that expire sooner are not used any more... */
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
    bool slowed;                 /* the last of them, by AWS itself */
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

static bool usable(const struct aws_credentials *credentials)
{
    return credentials->current != NULL && clock_monotonic_ms() < credentials->good_until;
}

/* On the monotonic clock. AWS's times are those of its own. */
static int64_t good_until(const struct aws_credentials *credentials, const struct credentials *got)
{
    int64_t theirs = clock_ms() + credentials->wire->skew_s * 1000;
    int64_t ends = clock_monotonic_ms() + got->expires_at - theirs;
    int64_t soon = clock_monotonic_ms() + AT_LEAST_MS;
    if (got->expires_at == 0)
        return INT64_MAX;
    if (ends - MARGIN_MS >= soon)
        return ends - MARGIN_MS;
    return ends < soon ? ends : soon;
}

/* --- the end of a fetch --- */

static void forget_fetch(struct aws_credentials *credentials)
{
    credential_source_free(credentials->source);
    credentials_free(credentials->signing);
    mem_wipe_free(credentials->header);
    credentials->source = credentials->at = NULL;
    credentials->signing = NULL;
    credentials->header = NULL;
    credentials->process = NULL;
    credentials->fetching = false;
}

/* The instance is the last place of all: on other machines its silence says only that no
 * credentials were set. */
static char *in_context(const struct aws_credentials *credentials, const char *why)
{
    if (credentials->source == NULL || credentials->source->kind != CREDENTIALS_INSTANCE)
        return mem_copy(why);
    return text_format("there are none in the environment (AWS_ACCESS_KEY_ID, "
                       "AWS_SECRET_ACCESS_KEY), a profile or a container; as an EC2 instance: %s",
                       why);
}

static void fail(struct aws_credentials *credentials, const char *reason)
{
    int64_t again = FIRST_AGAIN_MS;
    char *why = in_context(credentials, reason);
    for (int i = 0; i < credentials->failures && again < MAX_AGAIN_MS; i++)
        again *= 2;
    credentials->failures++;
    credentials->not_before = clock_monotonic_ms() + (again < MAX_AGAIN_MS ? again : MAX_AGAIN_MS);
    log_error("AWS credentials missing", F_TEXT("why", why));
    forget_fetch(credentials);
    credentials->done(credentials->ctx, why);
    free(why);
}

static void ask(struct aws_credentials *credentials);

/* Takes ${got}. */
static void take(struct aws_credentials *credentials, struct credentials *got)
{
    if (credentials->at != credentials->source) {
        struct credential_source *above = credentials->source;
        while (above->base != credentials->at)
            above = above->base;
        credentials_free(credentials->signing);
        credentials->signing = got;
        credentials->at = above;
        ask(credentials);
        return;
    }
    int64_t until = good_until(credentials, got);
    if (until <= clock_monotonic_ms()) {
        credentials_free(got);
        fail(credentials, "the credentials that were given have already expired");
        return;
    }
    credentials_free(credentials->current);
    credentials->current = got;
    credentials->good_until = until;
    credentials->failures = 0;
    credentials->not_before = clock_monotonic_ms() + BETWEEN_MS;
    log_info("AWS credentials loaded", F_TEXT("from", source_names[credentials->source->kind]),
             F_INT("good_for_s", until != INT64_MAX ? (until - clock_monotonic_ms()) / 1000 : -1));
    forget_fetch(credentials);
    credentials->done(credentials->ctx, NULL);
}

/* ${err} counts when there is nothing to take. */
static void take_or_fail(struct aws_credentials *credentials, struct credentials *got,
                         const char *place, struct err *err)
{
    if (got != NULL) {
        take(credentials, got);
        return;
    }
    err_wrap(err, "%s", place);
    fail(credentials, err->text);
}

/* --- a program --- */

static void on_process(void *ctx, const struct process_end *end)
{
    struct aws_credentials *credentials = ctx;
    struct err err;
    struct credentials *got = NULL;
    credentials->process = NULL;
    if (end->good)
        got = credentials_read_json(end->output, end->size, true, &err);
    else
        err_set(&err, "%s", end->why);
    take_or_fail(credentials, got, "credential_process", &err);
}

/* --- places that speak HTTP --- */

static void get(struct aws_credentials *credentials, const char *method, const char *url,
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
    http_send(credentials->wire->http, &request, done, credentials);
}

/* False, and the fetch has failed, when this is no good answer of ${place}. */
static bool check_answer(struct aws_credentials *credentials, const struct http_reply *reply,
                         const char *place)
{
    if (reply->status == 200)
        return true;
    char *why = reply->status == 0 ? text_format("%s: %s", place, reply->error)
                                   : text_format("%s answers %d", place, reply->status);
    fail(credentials, why);
    free(why);
    return false;
}

static void on_credentials(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *credentials = ctx;
    struct err err;
    const char *place = credentials->at->kind == CREDENTIALS_CONTAINER
                            ? "the container's credentials"
                            : "the instance's credentials";
    if (!check_answer(credentials, reply, place))
        return;
    struct credentials *got = credentials_read_json(reply->body, reply->size, false, &err);
    take_or_fail(credentials, got, place, &err);
}

static void ask_container(struct aws_credentials *credentials)
{
    char *header = *credentials->at->authorization != '\0'
                       ? text_format("Authorization: %s", credentials->at->authorization)
                       : NULL;
    get(credentials, "GET", credentials->at->url, header, on_credentials);
    mem_wipe_free(header);
}

/* --- an instance: a token, the role's name, its credentials --- */

static const char role_path[] = "/latest/meta-data/iam/security-credentials/";

static void on_role(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *credentials = ctx;
    size_t size = strcspn(reply->body, "\r\n");
    if (!check_answer(credentials, reply, "the instance's role"))
        return;
    if (size == 0 || size > 200 || strcspn(reply->body, "/?#% ") < size) {
        fail(credentials, "the instance has no role");
        return;
    }
    char *url = text_format("%s%s%.*s", credentials->at->url, role_path, (int)size, reply->body);
    get(credentials, "GET", url, credentials->header, on_credentials);
    free(url);
}

static void on_token(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *credentials = ctx;
    if (!check_answer(credentials, reply, "the instance metadata service"))
        return;
    credentials->header = text_format("x-aws-ec2-metadata-token: %.*s",
                                      (int)strcspn(reply->body, "\r\n"), reply->body);
    char *url = text_format("%s%s", credentials->at->url, role_path);
    get(credentials, "GET", url, credentials->header, on_role);
    free(url);
}

static void ask_instance(struct aws_credentials *credentials)
{
    char *url = text_format("%s/latest/api/token", credentials->at->url);
    get(credentials, "PUT", url, "x-aws-ec2-metadata-token-ttl-seconds: 21600", on_token);
    free(url);
}

/* --- STS --- */

static void on_sts(void *ctx, const struct http_reply *reply)
{
    struct aws_credentials *credentials = ctx;
    struct aws_error error;
    struct err err;
    struct credentials *got = NULL;
    aws_error_read(&error, reply->status, reply->sent, NULL, reply->body, reply->size);
    if (error.class == AWS_OK)
        got = credentials_read_sts(reply->body, reply->size, &err);
    else
        err_set(&err, "%s (%s)", error.text, error.code);
    if (error.class == AWS_CLOCK)
        aws_learn_clock(credentials->wire, reply);
    credentials->slowed = error.class == AWS_RETRY && reply->status != 0;
    char *place = text_format("STS does not give the role %s", credentials->at->role);
    take_or_fail(credentials, got, place, &err);
    free(place);
}

static void ask_role(struct aws_credentials *credentials)
{
    char *body = credentials_sts_body(credentials->at, "");
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
    aws_send(credentials->wire, &request, credentials->signing, on_sts, credentials);
    mem_wipe_free(body);
}

static void ask_web_identity(struct aws_credentials *credentials)
{
    static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded", NULL};
    char *token = credentials_file(credentials->at->token_file);
    if (token == NULL) {
        fail(credentials, "the web identity's token file cannot be read");
        return;
    }
    char *body = credentials_sts_body(credentials->at, token);
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
    http_send(credentials->wire->http, &request, on_sts, credentials);
    mem_wipe_free(token);
    mem_wipe_free(body);
    free(url);
}

/* --- a fetch --- */

static void ask(struct aws_credentials *credentials)
{
    struct credentials *got;
    switch (credentials->at->kind) {
    case CREDENTIALS_STATIC:
        got = credentials->at->credentials;
        credentials->at->credentials = NULL;
        take(credentials, got);
        break;
    case CREDENTIALS_PROCESS:
        credentials->process = process_start(credentials->loop, credentials->at->words, PROCESS_MS,
                                             on_process, credentials);
        break;
    case CREDENTIALS_CONTAINER:
        ask_container(credentials);
        break;
    case CREDENTIALS_INSTANCE:
        ask_instance(credentials);
        break;
    case CREDENTIALS_WEB_IDENTITY:
        ask_web_identity(credentials);
        break;
    case CREDENTIALS_ROLE:
        ask_role(credentials);
        break;
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct aws_credentials *credentials = timer->data;
    struct err err;
    credentials->source = credential_source_find(credentials->profile, &err);
    if (credentials->source == NULL) {
        fail(credentials, err.text);
        return;
    }
    credentials->at = credentials->source;
    while (credentials->at->base != NULL)
        credentials->at = credentials->at->base;
    ask(credentials);
}

/* Renewals are spaced out, and a failed one is not repeated at once; but if there are no
 * credentials and no recent refusal, there is no wait. */
static void fetch(struct aws_credentials *credentials, bool ahead)
{
    bool wait =
        (ahead || credentials->failures > 0) && clock_monotonic_ms() < credentials->not_before;
    if (credentials->fetching || wait)
        return;
    credentials->fetching = true;
    credentials->slowed = false;
    uv_timer_start(&credentials->timer, on_timer, 0, 0);
}

const struct credentials *aws_credentials_get(struct aws_credentials *credentials, bool *coming)
{
    bool good = usable(credentials);
    if (!good || clock_monotonic_ms() > credentials->good_until - RENEW_BEFORE_MS)
        fetch(credentials, good);
    *coming = credentials->fetching;
    return good ? credentials->current : NULL;
}

bool aws_credentials_slowed(const struct aws_credentials *credentials)
{
    return credentials->slowed;
}

void aws_credentials_renew(struct aws_credentials *credentials)
{
    credentials_free(credentials->current);
    credentials->current = NULL;
}

/* --- birth and death --- */

struct aws_credentials *aws_credentials_new(struct aws_wire *wire, uv_loop_t *loop,
                                            const char *profile, aws_credentials_done_fn *done,
                                            void *ctx)
{
    struct aws_credentials *credentials = mem_new(1, sizeof(*credentials));
    credentials->wire = wire;
    credentials->loop = loop;
    credentials->profile = mem_copy(profile);
    credentials->done = done;
    credentials->ctx = ctx;
    uv_timer_init(loop, &credentials->timer);
    credentials->timer.data = credentials;
    return credentials;
}

static void on_closed(uv_handle_t *handle)
{
    struct aws_credentials *credentials = handle->data;
    credentials_free(credentials->current);
    free(credentials->profile);
    free(credentials);
}

/* Calls under way ended when http was closed. */
void aws_credentials_free(struct aws_credentials *credentials)
{
    if (credentials == NULL)
        return;
    if (credentials->process != NULL)
        process_cancel(credentials->process);
    forget_fetch(credentials);
    uv_close((uv_handle_t *)&credentials->timer, on_closed);
}
