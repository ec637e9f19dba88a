#include "run/ports.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "marketplace/catalog.h"
#include "marketplace/errors.h"
#include "marketplace/xml.h"
#include "mem.h"
#include "offers/kind.h"
#include "run/aws.h"
#include "run/clock.h"
#include "text.h"

static const int64_t CHECK_EVERY_MS = INT64_C(3600) * 1000;
static const int64_t OTHER_AGAIN_MS = 30000;

enum { MAX_DENIED = 16 };

enum identity { IDENTITY_UNKNOWN, IDENTITY_OURS, IDENTITY_OTHER };

/* A call that waits for credentials and identity; a copy. */
struct parked {
    int64_t effect;
    const struct catalog_call *call;
    char *body;
    size_t body_size;
    bool once;
    struct parked *next;
};

struct aws_port {
    struct aws_wire wire;
    struct aws_credentials *credentials;
    const struct config *config;
    struct port_results results;
    enum identity identity;
    bool asking;        /* who we are ... */
    bool outdated;      /* ... and the credentials have changed since */
    bool reported;      /* the operators, that nothing can be published */
    int64_t checked_at; /* the identity, last */
    uv_timer_t timer;   /* takes up what was parked */
    struct parked *parked;
    struct parked **last;
    const struct catalog_call *denied[MAX_DENIED]; /* the last time; each is logged once */
};

struct aws_attempt {
    struct aws_port *port;
    int64_t effect;
    const struct catalog_call *call;
    bool once;
};

/* --- calls that wait --- */

static struct parked *unpark(struct aws_port *port)
{
    struct parked *first = port->parked;
    if (first != NULL)
        port->parked = first->next;
    if (port->parked == NULL)
        port->last = &port->parked;
    return first;
}

static void parked_free(struct parked *parked)
{
    free(parked->body);
    free(parked);
}

/* They cannot go out now: the engine tries again later. */
static void requeue(struct aws_port *port, const char *code, const char *text)
{
    const struct completion completion = {
        .outcome = OUTCOME_RETRY, .code = code, .text = text, .retry_after_ms = -1};
    struct parked *parked;
    while ((parked = unpark(port)) != NULL) {
        port->results.complete(port->results.ctx, parked->effect, &completion);
        parked_free(parked);
    }
}

/* --- who we are --- */

/* Alerts them once, and again only after it has recovered in between. */
static void alarm_operators(struct aws_port *port, const char *why)
{
    if (port->reported)
        return;
    port->reported = true;
    size_t size = strlen(why); /* with or without a full stop of its own */
    char *words = text_format("AWS Marketplace cannot be reached as it should: %.*s. %s wait, "
                              "nothing is lost; I'll keep trying.",
                              (int)(size > 0 && why[size - 1] == '.' ? size - 1 : size), why,
                              kinds_words()->capital);
    port->results.alarm(port->results.ctx, words);
    free(words);
}

static void advance(struct aws_port *port);

/* Other credentials may be those of another account. */
static void on_credentials(void *ctx, const char *why)
{
    struct aws_port *port = ctx;
    if (why != NULL) {
        alarm_operators(port, why);
    } else {
        port->identity = IDENTITY_UNKNOWN;
        port->outdated = port->asking;
    }
    advance(port);
}

static void take_account(struct aws_port *port, const char *account)
{
    port->checked_at = clock_monotonic_ms();
    if (strcmp(account, port->config->aws_account) == 0) {
        if (port->identity != IDENTITY_OURS)
            log_info("AWS account", F_TEXT("account", account));
        port->identity = IDENTITY_OURS;
        port->reported = false;
        return;
    }
    port->identity = IDENTITY_OTHER;
    char *why =
        text_format("the AWS credentials belong to account %.20s, configured (aws.account) is %s",
                    account, port->config->aws_account);
    log_error("wrong AWS account", F_TEXT("why", why));
    alarm_operators(port, why);
    free(why);
}

static void on_identity(void *ctx, const struct http_reply *reply)
{
    struct aws_port *port = ctx;
    struct aws_error error;
    port->asking = false;
    aws_error_read(&error, reply->status, reply->sent, NULL, reply->body, reply->size);
    if (port->outdated) {
        port->outdated = false;
        advance(port);
        return;
    }
    if (error.class == AWS_OK) {
        char *account = xml_text(reply->body, reply->size, "Account");
        take_account(port, account);
        free(account);
        advance(port);
        return;
    }
    log_error("AWS identity unreadable", F_TEXT("code", error.code), F_TEXT("why", error.text));
    bool clock = error.class == AWS_CLOCK && aws_learn_clock(&port->wire, reply);
    bool passes =
        clock || error.class == AWS_RETRY || error.class == AWS_FULL || error.class == AWS_UNSURE;
    if (!passes) {
        alarm_operators(port, error.text);
        aws_credentials_renew(port->credentials);
    }
    requeue(port, "identity_unknown", "the AWS identity could not be read");
}

static void ask_identity(struct aws_port *port, const struct credentials *credentials)
{
    if (port->asking)
        return;
    port->asking = true;
    aws_ask_identity(&port->wire, credentials, on_identity, port);
}

/* --- calls --- */

/* Remember whether AWS denies us this call. True: it did so before; what is asked for hourly must
 * not fill the log. */
static bool note_denial(struct aws_port *port, const struct catalog_call *call, bool denied)
{
    size_t at = 0;
    while (at < MAX_DENIED && port->denied[at] != call && port->denied[at] != NULL)
        at++;
    if (at == MAX_DENIED)
        return false;
    bool known = port->denied[at] == call;
    if (denied) {
        port->denied[at] = call;
    } else {
        for (; at + 1 < MAX_DENIED; at++)
            port->denied[at] = port->denied[at + 1];
    }
    return known;
}

