/* chat.*: messages. */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "blockkit.h"
#include "parts.h"
#include "switches.h"
#include "workspace.h"

enum { MAX_TEXT = 40000, MAX_UPDATE_TEXT = 4000, MAX_METADATA = 16000, MAX_ATTACHMENTS = 100 };

/* The channel named by the arguments, open to the bot; a user id means the direct messages when
 * ${users} is set. */
static const char *find_channel(struct api_call *call, bool users, json_t **channel)
{
    struct workspace *workspace = call->sandbox->workspace;
    const char *id = api_text(call, "channel");
    *channel = workspace_channel(workspace, id);
    if (*id == '\0')
        return api_missing(call, "channel");
    if (*channel == NULL && users && (*id == 'U' || *id == 'W')) {
        const json_t *person = workspace_user(workspace, id);
        if (workspace_flag(person, "deleted") &&
            switches_is(workspace, "deactivated", "user_disabled"))
            return "user_disabled";
        *channel = *workspace_text(person, "unseen") == '\0' ? workspace_dm(workspace, id) : NULL;
    }
    if (*channel == NULL)
        return "channel_not_found";
    bool member = workspace_flag(*channel, "bot_member");
    if (!member && (workspace_flag(*channel, "is_private") || workspace_flag(*channel, "is_im")))
        return "channel_not_found"; /* what it says to who is not in it */
    if (workspace_flag(*channel, "is_archived"))
        return "is_archived";
    return member ? NULL : "not_in_channel";
}

/* What a message is made of. */
struct content {
    const char *text; /* NULL: not given */
    json_t *blocks;   /* new reference, NULL: not given */
    json_t *metadata;
    json_t *attachments;
};

static void clear_content(struct content *content)
{
    json_decref(content->blocks);
    json_decref(content->metadata);
    json_decref(content->attachments);
}

static const char *check_metadata(const json_t *metadata)
{
    if (metadata == NULL)
        return NULL;
    if (*workspace_text(metadata, "event_type") == '\0' ||
        !json_is_object(json_object_get(metadata, "event_payload")))
        return "invalid_metadata_format";
    return json_dumpb(metadata, NULL, 0, JSON_COMPACT) > MAX_METADATA ? "metadata_too_large" : NULL;
}

static const char *check_blocks(struct api_call *call, const json_t *blocks)
{
    if (blocks == NULL)
        return NULL;
    if (!json_is_array(blocks))
        return api_wrong(call, "invalid_blocks_format", "blocks is no array");
    call->messages = blockkit_check(blocks);
    if (json_array_size(call->messages) > 0)
        return "invalid_blocks";
    json_decref(call->messages);
    call->messages = NULL;
    return NULL;
}

static const char *read_content(struct api_call *call, struct content *content)
{
    json_t *text = json_object_get(call->args, "text");
    const char *error;
    *content = (struct content){.text = json_string_value(text)};
    if (!api_json(call, "blocks", &content->blocks))
        return "invalid_blocks_format";
    if (!api_json(call, "metadata", &content->metadata))
        return "invalid_metadata_format";
    if (!api_json(call, "attachments", &content->attachments))
        return "invalid_attachments";
    if (json_array_size(content->attachments) > MAX_ATTACHMENTS)
        return "too_many_attachments";
    error = check_blocks(call, content->blocks);
    if (error == NULL)
        error = check_metadata(content->metadata);
    if (error == NULL && content->text != NULL && text_points(content->text) > MAX_TEXT)
        error = "msg_too_long";
    if (error == NULL && json_array_size(content->blocks) > 0 &&
        (content->text == NULL || *content->text == '\0'))
        log_entry(call->sandbox, "complaint",
                  json_pack("{s:s}", "what",
                            "a message without top-level text: notifications and screen readers "
                            "have nothing to say"));
    return error;
}

static bool is_nothing(const struct content *content)
{
    return (content->text == NULL || *content->text == '\0') &&
           json_array_size(content->blocks) == 0 && json_array_size(content->attachments) == 0;
}

static json_t *new_message(const struct api_call *call, const struct content *content)
{
    json_t *message =
        workspace_bot_message(call->sandbox->workspace, content->text, content->blocks);
    if (content->metadata != NULL)
        json_object_set(message, "metadata", content->metadata);
    if (content->attachments != NULL)
        json_object_set(message, "attachments", content->attachments);
    return message;
}

static const char *post(struct api_call *call, json_t *channel, const struct content *content)
{
    const char *id = workspace_text(channel, "id");
    const char *thread = api_text(call, "thread_ts");
    if (is_nothing(content))
        return "no_text";
    if (*thread != '\0' && workspace_message(call->sandbox->workspace, id, thread) == NULL)
        return "thread_not_found";
    json_t *message = new_message(call, content);
    if (*thread != '\0')
        json_object_set_new(message, "thread_ts", json_string(thread));
    if (*thread != '\0' && api_flag(call, "reply_broadcast"))
        json_object_set_new(message, "subtype", json_string("thread_broadcast"));
    message = workspace_post(call->sandbox, channel, message);
    json_object_set_new(call->reply, "channel", json_string(id));
    json_object_set(call->reply, "ts", json_object_get(message, "ts"));
    json_object_set_new(call->reply, "message", workspace_outward(channel, message));
    return NULL;
}

