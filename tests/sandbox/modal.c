#include "modal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modal_values.h"
#include "parts.h"
#include "workspace.h"

enum { TRIGGER_MS = 3000, MAX_VIEW_BYTES = 250000, MAX_TRIGGERS = 500 };

static const char general_error[] = "We had some trouble connecting. Try again?";

/* --- triggers --- */

void modal_trigger(struct sandbox *sandbox, const char *user, char trigger[MODAL_TRIGGER])
{
    json_t *triggers = sandbox->workspace->triggers;
    char random[25];
    sandbox_random_id(random, sizeof(random));
    snprintf(trigger, MODAL_TRIGGER, "%" PRId64 ".%s.%s", sandbox_now_ms(), "70010020030", random);
    if (json_object_size(triggers) > MAX_TRIGGERS)
        json_object_del(triggers, json_object_iter_key(json_object_iter(triggers)));
    json_object_set_new(triggers, trigger,
                        json_pack("{s:s, s:I, s:b}", "user", user, "at",
                                  (json_int_t)sandbox_monotonic_ms(), "used", 0));
}

const char *modal_spend(struct sandbox *sandbox, const char *trigger, const char **user)
{
    json_t *known = json_object_get(sandbox->workspace->triggers, trigger);
    if (known == NULL)
        return "invalid_trigger_id";
    if (workspace_flag(known, "used"))
        return "exchanged_trigger_id";
    if (sandbox_monotonic_ms() - json_integer_value(json_object_get(known, "at")) > TRIGGER_MS)
        return "expired_trigger_id";
    json_object_set_new(known, "used", json_true());
    *user = workspace_text(known, "user");
    return NULL;
}

/* --- making --- */

const char *modal_check(const json_t *view, enum blockkit_surface surface, json_t **messages)
{
    size_t bytes = json_dumpb(view, NULL, 0, JSON_COMPACT);
    *messages = NULL;
    if (bytes > MAX_VIEW_BYTES)
        return "view_too_large";
    *messages = blockkit_check_view(view, surface);
    if (json_array_size(*messages) > 0)
        return "invalid_arguments";
    json_decref(*messages);
    *messages = NULL;
    return NULL;
}

static void new_hash(json_t *wire)
{
    char random[9];
    sandbox_random_id(random, sizeof(random));
    json_object_set_new(wire, "hash", json_sprintf("%" PRId64 ".%s", sandbox_now_ms(), random));
}

/* The view as Slack sends it, from the one the app gave. */
static json_t *wire_view(const struct app *app, const char *id, const json_t *view,
                         const json_t *old_values)
{
    json_t *wire = json_pack(
        "{s:s, s:s, s:s, s:[], s:s, s:s, s:{}, s:n, s:b, s:b, s:n, s:n, s:n, s:s, s:s, s:s, s:s, "
        "s:s}",
        "id", id, "team_id", WORKSPACE_TEAM, "type", "modal", "blocks", "private_metadata", "",
        "callback_id", "", "state", "title", "clear_on_close", 0, "notify_on_close", 0, "close",
        "submit", "previous_view_id", "root_view_id", id, "app_id", app->id, "external_id", "",
        "app_installed_team_id", WORKSPACE_TEAM, "bot_id", app->bot_id);
    json_t *copy = json_deep_copy(view);
    json_object_update(wire, copy);
    json_decref(copy);
    json_t *blocks = json_object_get(wire, "blocks");
    blockkit_fill_ids(blocks);
    json_object_set_new(wire, "state",
                        json_pack("{s:o}", "values", modal_values_of(blocks, old_values)));
    new_hash(wire);
    return wire;
}

static void tell(struct sandbox *sandbox, const char *kind, const json_t *entry, const char *how)
{
    const json_t *wire = json_object_get(entry, "view");
    log_entry(sandbox, kind,
              json_pack("{s:s, s:s, s:s, s:s, s:s}", "view_id", workspace_text(entry, "id"), "user",
                        workspace_text(entry, "user"), "callback_id",
                        workspace_text(wire, "callback_id"), "type", workspace_text(wire, "type"),
                        "how", how));
}

static json_t *new_entry(struct sandbox *sandbox, const char *user, const json_t *view)
{
    char id[12] = "V0";
    sandbox_random_id(id + 2, sizeof(id) - 2);
    json_t *entry = json_pack("{s:s, s:s, s:o, s:{}, s:s, s:{}}", "id", id, "user", user, "view",
                              wire_view(&sandbox->workspace->app, id, view, NULL), "errors", "line",
                              "", "options");
    json_object_set_new(sandbox->workspace->views, id, entry);
    return entry;
}

