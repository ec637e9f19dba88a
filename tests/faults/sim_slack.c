/* As much of a Slack workspace as the bot calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"
#include "text.h"

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static json_t *refused(const char *code)
{
    return json_pack("{s:b, s:s}", "ok", 0, "error", code);
}

json_t *slack_seen(const json_t *message, const json_t *blocks)
{
    const json_t *metadata = json_object_get(message, "metadata");
    if (blocks == NULL)
        blocks = json_object_get(message, "blocks");
    json_t *seen = json_pack("{s:[O]}", "blocks", json_array_get(blocks, 0));
    if (metadata != NULL)
        json_object_set(seen, "metadata", (json_t *)(uintptr_t)metadata);
    return seen;
}

/* A time stamp is unique in its channel. */
static bool is_there(const struct sim *sim, const char *channel, int64_t at, char ts[40])
{
    snprintf(ts, 40, "%lld.%03lld000", (long long)(at / 1000), (long long)(at % 1000));
    for (size_t i = json_array_size(sim->messages); i-- > 0;) {
        const json_t *message = json_array_get(sim->messages, i);
        if (strcmp(text_at(message, "channel"), channel) == 0)
            return strcmp(text_at(message, "ts"), ts) >= 0;
    }
    return false;
}

/* Kept by what its buttons stand for: people click on what they saw. */
static void note_card(struct sim *sim, const json_t *message)
{
    size_t i;
    const json_t *block;
    if (strcmp(text_at(message, "channel"), "C0APPROVALS") != 0)
        return;
    json_array_foreach(json_object_get(message, "blocks"), i, block)
    {
        const json_t *button = json_array_get(json_object_get(block, "elements"), 0);
        const char *value = text_at(button, "value");
        const char *dot = strchr(value, '.');
        if (strcmp(text_at(block, "type"), "actions") != 0 || dot == NULL)
            continue;
        char *key = text_format("%.*s", (int)(dot + 1 + strcspn(dot + 1, ".") - value), value);
        json_object_set_new(sim->cards, key,
                            json_pack("{s:s, s:s, s:s, s:o}", "channel",
                                      text_at(message, "channel"), "ts", text_at(message, "ts"),
                                      "value", value, "message", slack_seen(message, NULL)));
        free(key);
    }
}

static json_t *post(struct sim *sim, const json_t *args)
{
    char ts[40];
    json_t *message = json_deep_copy(args);
    int64_t at = sim->now;
    while (is_there(sim, text_at(args, "channel"), at, ts))
        at++;
    json_object_set_new(message, "ts", json_string(ts));
    json_object_set_new(message, "user", json_string("U0BOT"));
    json_array_append_new(sim->messages, message);
    note_card(sim, message);
    return json_pack("{s:b, s:s, s:s}", "ok", 1, "ts", ts, "channel", text_at(args, "channel"));
}

static json_t *update(struct sim *sim, const json_t *args)
{
    size_t i;
    json_t *message;
    json_array_foreach(sim->messages, i, message)
    {
        if (strcmp(text_at(message, "ts"), text_at(args, "ts")) != 0 ||
            strcmp(text_at(message, "channel"), text_at(args, "channel")) != 0)
            continue;
        json_object_set(message, "before", json_object_get(message, "blocks"));
        json_object_set(message, "blocks", json_object_get(args, "blocks"));
        json_object_set(message, "text", json_object_get(args, "text"));
        if (json_object_get(args, "metadata") != NULL)
            json_object_set(message, "metadata", json_object_get(args, "metadata"));
        note_card(sim, message);
        return json_pack("{s:b, s:s}", "ok", 1, "ts", text_at(args, "ts"));
    }
    return refused("message_not_found");
}

/* Of a message's blocks only the first: the rest took two fifths of the time of all lives. */
static json_t *as_read(const json_t *message)
{
    json_t *read = slack_seen(message, NULL);
    json_object_set(read, "ts", json_object_get(message, "ts"));
    json_object_set(read, "user", json_object_get(message, "user"));
    json_object_set(read, "text", json_object_get(message, "text"));
    return read;
}

