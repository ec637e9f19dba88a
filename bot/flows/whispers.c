#include "flows/whispers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "flows/app_context.h"
#include "flows/flow.h"
#include "flows/notify.h"
#include "log.h"
#include "mem.h"
#include "slack/api.h"
#include "slack/blocks.h"
#include "slack/payload.h"
#include "text.h"
#include "views/messages.h"

static const struct effect_type answer_effect, whisper_effect, view_update_effect;

static const int64_t KEPT_MS = 15000; /* an answer that was not shown by then is posted */

/* The answer was shown: the direct message that was kept meanwhile (its effect; 0: none) is not
 * needed any more. */
static void let_go(struct turn *turn, int64_t kept)
{
    if (kept != 0)
        turn_cancel(turn, kept);
}

/* --- in a channel --- */

enum { RESPONSE_USES = 5, RESPONSE_NAME = 2 * PERSON_ID + 20 };

static const int64_t RESPONSE_MS = INT64_C(29) * 60 * 1000; /* Slack's 30, with a margin */

/* The newest address at which this person can be answered in this channel. */
static void response_name(char name[RESPONSE_NAME], const char *channel, const char *user)
{
    snprintf(name, RESPONSE_NAME, "response %.31s %.31s", channel, user);
}

/* Its response url is remembered for half an hour, in memory alone, behind the ts of the message of
 * theirs that it can replace ("": none) and a space; one that is not Slack's own is not. */
static void on_delivery(struct turn *turn, const void *payload)
{
    const struct slack_envelope *from = payload;
    char name[RESPONSE_NAME];
    const char *api = app_context_of(turn)->slack_url;
    if (*from->response_url == '\0' || *from->channel == '\0')
        return;
    if (!slack_response_allowed(from->response_url, api != NULL ? api : "")) {
        log_warn("response url refused", F_TEXT("user", from->user));
        return;
    }
    response_name(name, from->channel, from->user);
    char *noted = text_format("%s %s", from->whisper_ts, from->response_url);
    turn_note(turn, name, noted, RESPONSE_MS, RESPONSE_USES);
    mem_wipe_free(noted);
}

/* By chat.postEphemeral, which only reaches channels where the bot is. Takes ${message}. */
static void post_ephemeral(struct turn *turn, const char *channel, const char *user, int64_t kept,
                           json_t *message)
{
    if (*channel == '\0' || *channel == 'D') {
        let_go(turn, kept);
        notify_answer(turn, user, message);
        return;
    }
    json_object_set_new(message, "user", json_string(user));
    flow_effect(turn, &(struct effect){.type = &whisper_effect, .subject = kept, .target = user},
                blocks_message_to(message, channel));
}

/* At the response url when there is one: it works everywhere. What is replaced there is the message
 * whose button gave that url, and no other may be meant. Takes ${message}. */
static void answer(struct turn *turn, const char *channel, const char *user, const char *question,
                   int64_t kept, json_t *message)
{
    char name[RESPONSE_NAME];
    response_name(name, channel, user);
    char *noted = turn_noted(turn, name);
    if (noted == NULL) {
        post_ephemeral(turn, channel, user, kept, message);
        return;
    }
    char *url = strrchr(noted, ' ') + 1; /* which has none */
    size_t size = strlen(question);
    bool replace = size > 0 && noted + size + 1 == url && memcmp(noted, question, size) == 0;
    json_object_set_new(message, "response_type", json_string("ephemeral"));
    json_object_set_new(message, "replace_original", json_boolean(replace));
    json_t *body = json_pack("{s:s, s:s, s:o}", "url", url, "channel", channel, "message", message);
    flow_effect(turn, &(struct effect){.type = &answer_effect, .subject = kept, .target = user},
                body);
    mem_wipe_free(noted);
}

static void on_answer(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK) {
        let_go(turn, result->subject);
        return;
    }
    json_t *body = json_loadb(result->body, result->body_size, 0, NULL);
    json_t *message = json_object_get(body, "message");
    const char *channel = json_string_value(json_object_get(body, "channel"));
    if (json_is_object(message) && channel != NULL) {
        json_object_del(message, "response_type");
        json_object_del(message, "replace_original");
        post_ephemeral(turn, channel, result->target, result->subject, json_incref(message));
    }
    json_decref(body);
}

/* Where it may have been seen, too: a second message is better than none. One that is kept leaves
 * by itself. */
static void on_whisper(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK)
        let_go(turn, result->subject);
    if (result->outcome == OUTCOME_OK || result->subject != 0)
        return;
    json_t *message = json_loadb(result->body, result->body_size, 0, NULL);
    if (message == NULL)
        return;
    json_object_del(message, "user");
    notify_answer(turn, result->target, message);
}

/* --- in a modal --- */

bool whispers_in_modal(const char *place)
{
    return *place == 'V';
}

static void update_modal(struct turn *turn, const char *view_id, const char *user, int64_t kept,
                         json_t *view)
{
    json_t *body = json_pack("{s:s, s:o}", "view_id", view_id, "view", view);
    flow_effect(
        turn, &(struct effect){.type = &view_update_effect, .subject = kept, .target = user}, body);
}

void whisper_view(struct turn *turn, const char *view_id, const char *user, json_t *view)
{
    update_modal(turn, view_id, user, 0, view);
}

static void on_view_update(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK)
        let_go(turn, result->subject);
    if (result->outcome == OUTCOME_OK || result->subject != 0)
        return;
    json_t *body = json_loadb(result->body, result->body_size, 0, NULL);
    const json_t *view = json_object_get(body, "view");
    const char *text = json_string_value(json_object_get(view, "private_metadata"));
    if (text != NULL &&
        *text != '\0') /* news, and not only a page of what can be asked for again */
        notify_person(
            turn, result->target,
            json_pack("{s:s, s:O}", "text", text, "blocks", json_object_get(view, "blocks")));
    json_decref(body);
}

/* --- wherever it is --- */

void whisper_replace(struct turn *turn, const char *place, const char *user, const char *question,
                     bool keep, json_t *message)
{
    int64_t kept = keep ? notify_answer_later(turn, user, KEPT_MS, message) : 0;
    if (whispers_in_modal(place))
        update_modal(turn, place, user, kept, message_modal(message));
    else
        answer(turn, place, user, question, kept, message);
}

void whisper_message(struct turn *turn, const char *place, const char *user, json_t *message)
{
    whisper_replace(turn, place, user, "", false, message);
}

static const struct effect_type answer_effect = {
    .name = "answer",
    .kind = EFFECT_VOLATILE,
    .call = "slack:" SLACK_RESPONSE,
    .done = on_answer,
};
static const struct effect_type whisper_effect = {
    .name = "whisper",
    .kind = EFFECT_VOLATILE,
    .call = "slack:chat.postEphemeral",
    .done = on_whisper,
};
static const struct effect_type view_update_effect = {
    .name = "view.update",
    .kind = EFFECT_VOLATILE,
    .call = "slack:views.update",
    .done = on_view_update,
};

const struct flow whispers_flow = {
    .effects = {&answer_effect, &whisper_effect, &view_update_effect}, .on_delivery = on_delivery};
