#include "act.h"

#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "mem.h"
#include "modal.h"
#include "org.h"
#include "parts.h"
#include "response.h"
#include "workspace.h"

/* --- shared --- */

struct act *act_new(struct sandbox *sandbox, struct http_exchange *exchange, const char *user)
{
    struct act *act = mem_new(1, sizeof(*act));
    act->sandbox = sandbox;
    act->exchange = exchange;
    act->user = mem_copy(user);
    act->timed_out = "timeout";
    return act;
}

static void act_free(struct act *act)
{
    free(act->user);
    free(act->channel);
    free(act->view_id);
    free(act->block_id);
    free(act);
}

void act_send(struct act *act, const char *type, json_t *payload, bool accepts, bool drop_ack,
              envelope_done *done)
{
    envelope_send(link_envelopes(act->sandbox->link), type, payload, accepts, drop_ack, done, act);
}

void act_answer(struct http_exchange *exchange, json_t *body)
{
    struct sb_reply reply = {0};
    sandbox_reply_json(&reply, 200, body);
    http_reply(exchange, &reply);
}

void act_refuse(struct http_exchange *exchange, const char *error)
{
    act_answer(exchange, json_pack("{s:b, s:s}", "ok", 0, "error", error));
}

static const char *outcome_name(const struct act *act, enum envelope_outcome outcome)
{
    switch (outcome) {
    case ENVELOPE_ACKED:
        return "acked";
    case ENVELOPE_TIMED_OUT:
        return act->timed_out;
    case ENVELOPE_NO_SOCKET:
        break;
    }
    return "dispatch_failed";
}

void act_finish(struct act *act, const struct envelope_result *result, json_t *more)
{
    json_t *body = json_pack("{s:b, s:s, s:O?, s:s, s:I, s:I}", "ok", 1, "outcome",
                             outcome_name(act, result->outcome), "ack", result->payload,
                             "envelope_id", result->envelope_id, "ms", (json_int_t)result->ms,
                             "bytes", (json_int_t)result->bytes);
    if (more != NULL)
        json_object_update(body, more);
    json_decref(more);
    act_answer(act->exchange, body);
    act_free(act);
}

void act_done(void *ctx, const struct envelope_result *result)
{
    act_finish(ctx, result, NULL);
}

const char *act_user(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *id = workspace_text(body, "user");
    const json_t *user = workspace_user(sandbox->workspace, id);
    if (user == NULL || workspace_flag(user, "deleted")) {
        act_refuse(exchange, user == NULL ? "no_such_user" : "user_deleted");
        return NULL;
    }
    return workspace_text(user, "id");
}

static json_t *act_team(const struct sandbox *sandbox, const char *id)
{
    bool ours = strcmp(id, WORKSPACE_TEAM) == 0;
    bool sister = strcmp(id, ORG_SISTER) == 0;
    json_t *team = json_pack("{s:s, s:s}", "id", id, "domain",
                             ours     ? "partner"
                             : sister ? "sister"
                                      : "reservedai");
    if (org_is_on(sandbox->workspace) && (ours || sister))
        json_object_update_new(team, json_pack("{s:s, s:s}", "enterprise_id", ORG_ENTERPRISE,
                                               "enterprise_name", "Partner Group"));
    return team;
}

json_t *act_payload(struct sandbox *sandbox, const char *type, const char *user, const char *team)
{
    const json_t *person = workspace_user(sandbox->workspace, user);
    char id[ORG_ID];
    json_t *enterprise =
        org_is_on(sandbox->workspace)
            ? json_pack("{s:s, s:s}", "id", ORG_ENTERPRISE, "name", "Partner Group")
            : json_null();
    return json_pack(
        "{s:s, s:o, s:{s:s, s:s, s:s, s:s}, s:s, s:s, s:b, s:o}", "type", type, "team",
        act_team(sandbox, team), "user", "id", org_id(sandbox->workspace, "click_ids", user, id),
        "username", workspace_text(person, "name"), "name", workspace_text(person, "name"),
        "team_id", workspace_text(person, "team_id"), "api_app_id", sandbox->workspace->app.id,
        "token", "sandbox-verification", "is_enterprise_install", 0, "enterprise", enterprise);
}

json_t *act_channel(const json_t *channel)
{
    return json_pack("{s:s, s:s}", "id", workspace_text(channel, "id"), "name",
                     workspace_flag(channel, "is_im") ? "directmessage"
                                                      : workspace_text(channel, "name"));
}

/* --- slash commands --- */

/* Slack escapes these three, and nothing else. */
static json_t *escaped(const char *text)
{
    struct text out = {0};
    for (; *text != '\0'; text++) {
        if (*text == '&')
            text_add(&out, "&amp;");
        else if (*text == '<')
            text_add(&out, "&lt;");
        else if (*text == '>')
            text_add(&out, "&gt;");
        else
            text_add_bytes(&out, text, 1);
    }
    json_t *value = json_stringn(text_get(&out), out.size);
    text_free(&out);
    return value;
}

