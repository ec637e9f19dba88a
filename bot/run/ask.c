#include "run/ask.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "run/ports.h"
#include "text.h"

/* What is kept of a reply when its callback has returned. */
struct kept {
    bool done;
    int status;
    bool sent;
    char *body;
    size_t size;
    char *retry_after, *scopes, *error_type;
};

static void on_reply(void *ctx, const struct http_reply *reply)
{
    struct kept *kept = ctx;
    *kept = (struct kept){
        .done = true,
        .status = reply->status,
        .sent = reply->sent,
        .body = mem_slice(reply->body, reply->size),
        .size = reply->size,
        .retry_after = mem_copy(http_reply_header(reply, "Retry-After")),
        .scopes = mem_copy(http_reply_header(reply, "X-OAuth-Scopes")),
        .error_type = mem_copy(http_reply_header(reply, "x-amzn-ErrorType")),
    };
}

static void wait_for(struct asker *asker, const bool *done)
{
    while (!*done)
        uv_run(&asker->loop, UV_RUN_ONCE);
}

static void kept_free(struct kept *kept)
{
    free(kept->body);
    free(kept->retry_after);
    free(kept->scopes);
    free(kept->error_type);
}

int asker_open(struct asker *asker, const char *ca_file, struct err *err)
{
    uv_loop_init(&asker->loop);
    asker->http = http_open(&asker->loop, ca_file, err);
    asker->wire = (struct aws_wire){.http = asker->http};
    return asker->http != NULL ? 0 : -1;
}

void asker_close(struct asker *asker)
{
    if (asker->http != NULL)
        http_close(asker->http);
    uv_run(&asker->loop, UV_RUN_DEFAULT);
    uv_loop_close(&asker->loop);
}

void ask_slack(struct asker *asker, const char *name, const char *token, json_t *args,
               struct slack_answer *answer, char **scopes)
{
    const struct slack_method *method = slack_method_named(name);
    char *json = json_dumps(args, JSON_COMPACT);
    struct kept kept = {.done = false};
    slack_send(asker->http, method, token, json, strlen(json), false, on_reply, &kept);
    wait_for(asker, &kept.done);
    slack_answer_read(answer, kept.status, kept.sent, kept.body, kept.size, kept.retry_after);
    if (scopes != NULL)
        *scopes = mem_copy(kept.scopes != NULL ? kept.scopes : "");
    kept_free(&kept);
    json_decref(args);
    free(json);
}

/* Waits; the body, which is the caller's. */
static char *read_aws(struct asker *asker, struct kept *kept, struct aws_error *error)
{
    wait_for(asker, &kept->done);
    aws_error_read(error, kept->status, kept->sent, kept->error_type, kept->body, kept->size);
    char *body = kept->body;
    kept->body = NULL;
    kept_free(kept);
    return body;
}

char *ask_identity(struct asker *asker, const struct credentials *keys, struct aws_error *error)
{
    struct kept kept = {.done = false};
    aws_ask_identity(&asker->wire, keys, on_reply, &kept);
    return read_aws(asker, &kept, error);
}

char *ask_catalog(struct asker *asker, const char *call, const char *args,
                  const struct credentials *keys, struct aws_error *error)
{
    struct kept kept = {.done = false};
    aws_call(&asker->wire, catalog_call_named(call), args, strlen(args), false, keys, on_reply,
             &kept);
    return read_aws(asker, &kept, error);
}

const struct credentials *ask_keys(struct asker *asker, struct aws_keys *keys)
{
    bool coming;
    const struct credentials *got = aws_keys_get(keys, &coming);
    while (got == NULL && coming) {
        uv_run(&asker->loop, UV_RUN_ONCE);
        got = aws_keys_get(keys, &coming);
    }
    return got;
}
