#include "flows/notify.h"

#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "flows/house.h"
#include "log.h"
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

void notify_whisper(struct turn *turn, const char *channel, const char *user, json_t *message)
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

void notify_whispered(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK || result->outcome == OUTCOME_UNKNOWN)
        return;
    json_t *message = json_loadb(result->body, result->body_size, 0, NULL);
    if (message == NULL)
        return;
    json_object_del(message, "user");
    notify_person(turn, result->target, message);
}

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