static json_t *stack_of(const struct sandbox *sandbox, const char *user)
{
    json_t *stacks = sandbox->workspace->stacks;
    json_t *stack = json_object_get(stacks, user);
    if (stack == NULL) {
        stack = json_array();
        json_object_set_new(stacks, user, stack);
    }
    return stack;
}

json_t *modal_top(const struct sandbox *sandbox, const char *user)
{
    json_t *stack = json_object_get(sandbox->workspace->stacks, user);
    size_t size = json_array_size(stack);
    return size > 0 ? modal_find(sandbox, json_string_value(json_array_get(stack, size - 1)))
                    : NULL;
}

json_t *modal_show(struct sandbox *sandbox, const char *user, const json_t *view, bool push)
{
    json_t *stack = stack_of(sandbox, user);
    json_t *top = modal_top(sandbox, user);
    if (!push && top != NULL)
        modal_close(sandbox, top, true);
    if (json_array_size(stack) >= MODAL_MAX_STACKED)
        return NULL;
    json_t *entry = new_entry(sandbox, user, view);
    json_t *wire = json_object_get(entry, "view");
    if (json_array_size(stack) > 0) {
        json_object_set_new(wire, "previous_view_id", json_string(workspace_text(top, "id")));
        json_object_set(wire, "root_view_id", json_array_get(stack, 0));
    }
    json_array_append(stack, json_object_get(entry, "id"));
    tell(sandbox, "view.opened", entry, push ? "pushed" : "opened");
    return entry;
}

void modal_replace(struct sandbox *sandbox, json_t *entry, const json_t *view)
{
    static const char *const kept[] = {"previous_view_id", "root_view_id"};
    json_t *old = json_object_get(entry, "view");
    json_t *wire = wire_view(&sandbox->workspace->app, workspace_text(entry, "id"), view,
                             json_object_get(json_object_get(old, "state"), "values"));
    for (size_t i = 0; i < 2; i++)
        json_object_set(wire, kept[i], json_object_get(old, kept[i]));
    json_object_set_new(entry, "view", wire);
    json_object_set_new(entry, "errors", json_object());
    json_object_set_new(entry, "line", json_string(""));
    tell(sandbox, "view.updated", entry, "updated");
}

json_t *modal_home(struct sandbox *sandbox, const char *user, const json_t *view)
{
    const char *id = workspace_text(sandbox->workspace->homes, user);
    json_t *entry = modal_find(sandbox, id);
    if (entry != NULL) {
        modal_replace(sandbox, entry, view);
        return entry;
    }
    entry = new_entry(sandbox, user, view);
    json_object_set(sandbox->workspace->homes, user, json_object_get(entry, "id"));
    tell(sandbox, "view.opened", entry, "published");
    return entry;
}

/* --- finding and closing --- */

json_t *modal_find(const struct sandbox *sandbox, const char *id)
{
    return json_object_get(sandbox->workspace->views, id);
}

json_t *modal_find_external(const struct sandbox *sandbox, const char *external_id)
{
    const char *id;
    json_t *entry;
    json_object_foreach(sandbox->workspace->views, id, entry)
    {
        if (strcmp(workspace_text(json_object_get(entry, "view"), "external_id"), external_id) == 0)
            return entry;
    }
    return NULL;
}

void modal_close(struct sandbox *sandbox, json_t *entry, bool all)
{
    json_t *stack = stack_of(sandbox, workspace_text(entry, "user"));
    json_incref(entry);
    for (size_t i = json_array_size(stack); i-- > 0;) {
        const char *id = json_string_value(json_array_get(stack, i));
        json_t *each = modal_find(sandbox, id);
        if (!all && each != entry)
            continue;
        tell(sandbox, "view.closed", each, all ? "cleared" : "closed");
        json_object_del(sandbox->workspace->views, id);
        json_array_remove(stack, i);
    }
    json_decref(entry);
}

/* --- answers to submissions --- */

static const char *show_general(struct sandbox *sandbox, json_t *entry, const char *why)
{
    json_object_set_new(entry, "line", json_string(general_error));
    log_entry(sandbox, "complaint",
              json_pack("{s:s, s:s}", "what", "a submission's answer that cannot be used", "detail",
                        why));
    return why;
}

