#include "org.h"

#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "switches.h"
#include "workspace.h"

static const struct {
    const char *id;
    const char *name;
    const char *real_name;
    bool guest;
} sisters[] = {{"U0SUE", "sue", "Sue Sister", false}, {"U0GIL", "gil", "Gil, guest there", true}};

bool org_is_on(const struct workspace *workspace)
{
    return switches_is(workspace, "grid", "on");
}

void org_settle(struct workspace *workspace)
{
    static const char *const rooms[] = {"C0DEALDESK", "C0APPROVALS", "C0OFFERS"};
    if (!org_is_on(workspace) || workspace_user(workspace, sisters[0].id) != NULL)
        return;
    for (size_t r = 0; r < sizeof(rooms) / sizeof(rooms[0]); r++)
        json_object_set_new(workspace_channel(workspace, rooms[r]), "is_org_shared", json_true());
    for (size_t i = 0; i < sizeof(sisters) / sizeof(sisters[0]); i++) {
        json_object_set_new(workspace->users, sisters[i].id,
                            workspace_person(sisters[i].id, sisters[i].name, sisters[i].real_name,
                                             ORG_SISTER, sisters[i].guest));
        for (size_t r = 0; r < sizeof(rooms) / sizeof(rooms[0]); r++)
            json_array_append_new(
                json_object_get(workspace_channel(workspace, rooms[r]), "members"),
                json_string(sisters[i].id));
    }
}

static bool is_home(const json_t *user)
{
    return strcmp(workspace_text(user, "team_id"), WORKSPACE_TEAM) == 0;
}

bool org_has(const struct workspace *workspace, const json_t *user)
{
    return is_home(user) ||
           (org_is_on(workspace) && strcmp(workspace_text(user, "team_id"), ORG_SISTER) == 0);
}

void org_other_id(const char *id, char other[ORG_ID])
{
    snprintf(other, ORG_ID, "%c%s", *id == 'W' ? 'U' : 'W', *id != '\0' ? id + 1 : "");
}

const char *org_id(const struct workspace *workspace, const char *where, const char *user,
                   char id[ORG_ID])
{
    const json_t *person = workspace_user(workspace, user);
    if (!org_is_on(workspace) || !org_has(workspace, person) || *user != 'U' ||
        switches_is(workspace, where, "U"))
        snprintf(id, ORG_ID, "%s", user);
    else
        org_other_id(user, id);
    return id;
}

json_t *org_ids(const struct workspace *workspace, const char *where, const json_t *users)
{
    json_t *ids = json_array();
    char id[ORG_ID];
    size_t i;
    json_t *user;
    json_array_foreach(users, i, user) json_array_append_new(
        ids, json_string(org_id(workspace, where, json_string_value(user), id)));
    return ids;
}

/* The workspaces of a person: ours, the sister, or both when users.info names the sister for one
 * of ours. */
static json_t *teams_of(const struct workspace *workspace, const json_t *user)
{
    if (!is_home(user))
        return json_pack("[s]", ORG_SISTER);
    return switches_is(workspace, "user_team", "sister")
               ? json_pack("[s, s]", ORG_SISTER, WORKSPACE_TEAM)
               : json_pack("[s]", WORKSPACE_TEAM);
}

void org_describe(const struct workspace *workspace, const json_t *user, const char *asked,
                  json_t *object)
{
    char other[ORG_ID];
    char member[ORG_ID];
    if (!org_is_on(workspace) || !org_has(workspace, user) || workspace_flag(user, "is_bot"))
        return;
    org_other_id(workspace_text(user, "id"), member);
    json_object_set_new(object, "enterprise_user",
                        json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:o}", "id", member,
                                  "enterprise_id", ORG_ENTERPRISE, "enterprise_name",
                                  "Partner Group", "is_admin", 0, "is_owner", 0, "is_primary_owner",
                                  0, "teams", teams_of(workspace, user)));
    if (switches_is(workspace, "user_id", "the_other")) {
        org_other_id(asked, other);
        json_object_set_new(object, "id", json_string(other));
    }
    if (switches_is(workspace, "user_team", "absent")) {
        json_object_del(object, "team_id");
        json_object_del(json_object_get(object, "profile"), "team");
    } else if (switches_is(workspace, "user_team", "null")) {
        json_object_set_new(object, "team_id", json_null());
    } else if (switches_is(workspace, "user_team", "sister")) {
        json_object_set_new(object, "team_id", json_string(ORG_SISTER));
    }
    if (!is_home(user) && switches_is(workspace, "sister_flags", "absent")) {
        json_object_del(object, "is_restricted");
        json_object_del(object, "is_ultra_restricted");
    }
}
