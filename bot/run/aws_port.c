#include "run/ports.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"
#include "marketplace/catalog.h"
#include "marketplace/credentials.h"
#include "marketplace/errors.h"
#include "mem.h"
#include "text.h"

enum { MOST_REPLY = 8 * 1024 * 1024, STS_MS = 10000 };

static const int64_t CHECK_EVERY_MS = INT64_C(3600) * 1000;
static const char sts_body[] = "Action=GetCallerIdentity&Version=2011-06-15";

enum identity { IDENTITY_UNKNOWN, IDENTITY_ASKED, IDENTITY_OURS, IDENTITY_OTHER };

/* An errand that is answered at once is answered from a timer: never inside aws_port_run. */
struct early {
    int64_t effect;
    enum outcome outcome;
    struct early *next;
};

struct aws_port {
    struct http *http;
    const struct config *config;
    struct port_results results;
    struct credentials *keys;
    int64_t skew_s; /* AWS's clock minus ours */
    enum identity identity;
    int64_t checked_at;
    char account[16];
    char why[300];
    uv_timer_t timer;
    struct early *early;
};

struct request {
    struct aws_port *port;
    int64_t effect;
    const struct catalog_call *call;
};

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *endpoint(const char *variable, const char *otherwise)
{
    const char *url = getenv(variable);
    return url != NULL && *url != '\0' ? url : otherwise;
}

/* --- signing and sending ------------------------------------------------------------------ */

/* "https://host:port/prefix" -> host with port, and the prefix without a slash at its end. */
static void split(const char *url, char **host, char **prefix)
{
    const char *from = strstr(url, "://");
    from = from != NULL ? from + 3 : url;
    size_t size = strcspn(from, "/");
    *host = mem_slice(from, size);
    *prefix = mem_copy(from + size);
    for (size_t end = strlen(*prefix); end > 0 && (*prefix)[end - 1] == '/'; end--)
        (*prefix)[end - 1] = '\0';
}

struct signed_request {
    const char *base;
    const char *method;
    const char *operation; /* the path behind the prefix: "/StartChangeSet" */
    const struct sigv4_parameter *query;
    const char *content_type;
    const char *body;
    size_t body_size;
    const char *service;
    int timeout_ms;
    bool fresh;
};

static void send_signed(struct aws_port *port, const struct signed_request *what,
                        http_done_fn *done, void *ctx)
{
    struct sigv4_headers headers;
    struct sigv4_keys keys = {port->keys->access_key, port->keys->secret_key, port->keys->token};
    char *host;
    char *prefix;
    split(what->base, &host, &prefix);
    char *path = text_format("%s%s", prefix, what->operation);
    char *query = sigv4_query(what->query);
    char *url = text_format("%.*s%s%s%s", (int)(strstr(what->base, "://") + 3 - what->base),
                            what->base, host, path, *query != '\0' ? "?" : "");
    char *whole = text_format("%s%s", url, query);
    struct sigv4_request request = {
        .method = what->method,
        .host = host,
        .path = path,
        .query = what->query,
        .content_type = what->content_type,
        .target = "",
        .body = what->body,
        .body_size = what->body_size,
        .region = "us-east-1",
        .service = what->service,
    };
    sigv4_sign(&request, &keys, wall_ms() / 1000 + port->skew_s, &headers);
    struct http_request http = {
        .method = what->method,
        .url = whole,
        .headers = (const char *const *)headers.line,
        .body = what->body,
        .body_size = what->body_size,
        .timeout_ms = what->timeout_ms,
        .most = MOST_REPLY,
        .fresh = what->fresh,
        .plain = HTTP_PLAIN_LOOPBACK,
    };
    http_send(port->http, &http, done, ctx);
    sigv4_headers_free(&headers);
    free(host);
    free(prefix);
    free(path);
    free(query);
    free(url);
    free(whole);
}

/* AWS tells its time with every answer: signatures are good for five minutes either way. */
static void learn_clock(struct aws_port *port, const struct http_reply *reply)
{
    const char *date = http_reply_header(reply, "Date");
    int64_t theirs = date != NULL ? http_date(date) : -1;
    if (theirs < 0)
        return;
    int64_t skew = theirs - wall_ms() / 1000;
    if (skew > 60 || skew < -60)
        log_warn("this machine's clock is off", F_INT("aws_minus_ours_s", skew));
    port->skew_s = skew > 60 || skew < -60 ? skew : 0;
}

