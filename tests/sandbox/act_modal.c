/* What is done in a modal: sending it, closing it, typing into an external select. */
#include <stdlib.h>
#include <string.h>

#include "act.h"
#include "mem.h"
#include "modal.h"
#include "modal_values.h"
#include "parts.h"
#include "workspace.h"

static const char trouble[] = "We had some trouble connecting. Try again?";

/* The view that is meant: by id, or the user's top modal. NULL: the exchange is answered. */
static json_t *find_view(struct sandbox *sandbox, struct http_exchange *exchange,
                         const json_t *body, const char *user)
{
    const char *id = workspace_text(body, "view_id");
    json_t *entry = *id != '\0' ? modal_find(sandbox, id) : modal_top(sandbox, user);
    if (entry == NULL)
        act_refuse(exchange, "no_such_view");
    return entry;
}

static json_t *view_of(const json_t *entry)
{
    return json_object_get(entry, "view");
}

/* view_submission and view_closed name the person's own workspace as team. */
static json_t *view_payload(struct sandbox *sandbox, const char *type, const json_t *entry)
{
    const char *user = workspace_text(entry, "user");
    const json_t *person = workspace_user(sandbox->workspace, user);
    json_t *payload = act_payload(sandbox, type, user, workspace_text(person, "team_id"));
    json_object_set_new(payload, "view", json_deep_copy(view_of(entry)));
    return payload;
}

/* --- submitting --- */

/* The block with this id, or else with an element of this action id: an app that puts another
 * value into a field gives its block another id. */
static json_t *find_block(const json_t *view, const char *name, json_t **element)
{
    const json_t *blocks = json_object_get(view, "blocks");
    json_t *block = modal_values_block(blocks, name, NULL, element);
    return block != NULL ? block : modal_values_block(blocks, NULL, name, element);
}

int act_enter(json_t *entry, const json_t *wishes, struct err *err)
{
    json_t *view = view_of(entry);
    json_t *values = json_object_get(json_object_get(view, "state"), "values");
    const char *name;
    json_t *wish;
    json_object_foreach((json_t *)(uintptr_t)wishes, name, wish)
    {
        json_t *element;
        const json_t *block = find_block(view, name, &element);
        if (block == NULL)
            return err_set(err, "no_such_block: %s", name);
        const char *block_id = workspace_text(block, "block_id");
        json_t *states = json_object_get(values, block_id);
        const char *action_id = workspace_text(element, "action_id");
        json_t *state = modal_values_enter(
            element, wish, json_object_get(json_object_get(entry, "options"), block_id),
            json_object_get(states, action_id), err);
        if (state == NULL)
            return err_wrap(err, "%s", name);
        json_object_set_new(states, action_id, state);
    }
    return 0;
}

static void submit_done(void *ctx, const struct envelope_result *result)
{
    struct act *act = ctx;
    json_t *entry = modal_find(act->sandbox, act->view_id);
    json_t *more = json_object();
    if (entry != NULL && result->outcome != ENVELOPE_ACKED) {
        json_object_set_new(entry, "line", json_string(trouble));
    } else if (entry != NULL) {
        const char *refused = modal_answer(act->sandbox, entry, result->payload);
        if (refused != NULL)
            json_object_set_new(more, "refused", json_string(refused));
    }
    entry = modal_find(act->sandbox, act->view_id);
    json_object_set_new(more, "closed", json_boolean(entry == NULL));
    json_object_set_new(more, "view_id", json_string(act->view_id));
    if (entry != NULL)
        json_object_set(more, "errors", json_object_get(entry, "errors"));
    act_finish(act, result, more);
}

static void send_submission(struct sandbox *sandbox, struct http_exchange *exchange,
                            const json_t *body, const char *user, json_t *payload)
{
    struct act *act = act_new(sandbox, exchange, user);
    act->view_id = mem_copy(workspace_text(json_object_get(payload, "view"), "id"));
    act_send(act, "interactive", payload, true, workspace_flag(body, "drop_ack"), submit_done);
}