static const char *answer_errors(struct sandbox *sandbox, json_t *entry, const json_t *errors)
{
    const json_t *blocks = json_object_get(json_object_get(entry, "view"), "blocks");
    const char *block_id;
    json_t *text;
    json_t *element;
    if (!json_is_object(errors) || json_object_size(errors) == 0)
        return show_general(sandbox, entry, "errors must be an object that is not empty");
    json_object_foreach((json_t *)(uintptr_t)errors, block_id, text)
    {
        const json_t *block = modal_values_block(blocks, block_id, NULL, &element);
        if (block == NULL || strcmp(workspace_text(block, "type"), "input") != 0)
            return show_general(sandbox, entry, "errors names what is not an input block");
        if (!json_is_string(text) || *json_string_value(text) == '\0')
            return show_general(sandbox, entry, "an error must be a text");
    }
    json_object_set_new(entry, "errors", json_deep_copy(errors));
    tell(sandbox, "view.updated", entry, "errors");
    return NULL;
}

static const char *answer_view(struct sandbox *sandbox, json_t *entry, const json_t *view,
                               bool push)
{
    json_t *messages;
    const char *error = modal_check(view, BLOCKKIT_MODAL, &messages);
    if (error != NULL) {
        log_entry(sandbox, "complaint",
                  json_pack("{s:s, s:s, s:o*}", "what", "an invalid view", "error", error,
                            "messages", messages));
        return show_general(sandbox, entry, error);
    }
    if (!push)
        modal_replace(sandbox, entry, view);
    else if (modal_show(sandbox, workspace_text(entry, "user"), view, true) == NULL)
        return show_general(sandbox, entry, "push_limit_reached");
    return NULL;
}

const char *modal_answer(struct sandbox *sandbox, json_t *entry, const json_t *payload)
{
    const json_t *action = json_object_get(payload, "response_action");
    const char *name = workspace_text(payload, "response_action");
    if (payload != NULL && !json_is_object(payload))
        return show_general(sandbox, entry, "the payload is not an object");
    if (action == NULL) {
        if (json_object_size(payload) > 0)
            return show_general(sandbox, entry, "a payload without response_action");
        modal_close(sandbox, entry, false);
        return NULL;
    }
    if (strcmp(name, "errors") == 0)
        return answer_errors(sandbox, entry, json_object_get(payload, "errors"));
    if (strcmp(name, "update") == 0 || strcmp(name, "push") == 0)
        return answer_view(sandbox, entry, json_object_get(payload, "view"),
                           strcmp(name, "push") == 0);
    if (strcmp(name, "clear") == 0) {
        modal_close(sandbox, entry, true);
        return NULL;
    }
    return show_general(sandbox, entry, "an unknown response_action");
}

/* --- what there is to see --- */

/* {block_id: text} of what stands in the inputs, for tests and the page. */
static json_t *plain_values(const json_t *entry)
{
    const json_t *values =
        json_object_get(json_object_get(json_object_get(entry, "view"), "state"), "values");
    json_t *plain = json_object();
    const char *block_id;
    json_t *states;
    json_object_foreach((json_t *)(uintptr_t)values, block_id, states)
    {
        char *text = modal_values_plain(json_object_iter_value(json_object_iter(states)));
        json_object_set_new(plain, block_id, json_string(text));
        free(text);
    }
    return plain;
}

static json_t *shown(const json_t *entry)
{
    return json_pack("{s:O, s:O, s:O, s:o, s:O, s:O, s:O}", "id", json_object_get(entry, "id"),
                     "user", json_object_get(entry, "user"), "view", json_object_get(entry, "view"),
                     "values", plain_values(entry), "errors", json_object_get(entry, "errors"),
                     "line", json_object_get(entry, "line"), "options",
                     json_object_get(entry, "options"));
}

void modal_state(const struct sandbox *sandbox, json_t *state)
{
    const struct workspace *workspace = sandbox->workspace;
    json_t *views = json_object();
    const char *user;
    json_t *person;
    json_object_foreach(workspace->users, user, person)
    {
        json_t *stack = json_array();
        json_t *home = modal_find(sandbox, workspace_text(workspace->homes, user));
        size_t i;
        json_t *id;
        json_array_foreach(json_object_get(workspace->stacks, user), i, id)
            json_array_append_new(stack, shown(modal_find(sandbox, json_string_value(id))));
        json_object_set_new(views, user,
                            json_pack("{s:o, s:o}", "stack", stack, "home",
                                      home != NULL ? shown(home) : json_null()));
    }
    json_object_set_new(state, "views", views);
}