static bool have_keys(struct aws_port *port)
{
    struct err err;
    if (port->keys == NULL)
        port->keys = credentials_load(port->config->aws_profile, &err);
    if (port->keys == NULL)
        log_error("no AWS keys", F_TEXT("why", err.text));
    return port->keys != NULL;
}

static void drop_keys(struct aws_port *port)
{
    credentials_free(
        port->keys); /* loaded again for the next request: they may have been renewed */
    port->keys = NULL;
    port->identity = IDENTITY_UNKNOWN;
}

/* --- who we are --------------------------------------------------------------------------- */

static void read_account(struct aws_port *port, const struct http_reply *reply)
{
    static const char mark[] = "<Account>";
    const char *at = strstr(reply->body, mark);
    snprintf(port->account, sizeof(port->account), "%.12s",
             at != NULL ? at + sizeof(mark) - 1 : "");
    port->checked_at = wall_ms();
    if (strcmp(port->account, port->config->aws_account) == 0) {
        port->identity = IDENTITY_OURS;
        return;
    }
    port->identity = IDENTITY_OTHER;
    snprintf(port->why, sizeof(port->why),
             "the AWS keys belong to account %s, configured is %s; nothing is published",
             port->account, port->config->aws_account);
    log_error("wrong AWS account", F_TEXT("why", port->why));
}

static void on_identity(void *ctx, const struct http_reply *reply)
{
    struct aws_port *port = ctx;
    struct aws_error error;
    port->identity = IDENTITY_UNKNOWN;
    aws_error_read(&error, reply->status, reply->sent, NULL, reply->body, reply->size);
    if (error.class == AWS_OK) {
        read_account(port, reply);
        return;
    }
    log_error("the AWS identity cannot be read", F_TEXT("code", error.code),
              F_TEXT("why", error.text));
    if (error.class == AWS_CLOCK)
        learn_clock(port, reply);
    if (error.class == AWS_CREDENTIALS)
        drop_keys(port);
}

static void ask_identity(struct aws_port *port)
{
    struct signed_request request = {
        .base = endpoint("AWS_ENDPOINT_URL_STS", "https://sts.us-east-1.amazonaws.com"),
        .method = "POST",
        .operation = "/",
        .content_type = "application/x-www-form-urlencoded; charset=utf-8",
        .body = sts_body,
        .body_size = sizeof(sts_body) - 1,
        .service = "sts",
        .timeout_ms = STS_MS,
    };
    port->identity = IDENTITY_ASKED;
    send_signed(port, &request, on_identity, port);
}

/* --- errands ------------------------------------------------------------------------------ */

static void on_timer(uv_timer_t *timer)
{
    struct aws_port *port = timer->data;
    struct early *list = port->early;
    port->early = NULL;
    while (list != NULL) {
        struct early *next = list->next;
        bool other = list->outcome == OUTCOME_REFUSED;
        struct finish finish = {
            .outcome = list->outcome,
            .code = other ? "WrongAccount" : "identity_unknown",
            .text = other ? port->why : "the AWS identity is not known yet",
            .retry_after_ms = -1,
        };
        port->results.finish(port->results.ctx, list->effect, &finish);
        free(list);
        list = next;
    }
}

static void answer_early(struct aws_port *port, int64_t effect, enum outcome outcome)
{
    struct early *early = mem_new(1, sizeof(*early));
    *early = (struct early){effect, outcome, port->early};
    port->early = early;
    uv_timer_start(&port->timer, on_timer, 0, 0);
}