/* The newest first; the cursor is the ts of the last that was shown. */
static json_t *history(struct sim *sim, const json_t *args)
{
    json_t *list = json_array();
    double oldest = atof(text_at(args, "oldest"));
    const char *cursor = text_at(args, "cursor");
    size_t limit = (size_t)json_integer_value(json_object_get(args, "limit"));
    size_t i = json_array_size(sim->messages);
    bool more = false;
    while (i-- > 0 && !more) {
        json_t *message = json_array_get(sim->messages, i);
        const char *ts = text_at(message, "ts");
        if (strcmp(text_at(message, "channel"), text_at(args, "channel")) != 0 ||
            atof(ts) < oldest || (*cursor != '\0' && strcmp(ts, cursor) >= 0))
            continue;
        more = limit > 0 && json_array_size(list) == limit;
        if (!more)
            json_array_append_new(list, as_read(message));
    }
    const char *last = text_at(json_array_get(list, json_array_size(list) - 1), "ts");
    return json_pack("{s:b, s:o, s:{s:s}}", "ok", 1, "messages", list, "response_metadata",
                     "next_cursor", more ? last : "");
}

/* A trigger is the moment at which it was made. */
static json_t *open_view(struct sim *sim, const json_t *args)
{
    char user[40];
    long long made;
    if (sscanf(text_at(args, "trigger_id"), "%lld %39s", &made, user) != 2)
        return refused("invalid_trigger_id");
    if (sim->now - made > 3000)
        return refused("expired_trigger_id");
    json_object_set(sim->views, user, json_object_get(args, "view"));
    people_form(sim, user);
    return json_pack("{s:b, s:{s:s}}", "ok", 1, "view", "id", "V1");
}

void slack_whisper(struct sim *sim, const char *user, const json_t *args)
{
    json_t *message = json_deep_copy(args);
    json_object_set_new(message, "channel", json_string(user));
    json_object_set_new(message, "whisper", json_true());
    json_decref(post(sim, message));
    json_decref(message);
}

/* At a response url, whose last parts say what can be replaced, which is what they alone see, and
 * to whom. */
static json_t *respond(struct sim *sim, const json_t *args)
{
    char ts[40] = "";
    char user[40] = "";
    const json_t *message = json_object_get(args, "message");
    const char *origin = strstr(text_at(args, "url"), "/response/");
    if (origin != NULL)
        (void)sscanf(origin, "/response/%39[^/]/%39s", ts, user);
    if (json_is_true(json_object_get(message, "replace_original")) && strcmp(ts, "none") == 0)
        sim->overwritten++;
    slack_whisper(sim, user, message);
    return json_pack("{s:b}", "ok", 1);
}

json_t *slack_model(struct sim *sim, const char *method, const json_t *args)
{
    if (strcmp(method, "chat.postMessage") == 0)
        return post(sim, args);
    if (strcmp(method, "chat.update") == 0)
        return update(sim, args);
    if (strcmp(method, "conversations.history") == 0)
        return history(sim, args);
    if (strcmp(method, "users.info") == 0)
        return others_person(sim, text_at(args, "user"));
    if (strcmp(method, "usergroups.users.list") == 0)
        return others_managers(sim);
    if (strcmp(method, "views.open") == 0)
        return open_view(sim, args);
    if (strcmp(method, "response") == 0)
        return respond(sim, args);
    if (strcmp(method, "chat.postEphemeral") == 0)
        slack_whisper(sim, text_at(args, "user"), args);
    return json_pack("{s:b}", "ok", 1);
}

size_t slack_count(struct sim *sim, const char *channel, const char *text)
{
    size_t count = 0;
    size_t i;
    const json_t *message;
    json_array_foreach(sim->messages, i, message)
    {
        char *all = json_dumps(json_object_get(message, "blocks"), JSON_COMPACT);
        if (strcmp(text_at(message, "channel"), channel) == 0 &&
            ((all != NULL && strstr(all, text) != NULL) ||
             strstr(text_at(message, "text"), text) != NULL))
            count++;
        free(all);
    }
    return count;
}
