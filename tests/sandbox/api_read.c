/* auth.test, conversations.*, users.conversations. */
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "org.h"
#include "parts.h"
#include "workspace.h"

const char *api_auth_test(struct api_call *call)
{
    json_t *who =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "url", "https://partner.slack.com/",
                  "team", "Partner", "user", "cppo", "team_id", WORKSPACE_TEAM, "user_id",
                  call->sandbox->workspace->app.user, "bot_id",
                  call->sandbox->workspace->app.bot_id, "is_enterprise_install", 0);
    json_object_update(call->reply, who);
    if (org_is_on(call->sandbox->workspace))
        json_object_set_new(call->reply, "enterprise_id", json_string(ORG_ENTERPRISE));
    json_decref(who);
    return NULL;
}

/* --- conversations --- */

/* The channel, if the token has the scope "TYPE:${what}" for its type. */
static const char *find_channel(struct api_call *call, const char *what, json_t **channel)
{
    static const char *const scopes[2][3] = {{"channels:read", "groups:read", "im:read"},
                                             {"channels:history", "groups:history", "im:history"}};
    const char *id = api_text(call, "channel");
    if (*id == '\0')
        return api_missing(call, "channel");
    *channel = workspace_channel(call->sandbox->workspace, id);
    if (*channel == NULL)
        return "channel_not_found";
    bool private = workspace_flag(*channel, "is_private");
    int type = workspace_flag(*channel, "is_im") ? 2 : private ? 1 : 0;
    const char *error = api_scope(call, scopes[strcmp(what, "history") == 0][type]);
    if (error == NULL && private && !workspace_flag(*channel, "bot_member"))
        error = "channel_not_found"; /* what a private channel says to who is not in it */
    return error;
}

static json_t *channel_object(const json_t *channel)
{
    bool shared = workspace_flag(channel, "is_ext_shared");
    bool org = workspace_flag(channel, "is_org_shared");
    bool pending = workspace_flag(channel, "is_pending_ext_shared");
    bool im = workspace_flag(channel, "is_im");
    json_t *object =
        json_pack("{s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:b, s:i, s:s, s:[s]}", "id",
                  workspace_text(channel, "id"), "is_channel", !im, "is_group", 0, "is_im", im,
                  "is_private", (int)workspace_flag(channel, "is_private"), "is_archived",
                  (int)workspace_flag(channel, "is_archived"), "is_shared", shared || org,
                  "is_ext_shared", shared, "is_org_shared", org, "is_member",
                  (int)workspace_flag(channel, "bot_member"), "created", 1700000000,
                  "context_team_id", WORKSPACE_TEAM, "shared_team_ids", WORKSPACE_TEAM);
    json_object_set_new(object, "internal_team_ids", json_pack("[s]", WORKSPACE_TEAM));
    json_object_set_new(object, "connected_team_ids",
                        shared ? json_pack("[s]", "T0ISV") : json_array());
    json_object_set_new(object, "is_pending_ext_shared", json_boolean(pending));
    json_object_set_new(object, "pending_shared",
                        pending ? json_pack("[s]", "T0ISV") : json_array());
    if (im)
        json_object_set(object, "user", json_object_get(channel, "user"));
    else
        json_object_set(object, "name", json_object_get(channel, "name"));
    return object;
}

const char *api_conversations_info(struct api_call *call)
{
    json_t *channel;
    const char *error = find_channel(call, "read", &channel);
    if (error != NULL)
        return error;
    json_t *object = channel_object(channel);
    if (api_flag(call, "include_num_members"))
        json_object_set_new(
            object, "num_members",
            json_integer((json_int_t)json_array_size(json_object_get(channel, "members"))));
    json_object_set_new(call->reply, "channel", object);
    return NULL;
}

/* Put the part of ${all} that cursor and limit ask for under ${key}. */
static const char *page(struct api_call *call, const char *key, const json_t *all)
{
    json_t *part = json_array();
    const char *cursor = api_text(call, "cursor");
    size_t from = (size_t)strtoul(cursor, NULL, 10);
    int limit = api_number(call, "limit", 100);
    size_t size = json_array_size(all);
    if (limit < 1 || limit > 1000 || from > size) {
        json_decref(part);
        return from > size ? "invalid_cursor" : "invalid_limit";
    }
    size_t end = from + (size_t)limit < size ? from + (size_t)limit : size;
    for (size_t i = from; i < end; i++)
        json_array_append(part, json_array_get(all, i));
    json_object_set_new(call->reply, key, part);
    json_object_set_new(
        call->reply, "response_metadata",
        json_pack("{s:o}", "next_cursor", end < size ? json_sprintf("%zu", end) : json_string("")));
    return NULL;
}

const char *api_conversations_members(struct api_call *call)
{
    json_t *channel;
    const char *error = find_channel(call, "read", &channel);
    if (error != NULL)
        return error;
    json_t *members =
        org_ids(call->sandbox->workspace, "list_ids", json_object_get(channel, "members"));
    error = page(call, "members", members);
    json_decref(members);
    return error;
}

