#include "workspace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blockkit.h"
#include "mem.h"
#include "notice.h"
#include "org.h"
#include "parts.h"
#include "switches.h"

/* --- the fixture --- */

static const struct {
    const char *id;
    const char *name;
    const char *real_name;
    const char *team;
    bool guest;
} people[] = {
    {"U0SELLER", "sam", "Sam Seller", WORKSPACE_TEAM, false},
    {"U0MIA", "mia", "Mia Manager", WORKSPACE_TEAM, false},
    {"U0MAX", "max", "Max Manager", WORKSPACE_TEAM, false},
    {"U0OLGA", "olga", "Olga Operator", WORKSPACE_TEAM, false},
    {"U0OTTO", "otto", "Otto Outsider", WORKSPACE_TEAM, false},
    {"U0GUS", "gus", "Gus Guest", WORKSPACE_TEAM, true},
    {"U0INES", "ines", "Ines of the ISV", "T0ISV", false},
    {"U0BOT", "cppo", "CPPO", WORKSPACE_TEAM, false},
};

static const struct {
    const char *id;
    const char *name;
    bool shared;
    bool private;
    const char *members;
} rooms[] = {
    {"C0DEALDESK", "deal-desk", true, false,
     "U0SELLER U0MIA U0MAX U0OLGA U0OTTO U0GUS U0INES U0BOT"},
    {"C0APPROVALS", "approvals", false, true, "U0SELLER U0MIA U0MAX U0OLGA U0OTTO U0GUS U0BOT"},
    {"C0OFFERS", "offers", false, false, "U0SELLER U0MIA U0MAX U0OLGA U0OTTO U0GUS U0BOT"},
    {"C0OPERATORS", "operators", false, true, "U0OLGA U0MIA U0BOT"},
};

static json_t *words(const char *list)
{
    json_t *array = json_array();
    for (; *list != '\0'; list += strspn(list, " ")) {
        size_t size = strcspn(list, " ");
        json_array_append_new(array, json_stringn(list, size));
        list += size;
    }
    return array;
}

json_t *workspace_person(const char *id, const char *name, const char *real_name, const char *team,
                         bool guest)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "id", id, "name", name, "real_name",
                     real_name, "team_id", team, "is_restricted", (int)guest, "deleted", 0,
                     "is_bot", strcmp(id, "U0BOT") == 0);
}

static void add_people(json_t *users)
{
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
        json_object_set_new(users, people[i].id,
                            workspace_person(people[i].id, people[i].name, people[i].real_name,
                                             people[i].team, people[i].guest));
}

static void add_rooms(json_t *channels)
{
    for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++)
        json_object_set_new(channels, rooms[i].id,
                            json_pack("{s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:o, s:[]}", "id",
                                      rooms[i].id, "name", rooms[i].name, "is_im", 0,
                                      "is_ext_shared", (int)rooms[i].shared, "is_private",
                                      (int)rooms[i].private, "is_archived", 0, "bot_member", 1,
                                      "members", words(rooms[i].members), "messages"));
}

struct workspace *workspace_open(void)
{
    struct workspace *w = mem_new(1, sizeof(*w));
    w->users = json_object();
    w->channels = json_object();
    w->ephemerals = json_object();
    w->views = json_object();
    w->stacks = json_object();
    w->homes = json_object();
    w->triggers = json_object();
    w->responses = json_object();
    w->submitted = json_object();
    w->buckets = json_object();
    w->scopes = words("commands chat:write im:write users:read channels:read groups:read "
                      "channels:history groups:history usergroups:read");
    w->groups = json_pack("{s:{s:s, s:s, s:s, s:[s, s]}}", "S0MANAGERS", "id", "S0MANAGERS",
                          "handle", "managers", "name", "Managers", "users", "U0MIA", "U0MAX");
    w->switches = switches_new();
    w->limits = true;
    app_first(&w->app);
    add_people(w->users);
    add_rooms(w->channels);
    return w;
}

