#include "response.h"

#include <stdlib.h>
#include <string.h>

#include "blockkit.h"
#include "parts.h"
#include "workspace.h"

enum { MAX_USES = 5, LIFE_MS = 30 * 60 * 1000, MAX_KEPT = 2000 };

char *response_url(struct sandbox *sandbox, const char *user, const char *channel, const char *ts,
                   bool ephemeral)
{
    char key[25];
    json_t *responses = sandbox->workspace->responses;
    sandbox_random_id(key, sizeof(key));
    if (json_object_size(responses) >= MAX_KEPT)
        json_object_del(responses, json_object_iter_key(json_object_iter(responses)));
    json_object_set_new(responses, key,
                        json_pack("{s:s, s:s, s:s, s:b, s:I, s:i}", "user", user, "channel",
                                  channel, "ts", ts, "ephemeral", (int)ephemeral, "at",
                                  (json_int_t)sandbox_monotonic_ms(), "uses", 0));
    const char *front = json_string_value(json_object_get(sandbox->front, "api"));
    return text_format("%s/response/%s", front != NULL ? front : sandbox_url(sandbox), key);
}

static const char *check(struct sandbox *sandbox, const json_t *message)
{
    const json_t *blocks = json_object_get(message, "blocks");
    const char *error = NULL;
    if (blocks != NULL) {
        json_t *wrong = blockkit_check(blocks);
        if (json_array_size(wrong) > 0) {
            error = "invalid_blocks";
            log_entry(sandbox, "complaint",
                      json_pack("{s:s, s:O}", "what", "refused blocks", "messages", wrong));
        }
        json_decref(wrong);
    } else if (*workspace_text(message, "text") == '\0') {
        error = "no_text";
    }
    return error;
}

const char *response_show(struct sandbox *sandbox, const char *user, const char *channel,
                          const json_t *message)
{
    const char *error = check(sandbox, message);
    json_t *where = workspace_channel(sandbox->workspace, channel);
    const char *thread = workspace_text(message, "thread_ts");
    if (error != NULL)
        return error;
    json_t *shown = workspace_bot_message(sandbox->workspace, workspace_text(message, "text"),
                                          json_object_get(message, "blocks"));
    if (workspace_message(sandbox->workspace, channel, thread) != NULL)
        json_object_set_new(shown, "thread_ts", json_string(thread));
    if (strcmp(workspace_text(message, "response_type"), "in_channel") == 0 && where != NULL)
        workspace_post(sandbox, where, shown);
    else
        workspace_post_ephemeral(sandbox, user, channel, shown);
    return NULL;
}

static const char *apply(struct sandbox *sandbox, const json_t *origin, const json_t *body)
{
    const char *user = workspace_text(origin, "user");
    const char *channel = workspace_text(origin, "channel");
    const char *ts = workspace_text(origin, "ts");
    bool ephemeral = workspace_flag(origin, "ephemeral");
    json_t *message = ephemeral ? workspace_ephemeral(sandbox->workspace, user, ts)
                                : workspace_message(sandbox->workspace, channel, ts);
    if (workspace_flag(body, "delete_original") && message != NULL) {
        if (ephemeral)
            workspace_delete_ephemeral(sandbox, user, ts);
        else
            workspace_delete(sandbox, channel, ts);
        return NULL;
    }
    if (!workspace_flag(body, "replace_original") || message == NULL)
        return response_show(sandbox, user, channel, body);
    const char *error = check(sandbox, body);
    json_t *none = json_null();
    json_t *blocks = json_object_get(body, "blocks");
    if (error == NULL)
        workspace_edit(sandbox, channel, message, workspace_text(body, "text"),
                       blocks != NULL ? blocks : none, NULL);
    return error;
}

/* One a second in each channel. */
static int spend(struct workspace *workspace, const json_t *origin)
{
    char *key = text_format("respond %s", workspace_text(origin, "channel"));
    int wait = workspace_spend(workspace, key, 60, 3);
    free(key);
    return wait;
}

void response_handle(struct sandbox *sandbox, const struct sb_request *request,
                     struct sb_reply *reply)
{
    json_t *origin =
        json_object_get(sandbox->workspace->responses, request->path + strlen("/response/"));
    json_t *body = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, NULL);
    json_int_t uses = json_integer_value(json_object_get(origin, "uses"));
    int64_t age = sandbox_monotonic_ms() - json_integer_value(json_object_get(origin, "at"));
    const struct fault *fault =
        fault_take(sandbox, "slack", "response", request->body, request->body_size);
    const char *error = NULL;
    int wait = 0;
    if (fault_replaces(fault))
        error = "fault";
    else if (origin == NULL || uses >= MAX_USES || age > LIFE_MS)
        error = uses >= MAX_USES ? "used_url" : "expired_url";
    else if ((wait = spend(sandbox->workspace, origin)) > 0)
        error = "ratelimited";
    else if (!json_is_object(body))
        error = "invalid_payload";
    else
        error = apply(sandbox, origin, body);
    if (origin != NULL && wait == 0)
        json_object_set_new(origin, "uses", json_integer(uses + 1));
    log_entry(sandbox, "slack.response",
              json_pack("{s:b, s:s*, s:O*}", "ok", error == NULL, "error", error, "body", body));
    reply->status = error == NULL ? 200 : wait > 0 ? 429 : 404;
    if (wait > 0)
        text_addf(&reply->headers, "Retry-After: %d\r\n", wait);
    reply->content_type = "text/plain; charset=utf-8";
    text_add(&reply->body, error == NULL ? "ok" : error);
    fault_apply(fault, reply);
    json_decref(body);
}
