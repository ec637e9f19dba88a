#include "run/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"
#include "run/ports.h"
#include "text.h"

/* What is kept of a reply when its callback has returned. */
struct kept_reply {
    bool done;
    int status;
    bool sent;
    char *body;
    size_t size;
    char *retry_after, *scopes, *error_type, *error;
};

enum { TRIES = 4, MAX_PAUSE_MS = 60000, FIRST_PAUSE_MS = 1000 };

static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct kept_reply *kept = ctx;
    *kept = (struct kept_reply){
        .done = true,
        .status = reply->status,
        .sent = reply->sent,
        .body = mem_slice(reply->body, reply->size),
        .size = reply->size,
        .retry_after = mem_copy(http_reply_header(reply, "Retry-After")),
        .scopes = mem_copy(http_reply_header(reply, "X-OAuth-Scopes")),
        .error_type = mem_copy(http_reply_header(reply, "x-amzn-ErrorType")),
        .error = mem_copy(reply->error != NULL ? reply->error : ""),
    };
}

static void wait_for(struct asker *asker, const bool *done)
{
    while (!*done)
        uv_run(&asker->loop, UV_RUN_ONCE);
}

static void kept_free(struct kept_reply *kept)
{
    free(kept->body);
    free(kept->retry_after);
    free(kept->scopes);
    free(kept->error_type);
    free(kept->error);
}

static void pause_over(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

/* A service that asks us to slow down has not refused: wait, and say so to whoever waits. ${why}:
 * what the last try came to. */
static void pause_for(struct asker *asker, int64_t ms, const char *why)
{
    bool over = false;
    uv_timer_t timer = {.data = &over};
    if (ms > MAX_PAUSE_MS)
        ms = MAX_PAUSE_MS;
    fprintf(stderr, "%s: trying again in %lld s\n", why, (long long)((ms + 999) / 1000));
    uv_timer_init(&asker->loop, &timer);
    uv_timer_start(&timer, pause_over, (uint64_t)ms, 0);
    wait_for(asker, &over);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&asker->loop, UV_RUN_NOWAIT);
}

/* Why no answer came: a name that is not known, a port that is shut, a certificate. */
static void add_reason(char *text, size_t capacity, const struct kept_reply *kept)
{
    if (kept->status != 0 || *kept->error == '\0')
        return;
    char *whole = text_format("%s: %s", text, kept->error);
    text_fit(text, capacity, whole);
    free(whole);
}

int asker_open(struct asker *asker, const struct config *config, struct err *err)
{
    uv_loop_init(&asker->loop);
    if (proxy_open(config, &asker->proxy, err) == 0)
        asker->http = http_open(&asker->loop, config->ca_file, err);
    if (asker->http != NULL)
        http_use_proxy(asker->http, asker->proxy);
    asker->wire = (struct aws_wire){.http = asker->http};
    return asker->http != NULL ? 0 : -1;
}

void asker_close(struct asker *asker)
{
    if (asker->http != NULL)
        http_close(asker->http);
    uv_run(&asker->loop, UV_RUN_DEFAULT);
    uv_loop_close(&asker->loop);
    proxy_close(asker->proxy);
}

void ask_slack(struct asker *asker, const char *name, const char *token, json_t *args,
               struct slack_answer *answer, char **scopes)
{
    const struct slack_method *method = slack_method_named(name);
    char *json = json_write(args);
    for (int i = 1;; i++) {
        struct kept_reply kept = {.done = false};
        slack_send(asker->http, method, token, json, strlen(json), HTTP_KEPT, on_reply, &kept);
        wait_for(asker, &kept.done);
        slack_answer_read(answer, kept.status, kept.sent, kept.body, kept.size, kept.retry_after);
        add_reason(answer->text, sizeof(answer->text), &kept);
        bool again = answer->retry_after_ms >= 0 && answer->outcome == OUTCOME_RETRY && i < TRIES;
        if (scopes != NULL && !again)
            *scopes = mem_copy(kept.scopes != NULL ? kept.scopes : "");
        kept_free(&kept);
        if (!again)
            break;
        int64_t wait = answer->retry_after_ms;
        slack_answer_clear(answer);
        pause_for(asker, wait, "Slack asks us to slow down");
    }
    free(json);
}