void workspace_close(struct workspace *workspace)
{
    if (workspace == NULL)
        return;
    json_decref(workspace->users);
    json_decref(workspace->channels);
    json_decref(workspace->ephemerals);
    json_decref(workspace->views);
    json_decref(workspace->stacks);
    json_decref(workspace->homes);
    json_decref(workspace->triggers);
    json_decref(workspace->responses);
    json_decref(workspace->submitted);
    json_decref(workspace->buckets);
    json_decref(workspace->scopes);
    json_decref(workspace->groups);
    json_decref(workspace->switches);
    free(workspace);
}

/* --- looking up --- */

const char *workspace_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

bool workspace_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

json_t *workspace_user(const struct workspace *workspace, const char *id)
{
    char other[ORG_ID];
    json_t *user = json_object_get(workspace->users, id);
    if (user != NULL || *id != 'W' || !org_is_on(workspace))
        return user;
    org_other_id(id, other);
    return json_object_get(workspace->users, other);
}

json_t *workspace_channel(const struct workspace *workspace, const char *id)
{
    return json_object_get(workspace->channels, id);
}

json_t *workspace_dm(struct workspace *workspace, const char *user)
{
    char id[64];
    const json_t *person = workspace_user(workspace, user);
    const char *bot = workspace->app.user;
    if (person == NULL || workspace_flag(person, "is_bot"))
        return NULL;
    snprintf(id, sizeof(id), "D%s%.50s", bot + strlen("U0BOT"), user + 1);
    if (workspace_channel(workspace, id) == NULL)
        json_object_set_new(workspace->channels, id,
                            json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:[s, s], s:[]}", "id", id,
                                      "name", "", "user", workspace_text(person, "id"), "is_im", 1,
                                      "is_archived", 0, "bot_member", 1, "members",
                                      workspace_text(person, "id"), bot, "messages"));
    return workspace_channel(workspace, id);
}

bool workspace_is_member(const json_t *channel, const char *user)
{
    size_t i;
    json_t *member;
    json_array_foreach(json_object_get(channel, "members"), i, member)
    {
        if (strcmp(json_string_value(member), user) == 0)
            return true;
    }
    return false;
}

void workspace_invite_bot(const struct workspace *workspace, json_t *channel, bool in)
{
    json_t *members = json_object_get(channel, "members");
    const char *bot = workspace->app.user;
    json_object_set_new(channel, "bot_member", json_boolean(in));
    for (size_t i = json_array_size(members); i-- > 0;)
        if (strcmp(json_string_value(json_array_get(members, i)), bot) == 0)
            json_array_remove(members, i);
    if (in)
        json_array_append_new(members, json_string(bot));
}

/* --- messages --- */

void workspace_ts(struct workspace *workspace, char ts[WORKSPACE_TS])
{
    int64_t now = sandbox_now_ms() * 1000;
    workspace->last_ts = now > workspace->last_ts ? now : workspace->last_ts + 1;
    snprintf(ts, WORKSPACE_TS, "%" PRId64 ".%06" PRId64, workspace->last_ts / 1000000,
             workspace->last_ts % 1000000);
}

static void tell(struct sandbox *sandbox, const char *what, const char *channel,
                 const json_t *message)
{
    log_entry(sandbox, "slack.message",
              json_pack("{s:s, s:s, s:s, s:s, s:s, s:O*}", "what", what, "channel", channel, "ts",
                        workspace_text(message, "ts"), "user", workspace_text(message, "user"),
                        "text", workspace_text(message, "text"), "thread_ts",
                        json_object_get(message, "thread_ts")));
}

static void complete(struct sandbox *sandbox, json_t *message)
{
    char ts[WORKSPACE_TS];
    const json_t *author = workspace_user(sandbox->workspace, workspace_text(message, "user"));
    workspace_ts(sandbox->workspace, ts);
    json_object_set_new(message, "type", json_string("message"));
    json_object_set_new(message, "ts", json_string(ts));
    json_object_set_new(
        message, "team",
        json_string(author != NULL ? workspace_text(author, "team_id") : WORKSPACE_TEAM));
    json_object_set_new(message, "versions", json_array());
    blockkit_fill_ids(json_object_get(message, "blocks"));
}