static json_t *command_payload(struct sandbox *sandbox, const char *user, const json_t *channel,
                               const char *text)
{
    size_t name = strcspn(text, " ");
    const char *id = workspace_text(channel, "id");
    const char *rest = text + name + strspn(text + name, " ");
    char trigger[MODAL_TRIGGER];
    char *url = response_url(sandbox, user, id, "", false);
    const char *channel_name = workspace_flag(channel, "is_im")        ? "directmessage"
                               : workspace_flag(channel, "is_private") ? "privategroup"
                                                                       : NULL;
    char actor[ORG_ID];
    modal_trigger(sandbox, user, trigger);
    json_t *payload = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "token",
        "sandbox-verification", "team_id", WORKSPACE_TEAM, "team_domain", "partner", "channel_id",
        id, "channel_name", channel_name != NULL ? channel_name : workspace_text(channel, "name"),
        "user_id", org_id(sandbox->workspace, "click_ids", user, actor), "user_name",
        workspace_text(workspace_user(sandbox->workspace, user), "name"), "command",
        json_stringn(text, name), "text", escaped(rest), "api_app_id", sandbox->workspace->app.id,
        "is_enterprise_install", "false", "response_url", url, "trigger_id", trigger);
    if (org_is_on(sandbox->workspace))
        json_object_update_new(payload, json_pack("{s:s, s:s}", "enterprise_id", ORG_ENTERPRISE,
                                                  "enterprise_name", "Partner Group"));
    free(url);
    return payload;
}

static void command_done(void *ctx, const struct envelope_result *result)
{
    struct act *act = ctx;
    struct sandbox *sandbox = act->sandbox;
    json_t *more = NULL;
    if (result->outcome == ENVELOPE_ACKED) {
        if (json_object_size(result->payload) > 0) {
            const char *error = response_show(sandbox, act->user, act->channel, result->payload);
            if (error != NULL) {
                more = json_pack("{s:s}", "refused", error);
                log_entry(sandbox, "complaint",
                          json_pack("{s:s, s:s}", "what", "a command's answer that cannot be shown",
                                    "detail", error));
            }
        }
    } else {
        char *text = text_format("/cppo failed with the error \"%s\"",
                                 result->outcome == ENVELOPE_TIMED_OUT ? "operation_timeout"
                                                                       : "dispatch_failed");
        workspace_slackbot(sandbox, act->user, act->channel, text);
        free(text);
    }
    act_finish(act, result, more);
}

void act_command(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    const char *id = workspace_text(body, "channel");
    const char *text = workspace_text(body, "text");
    const json_t *channel = workspace_channel(sandbox->workspace, *id != '\0' ? id : "C0DEALDESK");
    if (user == NULL)
        return;
    if (strcmp(workspace_text(workspace_user(sandbox->workspace, user), "team_id"),
               WORKSPACE_TEAM) != 0) {
        act_refuse(exchange, "not_a_member"); /* only members of the workspace have commands */
    } else if (channel == NULL) {
        act_refuse(exchange, "no_such_channel");
    } else if (strncmp(text, "/cppo", 5) != 0 || (text[5] != '\0' && text[5] != ' ')) {
        act_refuse(exchange, "no_such_command");
    } else {
        struct act *act = act_new(sandbox, exchange, user);
        act->channel = mem_copy(workspace_text(channel, "id"));
        act->timed_out = "operation_timeout";
        act_send(act, "slash_commands", command_payload(sandbox, user, channel, text), true,
                 workspace_flag(body, "drop_ack"), command_done);
    }
}

/* --- opening the Home tab --- */

void act_home(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    char event_id[12] = "Ev";
    char ts[WORKSPACE_TS];
    if (user == NULL)
        return;
    char actor[ORG_ID];
    const json_t *dm = workspace_dm(sandbox->workspace, user);
    const json_t *home = modal_find(sandbox, workspace_text(sandbox->workspace->homes, user));
    sandbox_random_id(event_id + 2, sizeof(event_id) - 2);
    workspace_ts(sandbox->workspace, ts);
    json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "app_home_opened", "user",
                              org_id(sandbox->workspace, "click_ids", user, actor), "channel",
                              workspace_text(dm, "id"), "tab", "home", "event_ts", ts);
    if (home != NULL)
        json_object_set(event, "view", json_object_get(home, "view"));
    json_t *payload = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:b, s:o, s:[{s:n, s:s, s:s, s:b, s:b}]}", "token",
        "sandbox-verification", "team_id", WORKSPACE_TEAM, "context_team_id", WORKSPACE_TEAM,
        "api_app_id", sandbox->workspace->app.id, "type", "event_callback", "event_id", event_id,
        "event_time", (json_int_t)(sandbox_now_ms() / 1000), "is_ext_shared_channel", 0, "event",
        event, "authorizations", "enterprise_id", "team_id", WORKSPACE_TEAM, "user_id",
        sandbox->workspace->app.user, "is_bot", 1, "is_enterprise_install", 0);
    act_send(act_new(sandbox, exchange, user), "events_api", payload, false,
             workspace_flag(body, "drop_ack"), act_done);
}

/* --- any envelope, and the same again --- */

void act_deliver(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *type = workspace_text(body, "type");
    json_t *payload = json_object_get(body, "payload");
    if (*type == '\0' || payload == NULL)
        act_refuse(exchange, "type and payload are needed");
    else
        act_send(act_new(sandbox, exchange, ""), type, json_deep_copy(payload), false,
                 workspace_flag(body, "drop_ack"), act_done);
}

void act_redeliver(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    struct act *act = act_new(sandbox, exchange, "");
    if (envelope_redeliver(link_envelopes(sandbox->link), workspace_text(body, "envelope_id"),
                           act_done, act))
        return;
    act_free(act);
    act_refuse(exchange, "no_such_envelope");
}