static json_t *history_message(const json_t *channel, const json_t *message, bool metadata)
{
    json_t *copy = workspace_outward(channel, message);
    if (!metadata && json_object_del(copy, "metadata") == 0)
        json_object_set_new(
            copy, "metadata",
            json_pack("{s:O}", "event_type",
                      json_object_get(json_object_get(message, "metadata"), "event_type")));
    return copy;
}

/* Is ${ts} between the arguments oldest and latest? Time stamps of one length compare as text. */
static bool in_range(const struct api_call *call, const char *ts)
{
    const char *oldest = api_text(call, "oldest");
    const char *latest = api_text(call, "latest");
    bool inclusive = api_flag(call, "inclusive");
    int after = *oldest != '\0' ? strcmp(ts, oldest) : 1;
    int before = *latest != '\0' ? strcmp(ts, latest) : -1;
    return (after > 0 || (inclusive && after == 0)) && (before < 0 || (inclusive && before == 0));
}

static bool is_broadcast(const json_t *message)
{
    return strcmp(workspace_text(message, "subtype"), "thread_broadcast") == 0;
}

static const char *messages(struct api_call *call, const json_t *channel, const char *thread)
{
    const json_t *all = json_object_get(channel, "messages");
    bool metadata = api_flag(call, "include_all_metadata");
    json_t *found = json_array();
    size_t size = json_array_size(all);
    if (!workspace_flag(channel, "bot_member")) {
        json_decref(found);
        return "not_in_channel";
    }
    for (size_t i = 0; i < size; i++) { /* a channel from its end, a thread from its beginning */
        const json_t *message = json_array_get(all, thread != NULL ? i : size - 1 - i);
        const char *ts = workspace_text(message, "ts");
        const char *of = workspace_text(message, "thread_ts");
        bool wanted = thread != NULL ? strcmp(ts, thread) == 0 || strcmp(of, thread) == 0
                                     : *of == '\0' || is_broadcast(message);
        if (wanted && in_range(call, ts))
            json_array_append_new(found, history_message(channel, message, metadata));
    }
    const char *error = page(call, "messages", found);
    const char *next =
        workspace_text(json_object_get(call->reply, "response_metadata"), "next_cursor");
    json_object_set_new(call->reply, "has_more", json_boolean(*next != '\0'));
    json_decref(found);
    return error;
}

const char *api_conversations_history(struct api_call *call)
{
    json_t *channel;
    const char *error = find_channel(call, "history", &channel);
    return error != NULL ? error : messages(call, channel, NULL);
}

const char *api_conversations_replies(struct api_call *call)
{
    json_t *channel;
    const char *ts = api_text(call, "ts");
    const char *error = find_channel(call, "history", &channel);
    if (error != NULL)
        return error;
    if (workspace_message(call->sandbox->workspace, workspace_text(channel, "id"), ts) == NULL)
        return "thread_not_found";
    return messages(call, channel, ts);
}

const char *api_conversations_join(struct api_call *call)
{
    json_t *channel = workspace_channel(call->sandbox->workspace, api_text(call, "channel"));
    if (channel == NULL)
        return "channel_not_found";
    if (workspace_flag(channel, "is_private") || workspace_flag(channel, "is_im"))
        return "method_not_supported_for_channel_type";
    if (workspace_flag(channel, "is_archived"))
        return "is_archived";
    if (!workspace_flag(channel, "bot_member"))
        workspace_invite_bot(call->sandbox->workspace, channel, true);
    json_object_set_new(call->reply, "channel", channel_object(channel));
    return NULL;
}

const char *api_conversations_open(struct api_call *call)
{
    struct workspace *workspace = call->sandbox->workspace;
    const char *users = api_text(call, "users");
    const char *known = api_text(call, "channel");
    json_t *channel = *known != '\0' ? workspace_channel(workspace, known) : NULL;
    if (*users == '\0' && *known == '\0')
        return api_missing(call, "users");
    if (strchr(users, ',') != NULL)
        return "too_many_users"; /* group messages do not exist here */
    if (channel == NULL)
        channel = workspace_dm(workspace, users);
    if (channel == NULL)
        return *known != '\0' ? "channel_not_found" : "user_not_found";
    const json_t *person = workspace_user(workspace, users);
    if (workspace_flag(person, "deleted"))
        return "user_disabled";
    if (*workspace_text(person, "unseen") != '\0')
        return workspace_text(person, "unseen");
    json_object_set_new(call->reply, "channel",
                        api_flag(call, "return_im")
                            ? channel_object(channel)
                            : json_pack("{s:s}", "id", workspace_text(channel, "id")));
    return NULL;
}

const char *api_users_conversations(struct api_call *call)
{
    const char *user = api_text(call, "user");
    json_t *found = json_array();
    const char *id;
    json_t *channel;
    json_object_foreach(call->sandbox->workspace->channels, id, channel)
    {
        bool member = *user != '\0' ? workspace_is_member(channel, user)
                                    : workspace_flag(channel, "bot_member");
        if (member && !workspace_flag(channel, "is_im"))
            json_array_append_new(found, channel_object(channel));
    }
    const char *error = page(call, "channels", found);
    json_decref(found);
    return error;
}