json_t *workspace_bot_message(const struct workspace *workspace, const char *text, json_t *blocks)
{
    const struct app *app = &workspace->app;
    json_t *message = json_pack("{s:s, s:s, s:s, s:s}", "user", app->user, "bot_id", app->bot_id,
                                "app_id", app->id, "text", text != NULL ? text : "");
    if (json_is_array(blocks))
        json_object_set_new(message, "blocks", json_deep_copy(blocks));
    return message;
}

json_t *workspace_post(struct sandbox *sandbox, json_t *channel, json_t *message)
{
    complete(sandbox, message);
    notice_call(sandbox, channel, message);
    json_array_append_new(json_object_get(channel, "messages"), message);
    tell(sandbox, "posted", workspace_text(channel, "id"), message);
    return message;
}

json_t *workspace_post_ephemeral(struct sandbox *sandbox, const char *user, const char *channel,
                                 json_t *message)
{
    json_t *list = json_object_get(sandbox->workspace->ephemerals, user);
    if (list == NULL) {
        list = json_array();
        json_object_set_new(sandbox->workspace->ephemerals, user, list);
    }
    complete(sandbox, message);
    json_object_set_new(message, "channel", json_string(channel));
    json_object_set_new(message, "is_ephemeral", json_true());
    json_array_append_new(list, message);
    log_entry(sandbox, "slack.message",
              json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "what", "ephemeral", "channel", channel,
                        "ts", workspace_text(message, "ts"), "user",
                        workspace_text(message, "user"), "to", user, "text",
                        workspace_text(message, "text")));
    return message;
}

/* What a message says of the replies to it; nothing while there are none. */
static void add_thread(json_t *copy, const json_t *channel, const char *ts)
{
    json_t *users = json_array();
    json_int_t count = 0;
    const char *latest = "";
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(channel, "messages"), i, each)
    {
        size_t at = 0;
        const char *user = workspace_text(each, "user");
        if (strcmp(workspace_text(each, "thread_ts"), ts) != 0)
            continue;
        count++;
        latest = workspace_text(each, "ts");
        while (at < json_array_size(users) &&
               strcmp(json_string_value(json_array_get(users, at)), user) != 0)
            at++;
        if (at == json_array_size(users))
            json_array_append_new(users, json_string(user));
    }
    if (count > 0)
        json_object_update_new(copy, json_pack("{s:s, s:I, s:i, s:O, s:s}", "thread_ts", ts,
                                               "reply_count", count, "reply_users_count",
                                               (int)json_array_size(users), "reply_users", users,
                                               "latest_reply", latest));
    json_decref(users);
}

json_t *workspace_outward(const json_t *channel, const json_t *message)
{
    static const char *const notes[] = {"versions", "calls", "is_ephemeral", "channel"};
    json_t *copy = json_copy((json_t *)(uintptr_t)message);
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
        json_object_del(copy, notes[i]);
    add_thread(copy, channel, workspace_text(message, "ts"));
    return copy;
}

void workspace_slackbot(struct sandbox *sandbox, const char *user, const char *channel,
                        const char *text)
{
    workspace_post_ephemeral(sandbox, user, channel,
                             json_pack("{s:s, s:s}", "user", "USLACKBOT", "text", text));
}

static json_t *find(const json_t *list, const char *ts)
{
    for (size_t i = json_array_size(list); i-- > 0;) {
        json_t *message = json_array_get(list, i);
        if (strcmp(workspace_text(message, "ts"), ts) == 0)
            return message;
    }
    return NULL;
}

json_t *workspace_message(const struct workspace *workspace, const char *channel, const char *ts)
{
    return find(json_object_get(workspace_channel(workspace, channel), "messages"), ts);
}

json_t *workspace_ephemeral(const struct workspace *workspace, const char *user, const char *ts)
{
    return find(json_object_get(workspace->ephemerals, user), ts);
}

