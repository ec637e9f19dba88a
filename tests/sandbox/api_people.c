/* users.info, usergroups.*: who people are, and who is in which group. */
#include <string.h>

#include "api.h"
#include "org.h"
#include "parts.h"
#include "switches.h"
#include "workspace.h"

/* What Slack says of members alone: nothing of it about strangers and people who left. */
static void add_flags(const json_t *user, json_t *object)
{
    json_object_set(object, "is_restricted", json_object_get(user, "is_restricted"));
    json_object_set_new(object, "is_ultra_restricted", json_false());
    json_object_set_new(object, "is_admin", json_false());
    const char *zone = workspace_text(user, "tz");
    json_object_set_new(object, "tz", json_string(*zone != '\0' ? zone : "Etc/UTC"));
}

const char *api_users_info(struct api_call *call)
{
    const struct workspace *workspace = call->sandbox->workspace;
    const char *id = api_text(call, "user");
    const json_t *user = workspace_user(workspace, id);
    if (*id == '\0')
        return api_missing(call, "user");
    if (user == NULL)
        return "user_not_found";
    if (*workspace_text(user, "unseen") != '\0')
        return workspace_text(user, "unseen");
    bool deleted = workspace_flag(user, "deleted");
    const char *name = workspace_text(user, "real_name");
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:{s:s, s:s, s:s}}", "id", id, "team_id",
                  workspace_text(user, "team_id"), "name", workspace_text(user, "name"),
                  "real_name", name, "deleted", (int)deleted, "is_bot",
                  (int)workspace_flag(user, "is_bot"), "profile", "real_name", name, "display_name",
                  workspace_text(user, "name"), "team", workspace_text(user, "team_id"));
    if (!org_has(workspace, user))
        json_object_set_new(object, "is_stranger", json_false()); /* we share a channel */
    else if (!deleted)
        add_flags(user, object);
    org_describe(workspace, user, id, object);
    json_object_set_new(call->reply, "user", object);
    return NULL;
}

/* Groups of people are for workspaces that pay. */
static const char *check_plan(const struct api_call *call)
{
    return switches_is(call->sandbox->workspace, "plan", "free") ? "plan_upgrade_required" : NULL;
}

const char *api_usergroups_list(struct api_call *call)
{
    const struct workspace *workspace = call->sandbox->workspace;
    json_t *list = json_array();
    const char *id;
    json_t *group;
    const char *error = check_plan(call);
    json_object_foreach(workspace->groups, id, group)
    {
        bool disabled = workspace_flag(group, "disabled");
        json_t *users = org_ids(workspace, "list_ids", json_object_get(group, "users"));
        json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:i}", "id", id, "team_id",
                                   WORKSPACE_TEAM, "handle", workspace_text(group, "handle"),
                                   "name", workspace_text(group, "name"), "is_usergroup", 1,
                                   "is_external", 0, "date_delete", disabled ? 1700000000 : 0,
                                   "user_count", (int)json_array_size(users));
        if (api_flag(call, "include_users"))
            json_object_set(object, "users", users);
        if (!disabled || api_flag(call, "include_disabled"))
            json_array_append(list, object);
        json_decref(object);
        json_decref(users);
    }
    json_object_set_new(call->reply, "usergroups", list);
    return error;
}

const char *api_usergroups_users_list(struct api_call *call)
{
    const struct workspace *workspace = call->sandbox->workspace;
    const char *id = api_text(call, "usergroup");
    const json_t *group = json_object_get(workspace->groups, id);
    const char *error = check_plan(call);
    if (error != NULL)
        return error;
    if (*id == '\0')
        return api_missing(call, "usergroup");
    if (group == NULL)
        return "no_such_subteam";
    json_t *users = org_ids(workspace, "list_ids", json_object_get(group, "users"));
    if (workspace_flag(group, "disabled") && !api_flag(call, "include_disabled")) {
        if (switches_is(workspace, "disabled_group", "no_such_subteam"))
            error = "no_such_subteam";
        else if (switches_is(workspace, "disabled_group", "empty"))
            json_array_clear(users);
    }
    json_object_set_new(call->reply, "users", users);
    return error;
}
