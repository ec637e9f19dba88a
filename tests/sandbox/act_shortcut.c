/* Shortcuts: the app's own entries in Slack's menus, for everywhere or for a message.
 * Shapes: docs.slack.dev/interactivity/implementing-shortcuts. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "modal.h"
#include "parts.h"
#include "response.h"
#include "workspace.h"

/* As the app's manifest has them; a name has at most 24 characters. */
struct shortcut {
    const char *type;
    const char *name;
    const char *callback_id;
};

static const struct shortcut shortcuts[] = {
    {"global", "New private offer", "new_offer"},
    {"message", "Make an offer of this", "offer_of_message"},
};

enum { SHORTCUTS = sizeof(shortcuts) / sizeof(shortcuts[0]) };

void act_shortcuts(json_t *state)
{
    json_t *list = json_array();
    for (size_t i = 0; i < SHORTCUTS; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "type", shortcuts[i].type, "name",
                                              shortcuts[i].name, "callback_id",
                                              shortcuts[i].callback_id));
    json_object_set_new(state, "shortcuts", list);
}

static const struct shortcut *find_shortcut(const char *callback_id)
{
    for (size_t i = 0; i < SHORTCUTS; i++)
        if (strcmp(shortcuts[i].callback_id, callback_id) == 0)
            return &shortcuts[i];
    return NULL;
}

static bool is_of_message(const struct shortcut *shortcut)
{
    return strcmp(shortcut->type, "message") == 0;
}

/* NULL, or why this person finds no such message: ephemerals have no menu of shortcuts. */
static const char *find_message(const struct workspace *workspace, const json_t *body,
                                const char *user, const json_t **channel, const json_t **message)
{
    *channel = workspace_channel(workspace, workspace_text(body, "channel"));
    if (*channel == NULL)
        return "no_such_channel";
    if (!workspace_is_member(*channel, user))
        return "not_in_channel";
    *message =
        workspace_message(workspace, workspace_text(body, "channel"), workspace_text(body, "ts"));
    return *message != NULL ? NULL : "no_such_message";
}

/* What both kinds carry; less than a click does. */
static json_t *payload_of(struct sandbox *sandbox, const struct shortcut *shortcut,
                          const char *user)
{
    bool of_message = is_of_message(shortcut);
    char trigger[MODAL_TRIGGER];
    char ts[WORKSPACE_TS];
    /* like clicks, they name the workspace of the app as team */
    json_t *payload =
        act_payload(sandbox, of_message ? "message_action" : "shortcut", user, WORKSPACE_TEAM);
    json_object_del(payload, "api_app_id");
    json_object_del(json_object_get(payload, "user"), of_message ? "username" : "name");
    modal_trigger(sandbox, user, trigger);
    workspace_ts(sandbox->workspace, ts);
    json_object_set_new(payload, "callback_id", json_string(shortcut->callback_id));
    json_object_set_new(payload, "trigger_id", json_string(trigger));
    json_object_set_new(payload, "action_ts", json_string(ts));
    return payload;
}

static void add_message(struct sandbox *sandbox, json_t *payload, const char *user,
                        const json_t *channel, const json_t *message)
{
    /* it may be anybody's message: what is answered replaces nothing */
    char *url = response_url(sandbox, user, workspace_text(channel, "id"), "", false);
    json_object_set_new(payload, "channel", act_channel(channel));
    json_object_set(payload, "message_ts", json_object_get(message, "ts"));
    json_object_set_new(payload, "message", workspace_outward(channel, message));
    json_object_set_new(payload, "response_url", json_string(url));
    free(url);
}

void act_shortcut(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    const struct shortcut *shortcut = find_shortcut(workspace_text(body, "callback_id"));
    const json_t *channel = NULL;
    const json_t *message = NULL;
    const char *error = NULL;
    if (user == NULL)
        return;
    if (shortcut == NULL)
        error = "no_such_shortcut";
    else if (is_of_message(shortcut))
        error = find_message(sandbox->workspace, body, user, &channel, &message);
    if (error != NULL) {
        act_refuse(exchange, error);
        return;
    }
    json_t *payload = payload_of(sandbox, shortcut, user);
    if (message != NULL)
        add_message(sandbox, payload, user, channel, message);
    act_send(act_new(sandbox, exchange, user), "interactive", payload, false,
             workspace_flag(body, "drop_ack"), act_done);
}
