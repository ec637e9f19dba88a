/* views.*: modals and the Home tab. */
#include <string.h>

#include "api.h"
#include "modal.h"
#include "parts.h"
#include "workspace.h"

static const char *read_view(struct api_call *call, enum blockkit_surface surface, json_t **view)
{
    const char *error;
    if (!api_json(call, "view", view))
        return "invalid_arguments";
    if (*view == NULL)
        return api_missing(call, "view");
    error = modal_check(*view, surface, &call->messages);
    const char *external = workspace_text(*view, "external_id");
    if (error == NULL && *external != '\0' && *api_text(call, "external_id") == '\0' &&
        *api_text(call, "view_id") == '\0' && modal_find_external(call->sandbox, external) != NULL)
        error = "duplicate_external_id";
    return error;
}

static const char *answer(struct api_call *call, const json_t *entry)
{
    json_object_set(call->reply, "view", json_object_get(entry, "view"));
    return NULL;
}

static const char *show(struct api_call *call, const json_t *view, bool push)
{
    const char *user;
    if (*api_text(call, "trigger_id") == '\0')
        return api_missing(call, "trigger_id");
    const char *error = modal_spend(call->sandbox, api_text(call, "trigger_id"), &user);
    if (error != NULL)
        return error;
    if (push && modal_top(call->sandbox, user) == NULL)
        return "invalid_trigger_id";
    const json_t *entry = modal_show(call->sandbox, user, view, push);
    return entry != NULL ? answer(call, entry) : "push_limit_reached";
}

const char *api_views_open(struct api_call *call)
{
    json_t *view = NULL;
    const char *error = read_view(call, BLOCKKIT_MODAL, &view);
    if (error == NULL)
        error = show(call, view, false);
    json_decref(view);
    return error;
}

const char *api_views_push(struct api_call *call)
{
    json_t *view = NULL;
    const char *error = read_view(call, BLOCKKIT_MODAL, &view);
    if (error == NULL)
        error = show(call, view, true);
    json_decref(view);
    return error;
}

/* The hash that the caller saw must still be the view's. */
static const char *check_hash(const struct api_call *call, const json_t *entry)
{
    const char *hash = api_text(call, "hash");
    const char *now = workspace_text(json_object_get(entry, "view"), "hash");
    return *hash == '\0' || entry == NULL || strcmp(hash, now) == 0 ? NULL : "hash_conflict";
}

const char *api_views_update(struct api_call *call)
{
    json_t *view = NULL;
    const char *id = api_text(call, "view_id");
    const char *external = api_text(call, "external_id");
    json_t *entry =
        *id != '\0' ? modal_find(call->sandbox, id) : modal_find_external(call->sandbox, external);
    if (*id == '\0' && *external == '\0')
        return api_missing(call, "view_id");
    const char *error = read_view(call, BLOCKKIT_MODAL, &view);
    if (error == NULL && entry == NULL)
        error = "not_found";
    if (error == NULL)
        error = check_hash(call, entry);
    if (error == NULL) {
        modal_replace(call->sandbox, entry, view);
        answer(call, entry);
    }
    json_decref(view);
    return error;
}

const char *api_views_publish(struct api_call *call)
{
    json_t *view = NULL;
    const struct workspace *workspace = call->sandbox->workspace;
    const char *user = api_text(call, "user_id");
    const json_t *person = workspace_user(workspace, user);
    if (person == NULL)
        return *user == '\0' ? api_missing(call, "user_id") : "user_not_found";
    user = workspace_text(person, "id");
    if (strcmp(workspace_text(person, "team_id"), WORKSPACE_TEAM) != 0)
        return "not_enabled"; /* people of other organisations have no Home tab of ours */
    const char *error = read_view(call, BLOCKKIT_HOME, &view);
    if (error == NULL)
        error = check_hash(call, modal_find(call->sandbox, workspace_text(workspace->homes, user)));
    if (error == NULL)
        answer(call, modal_home(call->sandbox, user, view));
    json_decref(view);
    return error;
}