static json_t *submission(struct sandbox *sandbox, const json_t *entry)
{
    char trigger[MODAL_TRIGGER];
    json_t *payload = view_payload(sandbox, "view_submission", entry);
    modal_trigger(sandbox, workspace_text(entry, "user"), trigger);
    json_object_set_new(payload, "trigger_id", json_string(trigger));
    json_object_set_new(payload, "response_urls", json_array());
    return payload;
}

void act_submit(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    json_t *before = user != NULL ? json_object_get(sandbox->workspace->submitted, user) : NULL;
    struct err err;
    if (user == NULL)
        return;
    if (workspace_flag(body, "repeat")) {
        if (before == NULL)
            act_refuse(exchange, "nothing_submitted_yet");
        else
            send_submission(sandbox, exchange, body, user, json_deep_copy(before));
        return;
    }
    json_t *entry = find_view(sandbox, exchange, body, user);
    if (entry == NULL)
        return;
    if (act_enter(entry, json_object_get(body, "values"), &err) != 0) {
        act_refuse(exchange, err.text);
        return;
    }
    json_t *view = view_of(entry);
    json_t *invalid = modal_values_invalid(
        json_object_get(view, "blocks"), json_object_get(json_object_get(view, "state"), "values"));
    json_object_set_new(entry, "line", json_string(""));
    json_object_set_new(entry, "errors", invalid);
    if (json_object_size(invalid) > 0) {
        act_answer(exchange, json_pack("{s:b, s:s, s:O, s:b}", "ok", 1, "outcome", "invalid",
                                       "errors", invalid, "closed", 0));
        return;
    }
    json_t *payload = submission(sandbox, entry);
    json_object_set_new(sandbox->workspace->submitted, user, json_deep_copy(payload));
    send_submission(sandbox, exchange, body, user, payload);
}

/* --- options --- */

/* The options of an answer in one list; NULL with Slack's complaint. A new reference. */
static json_t *read_options(const json_t *payload, const char **wrong)
{
    const json_t *groups = json_object_get(payload, "option_groups");
    json_t *options = json_deep_copy(json_object_get(payload, "options"));
    size_t i;
    json_t *group;
    if (groups != NULL && options == NULL) {
        options = json_array();
        json_array_foreach(groups, i, group)
            json_array_extend(options, json_object_get(group, "options"));
    }
    /* the validator knows options within a select: put them into one */
    json_t *element = json_pack("{s:s, s:O*}", "type", "static_select", "options",
                                json_array_size(options) > 0 ? options : NULL);
    json_t *blocks = json_pack("[{s:s, s:[O]}]", "type", "actions", "elements", element);
    json_t *found = blockkit_check(blocks);
    *wrong = NULL;
    if (!json_is_array(options))
        *wrong = "neither options nor option_groups";
    else if (json_array_size(options) > 0 && json_array_size(found) > 0)
        *wrong = "options that Slack does not take";
    json_decref(found);
    json_decref(blocks);
    json_decref(element);
    if (*wrong != NULL) {
        json_decref(options);
        options = NULL;
    }
    return options;
}

/* What was suggested before may have been chosen: it stays known behind the new ones. */
static void remember_options(const json_t *entry, const char *block_id, const json_t *options)
{
    json_t *known = json_object_get(entry, "options");
    json_t *all = json_copy((json_t *)(uintptr_t)options);
    size_t i;
    json_t *earlier;
    json_array_foreach(json_object_get(known, block_id), i, earlier)
    {
        if (modal_values_option(all, workspace_text(earlier, "value")) == NULL)
            json_array_append(all, earlier);
    }
    json_object_set_new(known, block_id, all);
}

static void suggest_done(void *ctx, const struct envelope_result *result)
{
    struct act *act = ctx;
    json_t *entry = modal_find(act->sandbox, act->view_id);
    const char *wrong = NULL;
    json_t *options = NULL;
    json_t *more;
    if (result->outcome == ENVELOPE_ACKED)
        options = read_options(result->payload, &wrong);
    if (wrong != NULL)
        log_entry(
            act->sandbox, "complaint",
            json_pack("{s:s, s:s}", "what", "an answer to block_suggestion", "detail", wrong));
    if (entry != NULL && options != NULL)
        remember_options(entry, act->block_id, options);
    more = json_pack("{s:o}", "options", options != NULL ? options : json_array());
    if (wrong != NULL)
        json_object_set_new(more, "refused", json_string(wrong));
    act_finish(act, result, more);
}

