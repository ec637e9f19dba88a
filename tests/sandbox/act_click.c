/* Clicks on buttons, choices in selects: block_actions. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "mem.h"
#include "modal.h"
#include "modal_values.h"
#include "parts.h"
#include "response.h"
#include "workspace.h"

/* What is clicked on. */
struct target {
    json_t *message; /* or */
    json_t *entry;   /* a view's */
    json_t *block;
    json_t *element;
    const char *channel;
    const char *ts;
    bool ephemeral;
};

static const char *text_or_null(const json_t *body, const char *key)
{
    return json_string_value(json_object_get(body, key));
}

/* The element as it stood in the newest version of the message that had it: a screen may lag behind
 * what the app has changed. */
static json_t *find_earlier(const json_t *message, const json_t *body, json_t **element)
{
    const json_t *versions = json_object_get(message, "versions");
    for (size_t i = json_array_size(versions); i > 0; i--) {
        const json_t *blocks = json_object_get(json_array_get(versions, i - 1), "blocks");
        json_t *block = modal_values_block(blocks, text_or_null(body, "block_id"),
                                           text_or_null(body, "action_id"), element);
        if (block != NULL)
            return block;
    }
    return NULL;
}

static const char *find_target(struct sandbox *sandbox, const json_t *body, const char *user,
                               struct target *target)
{
    const char *view_id = text_or_null(body, "view_id");
    const json_t *blocks;
    *target = (struct target){.channel = workspace_text(body, "channel"),
                              .ts = workspace_text(body, "ts")};
    if (view_id != NULL) {
        target->entry = modal_find(sandbox, view_id);
        if (target->entry == NULL)
            return "no_such_view";
        blocks = json_object_get(json_object_get(target->entry, "view"), "blocks");
    } else {
        target->message = workspace_message(sandbox->workspace, target->channel, target->ts);
        if (target->message == NULL) {
            target->message = workspace_ephemeral(sandbox->workspace, user, target->ts);
            target->ephemeral = target->message != NULL;
        }
        if (target->message == NULL)
            return "no_such_message";
        if (target->ephemeral)
            target->channel = workspace_text(target->message, "channel");
        blocks = json_object_get(target->message, "blocks");
    }
    target->block = modal_values_block(blocks, text_or_null(body, "block_id"),
                                       text_or_null(body, "action_id"), &target->element);
    if (target->block == NULL && workspace_flag(body, "late"))
        target->block = find_earlier(target->message, body, &target->element);
    if (target->block == NULL)
        return "no_such_element";
    bool input = strcmp(workspace_text(target->block, "type"), "input") == 0;
    return input && !workspace_flag(target->block, "dispatch_action") ? "not_dispatched" : NULL;
}

/* The entry of actions[]; ${value} overrides a button's own, which is how tests forge. NULL with an
 * error. */
static json_t *action_of(struct sandbox *sandbox, const struct target *target, const json_t *value,
                         struct err *err)
{
    static const char *const copied[] = {"text", "value", "style", "confirm", "url", "placeholder"};
    const char *type = workspace_text(target->element, "type");
    char ts[WORKSPACE_TS];
    json_t *action;
    workspace_ts(sandbox->workspace, ts);
    if (strcmp(type, "button") == 0) {
        action = json_pack("{s:s}", "type", type);
        for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
            if (json_object_get(target->element, copied[i]) != NULL)
                json_object_set(action, copied[i], json_object_get(target->element, copied[i]));
        if (json_is_string(value))
            json_object_set(action, "value", (json_t *)(uintptr_t)value);
    } else {
        const json_t *options = json_object_get(json_object_get(target->entry, "options"),
                                                workspace_text(target->block, "block_id"));
        action = modal_values_enter(target->element, value, options, NULL, err);
        if (action == NULL)
            return NULL;
    }
    json_object_set(action, "block_id", json_object_get(target->block, "block_id"));
    json_object_set(action, "action_id", json_object_get(target->element, "action_id"));
    json_object_set_new(action, "action_ts", json_string(ts));
    return action;
}

/* A choice in a view is part of what stands in it from now on. */
static void remember_choice(const struct target *target, const json_t *action)
{
    static const char *const not_state[] = {"block_id", "action_id", "action_ts"};
    json_t *state = json_object_get(json_object_get(target->entry, "view"), "state");
    json_t *values = json_object_get(json_object_get(state, "values"),
                                     workspace_text(target->block, "block_id"));
    if (json_object_get(values, workspace_text(target->element, "action_id")) == NULL)
        return;
    json_t *chosen = json_copy((json_t *)(uintptr_t)action);
    for (size_t i = 0; i < 3; i++)
        json_object_del(chosen, not_state[i]);
    json_object_set_new(values, workspace_text(target->element, "action_id"), chosen);
}

static void add_message(struct sandbox *sandbox, json_t *payload, const char *user,
                        const struct target *target)
{
    const json_t *channel = workspace_channel(sandbox->workspace, target->channel);
    char *url = response_url(sandbox, user, target->channel, target->ts, target->ephemeral);
    json_object_set_new(payload, "container",
                        json_pack("{s:s, s:s, s:s, s:b}", "type", "message", "message_ts",
                                  target->ts, "channel_id", target->channel, "is_ephemeral",
                                  (int)target->ephemeral));
    if (*workspace_text(target->message, "thread_ts") != '\0')
        json_object_set(json_object_get(payload, "container"), "thread_ts",
                        json_object_get(target->message, "thread_ts"));
    json_object_set_new(payload, "channel", act_channel(channel));
    if (!target->ephemeral)
        json_object_set_new(payload, "message", workspace_outward(channel, target->message));
    json_object_set_new(payload, "state", json_pack("{s:{}}", "values"));
    json_object_set_new(payload, "response_url", json_string(url));
    free(url);
}

void act_click(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    struct target target;
    struct err err;
    char trigger[MODAL_TRIGGER];
    if (user == NULL)
        return;
    const char *error = find_target(sandbox, body, user, &target);
    if (error == NULL && target.message != NULL &&
        !app_wrote(&sandbox->workspace->app, target.message))
        error = "app_is_gone"; /* its buttons stay, and nobody answers them */
    if (error == NULL && target.entry != NULL &&
        act_enter(target.entry, json_object_get(body, "values"), &err) != 0)
        error = err.text;
    if (error != NULL) {
        act_refuse(exchange, error);
        return;
    }
    json_t *action = action_of(sandbox, &target, json_object_get(body, "value"), &err);
    if (action == NULL) {
        act_refuse(exchange, err.text);
        return;
    }
    /* block_actions name the workspace of the app as team, whoever clicks */
    json_t *payload = act_payload(sandbox, "block_actions", user, WORKSPACE_TEAM);
    modal_trigger(sandbox, user, trigger);
    json_object_set_new(payload, "trigger_id", json_string(trigger));
    json_object_set_new(payload, "actions", json_pack("[O]", action));
    if (target.entry != NULL) {
        remember_choice(&target, action);
        json_object_set_new(
            payload, "container",
            json_pack("{s:s, s:s}", "type", "view", "view_id", workspace_text(target.entry, "id")));
        json_object_set_new(payload, "view", json_deep_copy(json_object_get(target.entry, "view")));
    } else {
        add_message(sandbox, payload, user, &target);
    }
    json_decref(action);
    act_send(act_new(sandbox, exchange, user), "interactive", payload, false,
             workspace_flag(body, "drop_ack"), act_done);
}
