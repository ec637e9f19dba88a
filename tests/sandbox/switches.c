#include "switches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "parts.h"

enum { MAX_VALUES = 4 };

static const struct {
    const char *name;
    const char *values[MAX_VALUES]; /* the first one holds at first */
    const char *about;
} table[] = {
    {"ephemeral_outside",
     {"refused", "internal_error"},
     "chat.postEphemeral in a channel without the bot"},
    {"edits", {"allowed", "edit_window_closed"}, "chat.update of messages of one's own"},
    {"deactivated", {"taken", "user_disabled"}, "chat.postMessage to somebody who left"},
    {"plan", {"paid", "free"}, "of the workspace; user groups want one that is paid"},
    {"disabled_group",
     {"no_such_subteam", "empty", "listed"},
     "usergroups.users.list of a group that was disabled"},
    {"grid",
     {"off", "on"},
     "the workspace belongs to an Enterprise organisation, with a sister workspace"},
    {"user_team",
     {"home", "absent", "null", "sister"},
     "in a grid: the team_id that users.info names for people of ours"},
    {"user_id", {"as_asked", "the_other"}, "in a grid: the id that users.info answers with"},
    {"list_ids", {"U", "W"}, "in a grid: ids in groups and channels"},
    {"click_ids", {"U", "W"}, "in a grid: ids of people who act"},
    {"sister_flags",
     {"given", "absent"},
     "in a grid: is_restricted of people of the sister workspace"},
    {"root_mention",
     {"follows", "does_not_follow"},
     "who is mentioned in the message that a thread hangs on follows the thread"},
    {"text_beside_blocks",
     {"calls", "silent"},
     "a mention in the top-level text of a message that has blocks"},
};

enum { SWITCHES = sizeof(table) / sizeof(table[0]) };

json_t *switches_new(void)
{
    json_t *all = json_object();
    for (size_t i = 0; i < SWITCHES; i++)
        json_object_set_new(all, table[i].name, json_string(table[i].values[0]));
    return all;
}

/* How ${name} stands; it must be one of the table's. */
static const char *switches_get(const struct workspace *workspace, const char *name)
{
    const char *value = json_string_value(json_object_get(workspace->switches, name));
    if (value == NULL)
        abort(); /* a name that is not in the table */
    return value;
}

bool switches_is(const struct workspace *workspace, const char *name, const char *value)
{
    return strcmp(switches_get(workspace, name), value) == 0;
}

static bool has_value(size_t i, const char *value)
{
    for (size_t v = 0; v < MAX_VALUES && table[i].values[v] != NULL; v++)
        if (value != NULL && strcmp(table[i].values[v], value) == 0)
            return true;
    return false;
}

bool switches_turn(struct workspace *workspace, const json_t *wish, const char **error)
{
    static struct err err; /* its text outlives the call as *error */
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)wish, name, value)
    {
        size_t i = 0;
        while (i < SWITCHES && strcmp(table[i].name, name) != 0)
            i++;
        if (i == SWITCHES)
            err_set(&err, "no switch is called “%s”", name);
        else if (!has_value(i, json_string_value(value)))
            err_set(&err, "%s has no such position", name);
        else
            continue;
        *error = err.text;
        return false;
    }
    json_object_update(workspace->switches, (json_t *)(uintptr_t)wish);
    return true;
}

json_t *switches_state(const struct workspace *workspace)
{
    json_t *all = json_array();
    for (size_t i = 0; i < SWITCHES; i++) {
        json_t *values = json_array();
        for (size_t v = 0; v < MAX_VALUES && table[i].values[v] != NULL; v++)
            json_array_append_new(values, json_string(table[i].values[v]));
        json_array_append_new(all, json_pack("{s:s, s:s, s:o, s:s}", "name", table[i].name, "value",
                                             switches_get(workspace, table[i].name), "values",
                                             values, "about", table[i].about));
    }
    return all;
}

void switches_print(void)
{
    printf(
        "\nSwitches of Slack, POST /_sandbox/slack {\"name\": \"value\"}; the first value holds at "
        "first:\n");
    for (size_t i = 0; i < SWITCHES; i++) {
        printf("  %-18s", table[i].name);
        for (size_t v = 0; v < MAX_VALUES && table[i].values[v] != NULL; v++)
            printf("%s%s", v > 0 ? " | " : "", table[i].values[v]);
        printf("\n  %-18s  %s\n", "", table[i].about);
    }
}
