#include "slack/replies.h"

#include <string.h>

#include "json.h"
#include "text.h"

static bool is_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

bool slack_posted(const void *reply, char *ts, size_t capacity)
{
    return text_fit(ts, capacity, json_text(reply, "ts")) && *ts != '\0';
}

bool slack_posted_in(const void *reply, char *channel, size_t capacity)
{
    return text_fit(channel, capacity, json_text(reply, "channel")) && *channel != '\0';
}

bool slack_permalink(const void *reply, char *url, size_t capacity)
{
    return text_fit(url, capacity, json_text(reply, "permalink")) && *url != '\0';
}

bool slack_find_post(const void *reply, const char *bot_user, const char *key, char *ts,
                     size_t capacity)
{
    const json_t *messages = json_object_get(reply, "messages");
    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        const json_t *metadata = json_object_get(message, "metadata");
        const json_t *payload = json_object_get(metadata, "event_payload");
        if (strcmp(json_text(message, "user"), bot_user) == 0 &&
            strcmp(json_text(metadata, "event_type"), "cppo_post") == 0 &&
            strcmp(json_text(payload, "key"), key) == 0 && *key != '\0')
            return text_fit(ts, capacity, json_text(message, "ts")) && *ts != '\0';
    }
    return false;
}

bool slack_channel_shared(const void *reply)
{
    const json_t *channel = json_object_get(reply, "channel");
    return is_true(channel, "is_ext_shared") || is_true(channel, "is_pending_ext_shared");
}

size_t slack_messages(const void *reply)
{
    return json_array_size(json_object_get(reply, "messages"));
}

bool slack_post_at(const void *reply, size_t i, const char *bot_user, struct slack_post *post)
{
    const json_t *message = json_array_get(json_object_get(reply, "messages"), i);
    const json_t *metadata = json_object_get(message, "metadata");
    const json_t *payload = json_object_get(metadata, "event_payload");
    *post = (struct slack_post){
        .ts = json_text(message, "ts"),
        .kind = json_text(payload, "kind"),
        .key = json_text(payload, "key"),
        .install = json_text(payload, "install"),
        .mark = json_text(payload, "mark"),
        .state = json_text(payload, "state"),
        .request = json_integer_value(json_object_get(payload, "offer")),
        .revision = (int)json_integer_value(json_object_get(payload, "revision")),
        .text = json_text(message, "text"),
        .blocks = json_object_get(message, "blocks"),
    };
    return strcmp(json_text(message, "user"), bot_user) == 0 &&
           strcmp(json_text(metadata, "event_type"), "cppo_post") == 0 && post->request > 0 &&
           *post->ts != '\0';
}

bool slack_next_page(const void *reply, char cursor[SLACK_CURSOR])
{
    const json_t *metadata = json_object_get(reply, "response_metadata");
    return text_fit(cursor, SLACK_CURSOR, json_text(metadata, "next_cursor")) && *cursor != '\0';
}

/* As many ids as there is room for, between spaces. */
static void join_ids(const json_t *ids, char *joined, size_t capacity)
{
    size_t used = 0;
    joined[0] = '\0';
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        size_t size = id != NULL ? strlen(id) : 0;
        if (size == 0 || strchr(id, ' ') != NULL || used + size + 2 > capacity)
            continue;
        if (used > 0)
            joined[used++] = ' ';
        memcpy(joined + used, id, size + 1);
        used += size;
    }
}

/* Silence is no "no": whose it may be is the policy's business. */
static enum guest guest_of(const json_t *user)
{
    if (is_true(user, "is_restricted") || is_true(user, "is_ultra_restricted"))
        return GUEST_IS;
    return json_is_false(json_object_get(user, "is_restricted")) ? GUEST_NOT : GUEST_UNKNOWN;
}

bool slack_person(const void *reply, struct person *person)
{
    const json_t *user = json_object_get(reply, "user");
    const json_t *profile = json_object_get(user, "profile");
    const json_t *organisation = json_object_get(user, "enterprise_user");
    if (!json_is_object(user))
        return false;
    *person = (struct person){
        .known = true,
        .deleted = is_true(user, "deleted"),
        .bot = is_true(user, "is_bot"),
        .guest = guest_of(user),
        .stranger = is_true(user, "is_stranger"),
    };
    const char *name = json_text(profile, "display_name");
    if (*name == '\0')
        name = json_text(user, "real_name");
    text_fit(person->name, sizeof(person->name), *name != '\0' ? name : json_text(user, "name"));
    if (!text_fit(person->zone, sizeof(person->zone), json_text(user, "tz")) ||
        !zone_name_good(person->zone))
        person->zone[0] = '\0';
    join_ids(json_object_get(organisation, "teams"), person->teams, sizeof(person->teams));
    const char *identity = json_text(organisation, "id");
    return text_fit(person->id, sizeof(person->id), json_text(user, "id")) &&
           text_fit(person->identity, sizeof(person->identity),
                    *identity != '\0' ? identity : person->id) &&
           text_fit(person->team, sizeof(person->team), json_text(user, "team_id")) &&
           text_fit(person->enterprise, sizeof(person->enterprise),
                    json_text(organisation, "enterprise_id"));
}

int slack_group_members(const void *reply, const char **members, size_t capacity)
{
    const json_t *users = json_object_get(reply, "users");
    int count = 0;
    if (!json_is_array(users))
        return -1;
    for (size_t i = 0; i < json_array_size(users) && (size_t)count < capacity; i++) {
        const char *id = json_string_value(json_array_get(users, i));
        if (id != NULL)
            members[count++] = id;
    }
    return count;
}

void slack_enterprise(const void *reply, char *enterprise, size_t capacity)
{
    text_fit(enterprise, capacity, json_text(reply, "enterprise_id"));
}

bool slack_identity(const void *reply, char *team, size_t team_capacity, char *user,
                    size_t user_capacity)
{
    return text_fit(team, team_capacity, json_text(reply, "team_id")) &&
           text_fit(user, user_capacity, json_text(reply, "user_id")) && *team != '\0' &&
           *user != '\0';
}