const char *api_chat_post_message(struct api_call *call)
{
    json_t *channel;
    struct content content;
    const char *error = find_channel(call, true, &channel);
    if (error != NULL)
        return error;
    char *key = text_format("post %s", workspace_text(channel, "id"));
    call->retry_after = workspace_spend(call->sandbox->workspace, key, 60, 3);
    free(key);
    if (call->retry_after > 0)
        return "ratelimited";
    error = read_content(call, &content);
    if (error == NULL)
        error = post(call, channel, &content);
    clear_content(&content);
    return error;
}

/* --- chat.update --- */

/* Text alone removes the blocks and marks the message as edited; blocks do neither. */
static void update(struct api_call *call, const json_t *channel, json_t *message,
                   const struct content *content)
{
    const char *id = workspace_text(channel, "id");
    json_t *none = json_null();
    workspace_edit(call->sandbox, id, message, content->text,
                   content->blocks == NULL && content->text != NULL ? none : content->blocks,
                   content->metadata);
    if (content->blocks == NULL && content->text != NULL)
        json_object_set_new(message, "edited",
                            json_pack("{s:O, s:O}", "user", json_object_get(message, "user"), "ts",
                                      json_object_get(message, "ts")));
    json_object_set_new(call->reply, "channel", json_string(id));
    json_object_set(call->reply, "ts", json_object_get(message, "ts"));
    json_object_set(call->reply, "text", json_object_get(message, "text"));
    json_object_set_new(call->reply, "message", workspace_outward(channel, message));
}

const char *api_chat_update(struct api_call *call)
{
    json_t *channel;
    struct content content;
    const char *error = find_channel(call, false, &channel);
    if (error != NULL)
        return strcmp(error, "is_archived") == 0 ? "is_inactive" : error;
    if (*api_text(call, "ts") == '\0')
        return api_missing(call, "ts");
    const char *id = workspace_text(channel, "id");
    json_t *message = workspace_message(call->sandbox->workspace, id, api_text(call, "ts"));
    if (message == NULL)
        return "message_not_found";
    if (!app_wrote(&call->sandbox->workspace->app, message))
        return "cant_update_message";
    if (switches_is(call->sandbox->workspace, "edits", "edit_window_closed"))
        return "edit_window_closed";
    error = read_content(call, &content);
    if (error == NULL && content.text != NULL && text_points(content.text) > MAX_UPDATE_TEXT)
        error = "msg_too_long";
    if (error == NULL && is_nothing(&content) && content.metadata == NULL)
        error = "no_text";
    if (error == NULL)
        update(call, channel, message, &content);
    clear_content(&content);
    return error;
}

/* --- the others --- */

static const char *post_ephemeral(struct api_call *call, const json_t *channel,
                                  const struct content *content)
{
    const json_t *user = workspace_user(call->sandbox->workspace, api_text(call, "user"));
    if (is_nothing(content))
        return "no_text";
    json_t *message =
        workspace_post_ephemeral(call->sandbox, workspace_text(user, "id"),
                                 workspace_text(channel, "id"), new_message(call, content));
    json_object_set(call->reply, "message_ts", json_object_get(message, "ts"));
    return NULL;
}

const char *api_chat_post_ephemeral(struct api_call *call)
{
    json_t *channel;
    struct content content;
    const char *error = find_channel(call, false, &channel);
    if (channel != NULL && !workspace_flag(channel, "bot_member") &&
        switches_is(call->sandbox->workspace, "ephemeral_outside", "internal_error"))
        return "internal_error";
    if (error != NULL)
        return error;
    if (*api_text(call, "user") == '\0')
        return api_missing(call, "user");
    const json_t *person = workspace_user(call->sandbox->workspace, api_text(call, "user"));
    if (!workspace_is_member(channel, workspace_text(person, "id")))
        return "user_not_in_channel";
    error = read_content(call, &content);
    if (error == NULL)
        error = post_ephemeral(call, channel, &content);
    clear_content(&content);
    return error;
}

const char *api_chat_delete(struct api_call *call)
{
    json_t *channel;
    const char *error = find_channel(call, false, &channel);
    if (error != NULL)
        return error;
    const char *ts = api_text(call, "ts");
    const char *id = workspace_text(channel, "id");
    const json_t *message = workspace_message(call->sandbox->workspace, id, ts);
    if (message == NULL)
        return "message_not_found";
    if (!app_wrote(&call->sandbox->workspace->app, message))
        return "cant_delete_message";
    json_object_set_new(call->reply, "channel", json_string(id));
    json_object_set_new(call->reply, "ts", json_string(ts));
    workspace_delete(call->sandbox, id, ts);
    return NULL;
}

const char *api_chat_get_permalink(struct api_call *call)
{
    const char *id = api_text(call, "channel");
    const char *ts = api_text(call, "message_ts");
    if (workspace_channel(call->sandbox->workspace, id) == NULL)
        return "channel_not_found";
    const json_t *message = workspace_message(call->sandbox->workspace, id, ts);
    if (message == NULL)
        return "message_not_found";
    size_t seconds = strcspn(ts, ".");
    const char *micros = ts[seconds] == '.' ? ts + seconds + 1 : "";
    char *link =
        text_format("https://partner.slack.com/archives/%s/p%.*s%s", id, (int)seconds, ts, micros);
    const char *thread = workspace_text(message, "thread_ts");
    json_object_set_new(call->reply, "channel", json_string(id));
    json_object_set_new(call->reply, "permalink",
                        *thread != '\0' ? json_sprintf("%s?thread_ts=%s&cid=%s", link, thread, id)
                                        : json_string(link));
    free(link);
    return NULL;
}