/* Waits; the body, which is the caller's. */
static char *read_aws(struct asker *asker, struct kept_reply *kept, struct aws_error *error)
{
    wait_for(asker, &kept->done);
    aws_error_read(error, kept->status, kept->sent, kept->error_type, kept->body, kept->size);
    add_reason(error->text, sizeof(error->text), kept);
    char *body = kept->body;
    kept->body = NULL;
    kept_free(kept);
    return body;
}

/* A question to AWS, and what it is about. */
struct aws_question {
    void (*send)(struct asker *asker, const struct aws_question *question, struct kept_reply *kept);
    const struct credentials *credentials;
    const char *name; /* of a call or a role */
    const char *args;
};

/* Asked again for as long as AWS wants it slower. */
static char *ask_aws(struct asker *asker, const struct aws_question *question,
                     struct aws_error *error)
{
    int64_t wait = FIRST_PAUSE_MS;
    for (int i = 1;; i++) {
        struct kept_reply kept = {.done = false};
        question->send(asker, question, &kept);
        char *body = read_aws(asker, &kept, error);
        if (error->class != AWS_RETRY || i >= TRIES)
            return body;
        free(body);
        pause_for(asker, wait, error->text);
        wait *= 2;
    }
}

static void send_identity(struct asker *asker, const struct aws_question *question,
                          struct kept_reply *kept)
{
    aws_ask_identity(&asker->wire, question->credentials, on_reply, kept);
}

static void send_role(struct asker *asker, const struct aws_question *question,
                      struct kept_reply *kept)
{
    aws_ask_role(&asker->wire, question->name, question->credentials, on_reply, kept);
}

static void send_call(struct asker *asker, const struct aws_question *question,
                      struct kept_reply *kept)
{
    aws_call(&asker->wire, catalog_call_named(question->name), question->args,
             strlen(question->args), false, question->credentials, on_reply, kept);
}

char *ask_identity(struct asker *asker, const struct credentials *credentials,
                   struct aws_error *error)
{
    return ask_aws(asker, &(struct aws_question){.send = send_identity, .credentials = credentials},
                   error);
}

char *ask_role(struct asker *asker, const char *role, const struct credentials *credentials,
               struct aws_error *error)
{
    return ask_aws(
        asker, &(struct aws_question){.send = send_role, .credentials = credentials, .name = role},
        error);
}

char *ask_catalog(struct asker *asker, const char *call, const char *args,
                  const struct credentials *credentials, struct aws_error *error)
{
    return ask_aws(asker,
                   &(struct aws_question){
                       .send = send_call, .credentials = credentials, .name = call, .args = args},
                   error);
}

static const struct credentials *wait_for_credentials(struct asker *asker,
                                                      struct aws_credentials *credentials)
{
    bool coming;
    const struct credentials *got = aws_credentials_get(credentials, &coming);
    while (got == NULL && coming) {
        uv_run(&asker->loop, UV_RUN_ONCE);
        got = aws_credentials_get(credentials, &coming);
    }
    return got;
}

/* Each pause is longer than the one after which a fetch that failed may be made again. */
const struct credentials *ask_credentials(struct asker *asker, struct aws_credentials *credentials)
{
    const struct credentials *got = wait_for_credentials(asker, credentials);
    int64_t wait = FIRST_PAUSE_MS;
    for (int i = 1; got == NULL && aws_credentials_slowed(credentials) && i < TRIES; i++) {
        pause_for(asker, wait, "AWS STS asks us to slow down");
        wait *= 2;
        got = wait_for_credentials(asker, credentials);
    }
    return got;
}