static void log_call(const struct aws_attempt *attempt, const struct http_reply *reply, bool good,
                     const struct aws_error *error)
{
    bool denied = strcmp(error->code, "AccessDeniedException") == 0;
    bool known = note_denial(attempt->port, attempt->call, denied);
    if (good || (denied && known))
        return;
    log_warn("AWS call failed", F_TEXT("operation", attempt->call->name),
             F_INT("status", reply->status), F_TEXT("code", error->code),
             F_TEXT("why", error->text), F_TEXT("transport", reply->error),
             F_TEXT("request_id", http_reply_header(reply, "x-amzn-RequestId")));
}

/* Whoever starts something knows what to do where there is no room; nobody else is told so. */
static bool retried(const struct aws_attempt *attempt, enum aws_class class)
{
    return class != AWS_FULL || !attempt->once;
}

static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct aws_attempt *attempt = ctx;
    struct aws_port *port = attempt->port;
    struct aws_error error;
    json_t *root = NULL;
    struct completion completion = {.outcome = OUTCOME_OK, .retry_after_ms = -1};
    aws_error_read(&error, reply->status, reply->sent, http_reply_header(reply, "x-amzn-ErrorType"),
                   reply->body, reply->size);
    switch (error.class) {
    case AWS_OK:
        root = json_loadb(reply->body, reply->size, JSON_REJECT_DUPLICATES, NULL);
        completion.outcome = root != NULL ? OUTCOME_OK : OUTCOME_UNKNOWN;
        break;
    case AWS_CLOCK:
        completion.outcome = OUTCOME_RETRY;
        if (aws_learn_clock(&port->wire, reply))
            break; /* else the secret key is wrong */
        aws_credentials_renew(port->credentials);
        port->identity = IDENTITY_UNKNOWN;
        break;
    case AWS_CREDENTIALS:
        aws_credentials_renew(port->credentials);
        port->identity = IDENTITY_UNKNOWN;
        completion.outcome = OUTCOME_RETRY;
        break;
    case AWS_RETRY:
    case AWS_FULL:
        completion.outcome = retried(attempt, error.class) ? OUTCOME_RETRY : OUTCOME_REFUSED;
        break;
    case AWS_UNSURE:
        completion.outcome = OUTCOME_UNKNOWN;
        break;
    case AWS_REFUSED:
        completion.outcome = OUTCOME_REFUSED;
        break;
    }
    log_call(attempt, reply, completion.outcome == OUTCOME_OK, &error);
    completion.code = error.code;
    completion.text = error.text;
    completion.reply = root;
    port->results.complete(port->results.ctx, attempt->effect, &completion);
    json_decref(root);
    free(attempt);
}

/* Send what waits, once it is known whose credentials these are: of another account nothing is even
 * read, since its authorizations are not ours. */
static void advance(struct aws_port *port)
{
    bool coming;
    struct parked *parked;
    if (port->parked == NULL)
        return;
    int64_t age = clock_monotonic_ms() - port->checked_at;
    if (port->identity == IDENTITY_OTHER && age > OTHER_AGAIN_MS && !port->asking) {
        aws_credentials_renew(port->credentials); /* they may have been replaced */
        port->identity = IDENTITY_UNKNOWN;
    }
    const struct credentials *credentials = aws_credentials_get(port->credentials, &coming);
    if (credentials == NULL && coming)
        return;
    if (credentials == NULL) {
        requeue(port, "no_credentials", "there are no AWS credentials");
        return;
    }
    if (port->identity == IDENTITY_UNKNOWN || age > CHECK_EVERY_MS)
        ask_identity(port, credentials);
    if (port->identity == IDENTITY_OTHER)
        requeue(port, "wrong_account", "the AWS credentials belong to another account");
    while (port->identity == IDENTITY_OURS && (parked = unpark(port)) != NULL) {
        struct aws_attempt *attempt = mem_new(1, sizeof(*attempt));
        *attempt = (struct aws_attempt){port, parked->effect, parked->call, parked->once};
        aws_call(&port->wire, parked->call, parked->body, parked->body_size, parked->once,
                 credentials, on_reply, attempt);
        parked_free(parked);
    }
}

static void on_timer(uv_timer_t *timer)
{
    advance(timer->data);
}

void aws_port_run(struct aws_port *port, const struct effect_call *call)
{
    struct parked *parked = mem_new(1, sizeof(*parked));
    *parked = (struct parked){
        .effect = call->effect,
        .call = catalog_call_named(call->name + strlen("aws:")),
        .body = mem_slice(call->body, call->body_size),
        .body_size = call->body_size,
        .once = call->kind == EFFECT_ONCE,
    };
    *port->last = parked;
    port->last = &parked->next;
    uv_timer_start(&port->timer, on_timer, 0, 0);
}

/* --- birth and death --- */

struct aws_port *aws_port_new(struct http *http, uv_loop_t *loop, const struct config *config,
                              const struct port_results *results)
{
    struct aws_port *port = mem_new(1, sizeof(*port));
    port->wire.http = http;
    port->config = config;
    port->results = *results;
    port->credentials =
        aws_credentials_new(&port->wire, loop, config->aws_profile, on_credentials, port);
    uv_timer_init(loop, &port->timer);
    port->timer.data = port;
    port->last = &port->parked;
    return port;
}

static void on_closed(uv_handle_t *handle)
{
    struct aws_port *port = handle->data;
    struct parked *parked;
    while ((parked = unpark(port)) != NULL)
        parked_free(parked);
    free(port);
}

void aws_port_free(struct aws_port *port)
{
    if (port == NULL)
        return;
    aws_credentials_free(port->credentials);
    uv_close((uv_handle_t *)&port->timer, on_closed);
}