void workspace_edit(struct sandbox *sandbox, const char *channel, json_t *message, const char *text,
                    json_t *blocks, json_t *metadata)
{
    json_t *version =
        json_pack("{s:I, s:O, s:O*, s:O*}", "at_ms", (json_int_t)sandbox_now_ms(), "text",
                  json_object_get(message, "text"), "blocks", json_object_get(message, "blocks"),
                  "metadata", json_object_get(message, "metadata"));
    json_array_append_new(json_object_get(message, "versions"), version);
    if (text != NULL)
        json_object_set_new(message, "text", json_string(text));
    if (json_is_array(blocks)) {
        json_t *copy = json_deep_copy(blocks);
        blockkit_fill_ids(copy);
        json_object_set_new(message, "blocks", copy);
    } else if (json_is_null(blocks)) {
        json_object_del(message, "blocks");
    }
    if (metadata != NULL)
        json_object_set_new(message, "metadata", json_deep_copy(metadata));
    tell(sandbox, "updated", channel, message);
}

static bool drop(json_t *list, const json_t *message)
{
    size_t i;
    json_t *each;
    json_array_foreach(list, i, each)
    {
        if (each == message) {
            json_array_remove(list, i);
            return true;
        }
    }
    return false;
}

bool workspace_delete(struct sandbox *sandbox, const char *channel, const char *ts)
{
    json_t *message = workspace_message(sandbox->workspace, channel, ts);
    if (message == NULL)
        return false;
    tell(sandbox, "deleted", channel, message);
    return drop(json_object_get(workspace_channel(sandbox->workspace, channel), "messages"),
                message);
}

bool workspace_delete_ephemeral(struct sandbox *sandbox, const char *user, const char *ts)
{
    json_t *message = workspace_ephemeral(sandbox->workspace, user, ts);
    if (message == NULL)
        return false;
    tell(sandbox, "deleted", workspace_text(message, "channel"), message);
    return drop(json_object_get(sandbox->workspace->ephemerals, user), message);
}

/* --- rate limits --- */

/* A token bucket counted in thousandths, so that it fills evenly. */
int workspace_spend(struct workspace *workspace, const char *key, int per_minute, int burst)
{
    int64_t now = sandbox_monotonic_ms();
    int64_t most = (int64_t)burst * 60000;
    json_t *bucket = json_object_get(workspace->buckets, key);
    int64_t level = most;
    if (!workspace->limits)
        return 0;
    if (bucket != NULL) {
        level = json_integer_value(json_object_get(bucket, "level")) +
                (now - json_integer_value(json_object_get(bucket, "at"))) * per_minute;
        level = level < most ? level : most;
    }
    int64_t missing = 60000 - level;
    int64_t a_second = (int64_t)per_minute * 1000;
    int wait = missing <= 0 ? 0 : (int)((missing + a_second - 1) / a_second);
    json_object_set_new(workspace->buckets, key,
                        json_pack("{s:I, s:I}", "level",
                                  (json_int_t)(wait == 0 ? level - 60000 : level), "at",
                                  (json_int_t)now));
    return wait;
}

/* --- what there is to see --- */

static json_t *values_of(const json_t *object)
{
    json_t *list = json_array();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) json_array_append(list, value);
    return list;
}

void workspace_state(const struct workspace *workspace, json_t *state)
{
    json_t *channels = json_array();
    json_t *dms = json_array();
    const char *key;
    json_t *channel;
    json_object_foreach(workspace->channels, key, channel)
        json_array_append(workspace_flag(channel, "is_im") ? dms : channels, channel);
    json_object_set_new(
        state, "team",
        json_pack("{s:s, s:s, s:s}", "id", WORKSPACE_TEAM, "name", "Partner", "domain", "partner"));
    json_object_set_new(state, "bot",
                        json_pack("{s:s, s:s, s:s}", "user_id", workspace->app.user, "bot_id",
                                  workspace->app.bot_id, "app_id", workspace->app.id));
    json_object_set_new(state, "users", values_of(workspace->users));
    json_object_set_new(state, "groups", values_of(workspace->groups));
    json_object_set_new(state, "channels", channels);
    json_object_set_new(state, "dms", dms);
    json_object_set(state, "ephemerals", workspace->ephemerals);
    json_object_set(state, "scopes", workspace->scopes);
    json_object_set_new(state, "switches", switches_state(workspace));
}