static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct request *request = ctx;
    struct aws_port *port = request->port;
    struct aws_error error;
    json_t *root = NULL;
    struct finish finish = {.outcome = OUTCOME_OK, .retry_after_ms = -1};
    aws_error_read(&error, reply->status, reply->sent, http_reply_header(reply, "x-amzn-ErrorType"),
                   reply->body, reply->size);
    switch (error.class) {
    case AWS_OK:
        root = json_loadb(reply->body, reply->size, JSON_REJECT_DUPLICATES, NULL);
        finish.outcome = root != NULL ? OUTCOME_OK : OUTCOME_UNKNOWN;
        break;
    case AWS_CREDENTIALS:
        drop_keys(port);
        finish.outcome = OUTCOME_RETRY;
        break;
    case AWS_CLOCK:
        learn_clock(port, reply);
        finish.outcome = OUTCOME_RETRY;
        break;
    case AWS_RETRY:
        finish.outcome = OUTCOME_RETRY;
        break;
    case AWS_UNSURE:
        finish.outcome = OUTCOME_UNKNOWN;
        break;
    case AWS_REFUSED:
        finish.outcome = OUTCOME_REFUSED;
        break;
    }
    if (finish.outcome != OUTCOME_OK)
        log_warn("AWS call", F_TEXT("operation", request->call->name),
                 F_INT("status", reply->status), F_TEXT("code", error.code),
                 F_TEXT("why", error.text), F_TEXT("transport", reply->error),
                 F_TEXT("request", http_reply_header(reply, "x-amzn-RequestId")));
    finish.code = error.code;
    finish.text = error.text;
    finish.reply = root;
    port->results.finish(port->results.ctx, request->effect, &finish);
    json_decref(root);
    free(request);
}

static void send_call(struct aws_port *port, const struct errand *errand,
                      const struct catalog_call *call)
{
    struct sigv4_parameter query[8] = {{NULL, NULL}};
    struct request *request = mem_new(1, sizeof(*request));
    json_t *arguments = NULL;
    *request = (struct request){port, errand->effect, call};
    if (!call->in_body) {
        size_t count = 0;
        const char *key;
        json_t *value;
        arguments = json_loadb(errand->body, errand->body_size, 0, NULL);
        json_object_foreach(arguments, key, value)
        {
            if (count < 7)
                query[count++] = (struct sigv4_parameter){key, json_string_value(value)};
        }
    }
    struct signed_request http = {
        .base = endpoint("AWS_ENDPOINT_URL_MARKETPLACE_CATALOG",
                         "https://catalog.marketplace.us-east-1.amazonaws.com"),
        .method = call->method,
        .operation = NULL,
        .query = query,
        .content_type = call->in_body ? "application/json" : "",
        .body = call->in_body ? errand->body : NULL,
        .body_size = call->in_body ? errand->body_size : 0,
        .service = "aws-marketplace",
        .timeout_ms = call->timeout_ms,
        .fresh = errand->kind == EFFECT_DEED,
    };
    char *operation = text_format("/%s", call->name);
    http.operation = operation;
    send_signed(port, &http, on_reply, request);
    free(operation);
    json_decref(arguments);
}

void aws_port_run(struct aws_port *port, const struct errand *errand)
{
    const struct catalog_call *call = catalog_call_named(errand->call + strlen("aws:"));
    if (!have_keys(port)) {
        answer_early(port, errand->effect, OUTCOME_RETRY);
        return;
    }
    if (port->identity == IDENTITY_UNKNOWN ||
        (port->identity != IDENTITY_ASKED && wall_ms() - port->checked_at > CHECK_EVERY_MS))
        ask_identity(port);
    if (errand->kind == EFFECT_DEED && port->identity == IDENTITY_OTHER)
        answer_early(port, errand->effect, OUTCOME_REFUSED);
    else if (errand->kind == EFFECT_DEED && port->identity != IDENTITY_OURS)
        answer_early(port, errand->effect, OUTCOME_RETRY);
    else
        send_call(port, errand, call);
}

/* --- birth and death ---------------------------------------------------------------------- */

struct aws_port *aws_port_new(struct http *http, uv_loop_t *loop, const struct config *config,
                              const struct port_results *results)
{
    struct aws_port *port = mem_new(1, sizeof(*port));
    port->http = http;
    port->config = config;
    port->results = *results;
    uv_timer_init(loop, &port->timer);
    port->timer.data = port;
    return port;
}

static void on_closed(uv_handle_t *handle)
{
    struct aws_port *port = handle->data;
    while (port->early != NULL) {
        struct early *next = port->early->next;
        free(port->early);
        port->early = next;
    }
    credentials_free(port->keys);
    free(port);
}

void aws_port_free(struct aws_port *port)
{
    if (port != NULL)
        uv_close((uv_handle_t *)&port->timer, on_closed);
}