/* What somebody sees who opens a list that is there already: nobody is asked. */
static void show_options(struct http_exchange *exchange, const json_t *element)
{
    act_answer(exchange, json_pack("{s:b, s:s, s:O?}", "ok", 1, "outcome", "acked", "options",
                                   json_object_get(element, "options")));
}

void act_suggest(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    const char *block_id = workspace_text(body, "block_id");
    const char *text = workspace_text(body, "text");
    json_t *element;
    json_t *entry = user != NULL ? find_view(sandbox, exchange, body, user) : NULL;
    if (entry == NULL)
        return;
    const json_t *blocks = json_object_get(view_of(entry), "blocks");
    bool found = modal_values_block(blocks, block_id, NULL, &element) != NULL;
    if (found && strcmp(workspace_text(element, "type"), "static_select") == 0) {
        show_options(exchange, element);
        return;
    }
    if (!found || strstr(workspace_text(element, "type"), "external_select") == NULL) {
        act_refuse(exchange, "no_external_select");
        return;
    }
    const json_t *least = json_object_get(element, "min_query_length");
    if (text_points(text) < (least != NULL ? (size_t)json_integer_value(least) : 3U)) {
        act_answer(exchange,
                   json_pack("{s:b, s:s, s:[]}", "ok", 1, "outcome", "too_short", "options"));
        return;
    }
    json_t *payload = act_payload(sandbox, "block_suggestion", user, WORKSPACE_TEAM);
    json_object_set_new(
        payload, "container",
        json_pack("{s:s, s:s}", "type", "view", "view_id", workspace_text(entry, "id")));
    json_object_set(payload, "action_id", json_object_get(element, "action_id"));
    json_object_set_new(payload, "block_id", json_string(block_id));
    json_object_set_new(payload, "value", json_string(text));
    json_object_set_new(payload, "view", json_deep_copy(view_of(entry)));
    struct act *act = act_new(sandbox, exchange, user);
    act->view_id = mem_copy(workspace_text(entry, "id"));
    act->block_id = mem_copy(block_id);
    act_send(act, "interactive", payload, true, workspace_flag(body, "drop_ack"), suggest_done);
}

/* --- closing --- */

static void close_done(void *ctx, const struct envelope_result *result)
{
    act_finish(ctx, result, json_pack("{s:b}", "closed", 1));
}

void act_close(struct sandbox *sandbox, struct http_exchange *exchange, const json_t *body)
{
    const char *user = act_user(sandbox, exchange, body);
    json_t *entry = user != NULL ? find_view(sandbox, exchange, body, user) : NULL;
    bool all = workspace_flag(body, "all");
    json_t *payload = NULL;
    if (entry == NULL)
        return;
    if (all) {
        json_t *root = modal_find(sandbox, workspace_text(view_of(entry), "root_view_id"));
        entry = root != NULL ? root : entry;
    }
    if (workspace_flag(view_of(entry), "notify_on_close")) {
        payload = view_payload(sandbox, "view_closed", entry);
        json_object_set_new(payload, "is_cleared", json_boolean(all));
        if (all)
            json_object_set_new(json_object_get(payload, "view"), "state",
                                json_pack("{s:{}}", "values"));
    }
    modal_close(sandbox, entry, all || workspace_flag(view_of(entry), "clear_on_close"));
    if (payload == NULL)
        act_answer(exchange,
                   json_pack("{s:b, s:s, s:b}", "ok", 1, "outcome", "closed", "closed", 1));
    else
        act_send(act_new(sandbox, exchange, user), "interactive", payload, false,
                 workspace_flag(body, "drop_ack"), close_done);
}
