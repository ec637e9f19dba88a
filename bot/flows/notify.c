#include "flows/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "flows/house.h"
#include "log.h"
#include "mem.h"
#include "slack/api.h"
#include "slack/payload.h"
#include "text.h"
#include "views/messages.h"

/* chat.* arguments: the message with a channel, links left alone. Takes ${message}. */
static char *arguments(json_t *message, const char *channel, const char *user)
{
    json_object_set_new(message, "channel", json_string(channel));
    if (user != NULL)
        json_object_set_new(message, "user", json_string(user));
    json_object_set_new(message, "unfurl_links", json_false());
    json_object_set_new(message, "unfurl_media", json_false());
    char *text = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    return text;
}

static void post(struct turn *turn, const char *channel, json_t *message)
{
    char *body = arguments(message, channel, NULL);
    char *lane = text_format("channel:%s", channel);
    turn_effect(turn, &(struct effect){
                          .type = "notice", .lane = lane, .body = body, .body_size = strlen(body)});
    free(lane);
    free(body);
}

void notify_person(struct turn *turn, const char *user, json_t *message)
{
    post(turn, user, message); /* Slack takes a user's id for the direct message with the app */
}

/* --- answers ------------------------------------------------------------------------------ */

enum { RESPONSE_USES = 5, RESPONSE_NAME = 2 * PERSON_ID + 20 };

static const int64_t RESPONSE_MS = INT64_C(29) * 60 * 1000; /* Slack's 30, with a margin */

/* The newest address at which this person can be answered in this channel. */
static void response_name(char name[RESPONSE_NAME], const char *channel, const char *user)
{
    snprintf(name, RESPONSE_NAME, "response %.31s %.31s", channel, user);
}

void notify_arrived(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    char name[RESPONSE_NAME];
    const char *api = house_of(turn)->slack_url;
    if (*from->response_url == '\0' || *from->channel == '\0')
        return;
    if (!slack_response_allowed(from->response_url, api != NULL ? api : "")) {
        log_warn("a response url is not Slack's own: it is not used", F_TEXT("user", from->user));
        return;
    }
    response_name(name, from->channel, from->user);
    turn_note(turn, name, from->response_url, RESPONSE_MS, RESPONSE_USES);
}

/* By chat.postEphemeral, which only reaches channels where the bot is. Takes ${message}. */
static void whisper(struct turn *turn, const char *channel, const char *user, json_t *message)
{
    if (*channel == '\0' || *channel == 'D') {
        notify_person(turn, user, message);
        return;
    }
    char *body = arguments(message, channel, user);
    turn_effect(turn,
                &(struct effect){
                    .type = "whisper", .target = user, .body = body, .body_size = strlen(body)});
    free(body);
}

/* At the response url when there is one: it works everywhere. Takes ${message}. */
static void answer(struct turn *turn, const char *channel, const char *user, json_t *message,
                   bool replace)
{
    char name[RESPONSE_NAME];
    response_name(name, channel, user);
    char *url = turn_noted(turn, name);
    if (url == NULL) {
        whisper(turn, channel, user, message);
        return;
    }
    json_object_set_new(message, "response_type", json_string("ephemeral"));
    json_object_set_new(message, "replace_original", json_boolean(replace));
    json_t *body = json_pack("{s:s, s:s, s:o}", "url", url, "channel", channel, "message", message);
    char *text = json_dumps(body, JSON_COMPACT);
    turn_effect(turn,
                &(struct effect){
                    .type = "answer", .target = user, .body = text, .body_size = strlen(text)});
    free(text);
    json_decref(body);
    mem_wipe_free(url);
}

void notify_whisper(struct turn *turn, const char *channel, const char *user, json_t *message)
{
    answer(turn, channel, user, message, false);
}

void notify_replace(struct turn *turn, const char *channel, const char *user, json_t *message)
{
    answer(turn, channel, user, message, true);
}

void notify_answered(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK)
        return;
    json_t *body = json_loadb(result->body, result->body_size, 0, NULL);
    json_t *message = json_object_get(body, "message");
    const char *channel = json_string_value(json_object_get(body, "channel"));
    if (json_is_object(message) && channel != NULL) {
        json_object_del(message, "response_type");
        json_object_del(message, "replace_original");
        whisper(turn, channel, result->target, json_incref(message));
    }
    json_decref(body);
}

/* Where it may have been seen, too: a second message is better than none. */
void notify_whispered(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK)
        return;
    json_t *message = json_loadb(result->body, result->body_size, 0, NULL);
    if (message == NULL)
        return;
    json_object_del(message, "user");
    notify_person(turn, result->target, message);
}

/* --- operators ---------------------------------------------------------------------------- */

/* Those named, and the members of the groups as last read. Takes ${message}. */
static void tell_each_operator(struct turn *turn, json_t *message)
{
    const struct config_people *operators = &config_of(turn)->operators;
    for (char **user = operators->users; *user != NULL; user++)
        notify_person(turn, *user, json_deep_copy(message));
    for (char **group = operators->groups; *group != NULL; group++) {
        char person[PERSON_ID] = "";
        while (people_next_member(turn, *group, person))
            notify_person(turn, person, json_deep_copy(message));
    }
    json_decref(message);
}

void notify_operators(struct turn *turn, const char *text)
{
    const char *channel = config_of(turn)->channel_operators;
    if (*channel != '\0')
        post(turn, channel, message_plain(text));
    else
        tell_each_operator(turn, message_plain(text));
}

void notify_told(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK)
        return;
    json_t *message = json_loadb(result->body, result->body_size, 0, NULL);
    const char *channel = json_string_value(json_object_get(message, "channel"));
    log_error("a message was refused", F_TEXT("to", channel), F_TEXT("code", result->code),
              F_TEXT("why", result->text));
    if (channel != NULL && strcmp(channel, config_of(turn)->channel_operators) == 0)
        tell_each_operator(turn, json_incref(message));
    json_decref(message);
}
