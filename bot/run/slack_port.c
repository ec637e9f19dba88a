#include "run/ports.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "mem.h"
#include "run/clock.h"
#include "slack/api.h"
#include "text.h"

enum { MAX_REPLY = 4 * 1024 * 1024 };

struct slack_port {
    struct http *http;
    struct port_results results;
    char *app_token;
    char *bot_token;
    bool asked_address; /* of a socket, once */
};

/* One attempt at a call: the engine's, or one that somebody in the process asked for. */
struct slack_attempt {
    struct slack_port *port;
    int64_t effect;
    bool response; /* to a response url */
    slack_reply_fn *done;
    void *ctx;
    const struct slack_method *method;
};

static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct slack_attempt *attempt = ctx;
    struct slack_port *port = attempt->port;
    struct slack_answer answer;
    clock_hear(http_reply_header(reply, "Date"));
    const char *retry = http_reply_header(reply, "Retry-After");
    if (attempt->response)
        slack_response_read(&answer, reply->status, reply->sent, reply->body, reply->size, retry);
    else
        slack_answer_read(&answer, reply->status, reply->sent, reply->body, reply->size, retry);
    bool setup = slack_error_is_setup(answer.code);
    if (setup)
        log_error("Slack setup refused", F_TEXT("method", attempt->method->name),
                  F_TEXT("code", answer.code), F_TEXT("why", answer.text));
    else if (answer.outcome != OUTCOME_OK)
        log_info("Slack call failed", F_TEXT("method", attempt->method->name),
                 F_INT("status", reply->status), F_TEXT("code", answer.code),
                 F_TEXT("why", answer.text), F_TEXT("transport", reply->error));
    if (attempt->done != NULL) {
        attempt->done(attempt->ctx, answer.outcome == OUTCOME_OK ? answer.root : NULL, answer.code,
                      answer.text, setup, answer.retry_after_ms);
    } else {
        struct completion completion = {
            .outcome = answer.outcome,
            .code = answer.code,
            .text = answer.text,
            .reply = answer.root,
            .retry_after_ms = answer.retry_after_ms,
        };
        port->results.complete(port->results.ctx, attempt->effect, &completion);
    }
    slack_answer_clear(&answer);
    free(attempt);
}

const char *slack_url(void)
{
    const char *url = getenv("SLACK_API_URL");
    return url != NULL && *url != '\0' ? url : "https://slack.com/api/";
}

void slack_send(struct http *http, const struct slack_method *method, const char *token,
                const char *args, size_t size, enum http_connection connection, http_done_fn *done,
                void *ctx)
{
    const char *base = slack_url();
    bool slash = base[strlen(base) - 1] == '/';
    char *url = text_format("%s%s%s", base, slash ? "" : "/", method->name);
    char *body = slack_request_body(method, args, size);
    char *bearer = text_format("Authorization: Bearer %s", token);
    const char *headers[] = {bearer, slack_content_type(method), NULL};
    struct http_request request = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = body,
        .body_size = strlen(body),
        .timeout_ms = method->timeout_ms,
        .max_reply = MAX_REPLY,
        .connection = connection,
        .plain = HTTP_PLAIN_LOOPBACK,
    };
    http_send(http, &request, done, ctx);
    mem_wipe_free(bearer);
    free(url);
    free(body);
}

/* Takes ${attempt}. */
static void send_request(struct slack_port *port, struct slack_attempt *attempt, const char *args,
                         size_t size, enum http_connection connection)
{
    const char *token = attempt->method->app_token ? port->app_token : port->bot_token;
    slack_send(port->http, attempt->method, token, args, size, connection, on_reply, attempt);
}

/* The body is {"url", "message"}; no token goes with it, and the address is in no log. Takes
 * ${attempt}. */
static void send_response(struct slack_port *port, struct slack_attempt *attempt,
                          const struct effect_call *call)
{
    json_t *body = json_loadb(call->body, call->body_size, 0, NULL);
    const char *url = json_string_value(json_object_get(body, "url"));
    char *message = json_write(json_incref(json_object_get(body, "message")));
    const char *headers[] = {slack_content_type(attempt->method), NULL};
    struct http_request http = {
        .method = "POST",
        .url = url != NULL ? url : "",
        .headers = headers,
        .body = message,
        .body_size = message != NULL ? strlen(message) : 0,
        .timeout_ms = attempt->method->timeout_ms,
        .max_reply = MAX_REPLY,
        .plain = HTTP_PLAIN_LOOPBACK,
    };
    http_send(port->http, &http, on_reply, attempt);
    free(message);
    json_decref(body);
}

void slack_port_run(struct slack_port *port, const struct effect_call *call)
{
    struct slack_attempt *attempt = mem_new(1, sizeof(*attempt));
    attempt->port = port;
    attempt->effect = call->effect;
    attempt->method = slack_method_named(call->name + strlen("slack:"));
    attempt->response = strcmp(attempt->method->name, SLACK_RESPONSE) == 0;
    if (attempt->response)
        send_response(port, attempt, call);
    else
        send_request(port, attempt, call->body, call->body_size,
                     call->kind == EFFECT_ONCE ? HTTP_ONCE : HTTP_KEPT);
}

void slack_port_ask(struct slack_port *port, const char *method, const char *args,
                    slack_reply_fn *done, void *ctx)
{
    struct slack_attempt *attempt = mem_new(1, sizeof(*attempt));
    attempt->port = port;
    attempt->done = done;
    attempt->ctx = ctx;
    attempt->method = slack_method_named(method);
    /* A socket's address is asked for when the network has just failed, so not over a connection
     * from before, which may be as dead as the socket was. The first is asked for over the one by
     * which Slack has just said who we are. */
    bool fresh = attempt->method->app_token && port->asked_address;
    port->asked_address = port->asked_address || attempt->method->app_token;
    send_request(port, attempt, args, strlen(args), fresh ? HTTP_FRESH : HTTP_KEPT);
}

struct slack_port *slack_port_new(struct http *http, const struct port_results *results,
                                  struct err *err)
{
    struct slack_port *port = mem_new(1, sizeof(*port));
    port->http = http;
    port->results = *results;
    port->app_token = config_secret("SLACK_APP_TOKEN", err);
    port->bot_token = port->app_token != NULL ? config_secret("SLACK_BOT_TOKEN", err) : NULL;
    if (port->bot_token == NULL) {
        slack_port_free(port);
        return NULL;
    }
    const char *app = slack_token_fault(port->app_token, "xapp-");
    const char *bot = slack_token_fault(port->bot_token, "xoxb-");
    if (app != NULL || bot != NULL) {
        err_set(err, "%s must start with %s; %s",
                app != NULL ? "SLACK_APP_TOKEN" : "SLACK_BOT_TOKEN",
                app != NULL ? "xapp-" : "xoxb-", app != NULL ? app : bot);
        slack_port_free(port);
        return NULL;
    }
    return port;
}

void slack_port_free(struct slack_port *port)
{
    if (port == NULL)
        return;
    mem_wipe_free(port->app_token);
    mem_wipe_free(port->bot_token);
    free(port);
}
