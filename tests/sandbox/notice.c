#include "notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "org.h"
#include "parts.h"
#include "switches.h"
#include "workspace.h"

/* Everything in ${value} that Slack reads as markup, or that a rich_text mentions, line by line. */
static void collect(const json_t *value, struct text *all)
{
    const char *type = workspace_text(value, "type");
    const char *key;
    json_t *each;
    size_t i;
    if (strcmp(type, "mrkdwn") == 0)
        text_addf(all, "%s\n", workspace_text(value, "text"));
    else if (strcmp(type, "user") == 0)
        text_addf(all, "<@%s>\n", workspace_text(value, "user_id"));
    else if (strcmp(type, "usergroup") == 0)
        text_addf(all, "<!subteam^%s>\n", workspace_text(value, "usergroup_id"));
    else if (strcmp(type, "broadcast") == 0)
        text_addf(all, "<!%s>\n", workspace_text(value, "range"));
    json_object_foreach((json_t *)(uintptr_t)value, key, each) collect(each, all);
    json_array_foreach(value, i, each) collect(each, all);
}

/* On the heap. */
static char *markup_of(const struct workspace *workspace, const json_t *message)
{
    struct text all = {0};
    const json_t *blocks = json_object_get(message, "blocks");
    collect(blocks, &all);
    if (json_array_size(blocks) == 0 || switches_is(workspace, "text_beside_blocks", "calls"))
        text_addf(&all, "%s\n", workspace_text(message, "text"));
    return text_take(&all);
}

/* Is "<${sign}${id}>" or "<${sign}${id}|label>" in ${markup}? */
static bool names(const char *markup, const char *sign, const char *id)
{
    char *needle = text_format("<%s%s", sign, id);
    bool found = false;
    for (const char *at = markup; !found && (at = strstr(at, needle)) != NULL; at++)
        found = at[strlen(needle)] == '>' || at[strlen(needle)] == '|';
    free(needle);
    return found;
}

static bool names_a_group(const struct workspace *workspace, const char *markup, const char *user)
{
    const char *id;
    json_t *group;
    json_object_foreach(workspace->groups, id, group)
    {
        size_t i;
        json_t *member;
        if (workspace_flag(group, "disabled") || !names(markup, "!subteam^", id))
            continue;
        json_array_foreach(json_object_get(group, "users"), i,
                           member) if (strcmp(json_string_value(member), user) == 0) return true;
    }
    return false;
}

static const char *mention(const struct workspace *workspace, const char *markup, const char *user)
{
    char other[ORG_ID];
    org_other_id(user, other);
    if (names(markup, "@", user) || (org_is_on(workspace) && names(markup, "@", other)))
        return "mention";
    if (names_a_group(workspace, markup, user))
        return "group";
    if (names(markup, "!", "channel") || names(markup, "!", "here") ||
        names(markup, "!", "everyone"))
        return "channel";
    return NULL;
}

/* Who began a thread, wrote in it or was mentioned in a reply follows it; whether a mention in the
 * message that it hangs on is enough is a switch. */
static bool follows(const struct workspace *workspace, const json_t *channel, const char *thread,
                    const char *user)
{
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(channel, "messages"), i, each)
    {
        bool root = strcmp(workspace_text(each, "ts"), thread) == 0;
        if (!root && strcmp(workspace_text(each, "thread_ts"), thread) != 0)
            continue;
        const char *called = workspace_text(json_object_get(each, "calls"), user);
        bool mentioned = strcmp(called, "mention") == 0 || strcmp(called, "group") == 0;
        if (root && !switches_is(workspace, "root_mention", "follows"))
            mentioned = false;
        if (mentioned || strcmp(workspace_text(each, "user"), user) == 0)
            return true;
    }
    return false;
}

static const char *why(const struct workspace *workspace, const json_t *channel,
                       const json_t *message, const char *markup, const char *user)
{
    const char *thread = workspace_text(message, "thread_ts");
    const json_t *person = workspace_user(workspace, user);
    if (person == NULL || workspace_flag(person, "deleted") || workspace_flag(person, "is_bot") ||
        strcmp(workspace_text(message, "user"), user) == 0)
        return NULL;
    if (workspace_flag(channel, "is_im"))
        return "direct";
    const char *by = mention(workspace, markup, user);
    if (by == NULL && *thread != '\0' && follows(workspace, channel, thread, user))
        by = "thread";
    return by;
}

void notice_call(struct sandbox *sandbox, const json_t *channel, json_t *message)
{
    const struct workspace *workspace = sandbox->workspace;
    char *markup = markup_of(workspace, message);
    json_t *calls = json_object();
    size_t i;
    json_t *member;
    json_array_foreach(json_object_get(channel, "members"), i, member)
    {
        const char *user = json_string_value(member);
        const char *by = why(workspace, channel, message, markup, user);
        if (by == NULL)
            continue;
        json_object_set_new(calls, user, json_string(by));
        log_entry(sandbox, "slack.notice",
                  json_pack("{s:s, s:s, s:s, s:s}", "user", user, "why", by, "channel",
                            workspace_text(channel, "id"), "ts", workspace_text(message, "ts")));
    }
    json_object_set_new(message, "calls", calls);
    free(markup);
}
