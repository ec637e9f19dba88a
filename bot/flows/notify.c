#include "flows/notify.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book/people.h"
#include "book/requests.h"
#include "flows/app_context.h"
#include "flows/lists.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "slack/api.h"
#include "slack/payload.h"
#include "text.h"
#include "views/messages.h"

static const struct effect_type notice_effect, answer_effect, whisper_effect, view_update_effect;

/* chat.* arguments: the message with a channel, links left alone; changes ${message}. */
static json_t *arguments(json_t *message, const char *channel, const char *user)
{
    json_object_set_new(message, "channel", json_string(channel));
    if (user != NULL)
        json_object_set_new(message, "user", json_string(user));
    json_object_set_new(message, "unfurl_links", json_false());
    json_object_set_new(message, "unfurl_media", json_false());
    return message;
}

/* What may wait for one reader; Slack takes one message a second. */
enum { MAX_NEWS = 40, MAX_ANSWERS = 20 };

/* In the place of all that is too much for one reader. */
static json_t *instead(bool answer)
{
    if (answer)
        return message_plain("Slack limits how fast I can answer, so some answers are missing "
                             "here. Please retry anything you still need.");
    return message_format("There were more updates than Slack lets me send; some are missing. "
                          "/cppo list shows how the %s stand now.",
                          kinds_words()->nouns);
}

/* ${topic}: of what stands unsent about it only the newest is sent; NULL: all is. */
static void post(struct turn *turn, const char *channel, const char *topic, bool answer,
                 json_t *message)
{
    char *lane = text_format("channel:%s", channel);
    struct effect notice = {.type = &notice_effect, .lane = lane, .answer = answer, .topic = topic};
    if (turn_crowded(turn, &notice, answer ? MAX_ANSWERS : MAX_NEWS)) {
        log_warn("message dropped", F_TEXT("to", channel),
                 F_TEXT("why", "too many are waiting to be sent there"));
        json_decref(message);
        message = instead(answer);
        notice.topic = answer ? "more answers" : "more news";
    }
    flow_effect(turn, &notice, arguments(message, channel, NULL));
    free(lane);
}

/* Slack takes a user's id for the direct message with the app. */
void notify_person(struct turn *turn, const char *user, json_t *message)
{
    post(turn, user, NULL, false, message);
}

void notify_news(struct turn *turn, const char *user, int64_t request, json_t *message)
{
    char topic[32];
    snprintf(topic, sizeof(topic), "CPPO-%lld", (long long)request);
    post(turn, user, topic, false, message);
}

/* The answer to what this person just did: ahead of all news. */
static void post_answer(struct turn *turn, const char *user, json_t *message)
{
    post(turn, user, NULL, true, message);
}

/* --- answers --- */

static const int64_t KEPT_MS = 15000; /* an answer that was not shown by then is posted */

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

/* What is shown where somebody acted is lost when the process ends before it is shown. What they
 * must know, since nothing came of what they did, is kept meanwhile as a direct message: the
 * effect, for the subject of what shows it; 0: none. */
static int64_t keep(struct turn *turn, const char *user, json_t *message)
{
    char *lane = text_format("kept:%s", user);
    const struct effect notice = {
        .type = &notice_effect, .lane = lane, .answer = true, .wait_ms = KEPT_MS};
    int64_t kept = 0; /* of one who presses on and on while Slack is away, the first ones */
    if (!turn_crowded(turn, &notice, MAX_ANSWERS))
        kept = flow_effect(turn, &notice, arguments(json_deep_copy(message), user, NULL));
    free(lane);
    return kept;
}

/* It was shown. */
static void let_go(struct turn *turn, int64_t kept)
{
    if (kept != 0)
        turn_cancel(turn, kept);
}

/* By chat.postEphemeral, which only reaches channels where the bot is. Takes ${message}. */
static void whisper(struct turn *turn, const char *channel, const char *user, int64_t kept,
                    json_t *message)
{
    if (*channel == '\0' || *channel == 'D') {
        let_go(turn, kept);
        post_answer(turn, user, message);
        return;
    }
    flow_effect(turn, &(struct effect){.type = &whisper_effect, .subject = kept, .target = user},
                arguments(message, channel, user));
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
        whisper(turn, channel, user, kept, message);
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

/* --- in a modal --- */

bool notify_in_modal(const char *place)
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

void notify_modal(struct turn *turn, const char *view_id, const char *user, json_t *view)
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

/* --- where they acted --- */

void notify_replace(struct turn *turn, const char *channel, const char *user, const char *question,
                    bool kept, json_t *message)
{
    int64_t effect = kept ? keep(turn, user, message) : 0;
    if (notify_in_modal(channel))
        update_modal(turn, channel, user, effect, message_modal(message));
    else
        answer(turn, channel, user, question, effect, message);
}

void notify_whisper(struct turn *turn, const char *channel, const char *user, json_t *message)
{
    notify_replace(turn, channel, user, "", false, message);
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
        whisper(turn, channel, result->target, result->subject, json_incref(message));
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
    post_answer(turn, result->target, message);
}

/* --- operators --- */

/* Is the last of them among the others? */
static bool is_again(char (*ids)[PERSON_ID], size_t count)
{
    size_t i = 0;
    while (i + 1 < count && strcmp(ids[i], ids[count - 1]) != 0)
        i++;
    return i + 1 < count;
}

/* Those named, and the members of the groups as last read, each once: they may stand in both, and
 * by two ids. Takes ${message}. */
static void tell_each_operator(struct turn *turn, json_t *message)
{
    const struct config_people *operators = lists_people(turn, LIST_OPERATORS);
    struct list_walk walk = {.user = 0};
    char(*told)[PERSON_ID] = NULL;
    size_t count = 0;
    const char *person;
    while ((person = lists_next(turn, operators, &walk)) != NULL) {
        told = mem_resize(told, count + 1, sizeof(*told));
        people_identity(turn, person, told[count++]);
        if (!is_again(told, count))
            notify_person(turn, person, json_deep_copy(message));
    }
    free(told);
    json_decref(message);
}

static void tell_operators(struct turn *turn, const char *text)
{
    const char *channel = app_config(turn)->channel_operators;
    if (*channel != '\0')
        post(turn, channel, NULL, false, message_plain(text));
    else
        tell_each_operator(turn, message_plain(text));
}

static void tell_formatted(struct turn *turn, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void tell_formatted(struct turn *turn, const char *format, va_list args)
{
    char *text = text_vformat(format, args);
    tell_operators(turn, text);
    free(text);
}

void notify_operators(struct turn *turn, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell_formatted(turn, format, args);
    va_end(args);
}

/* In memory, for so long: a note whose text nobody reads. False: it was noted already. */
static bool note(struct turn *turn, const char *what, const char *about, int64_t ms)
{
    char *name = text_format("told %s %s", what, about);
    char *noted = turn_noted(turn, name);
    bool is_new = noted == NULL;
    if (is_new)
        turn_note(turn, name, "", ms, INT_MAX);
    free(noted);
    free(name);
    return is_new;
}

/* False: they were told. */
static bool note_matter(struct turn *turn, const struct matter *matter, const char *about)
{
    bool stored = matter->lasts == TOLD_FOR_EVER || matter->lasts == TOLD_UNTIL_WELL;
    assert(stored == (matter->name == NULL));
    switch (matter->lasts) {
    case TOLD_FOR_EVER:
    case TOLD_UNTIL_WELL:
        return settings_note(turn, matter->setting, about);
    case TOLD_A_DAY:
        return note(turn, matter->name, about, INT64_C(24) * HOUR_MS);
    case TOLD_AN_HOUR:
        return note(turn, matter->name, about, HOUR_MS);
    }
    abort(); /* there are no others */
}

bool notify_operators_once(struct turn *turn, const struct matter *matter, const char *about,
                           const char *format, ...)
{
    va_list args;
    bool news = note_matter(turn, matter, about);
    va_start(args, format);
    if (news)
        tell_formatted(turn, format, args);
    va_end(args);
    return news;
}

void notify_well(struct turn *turn, const struct matter *matter, const char *about)
{
    assert(matter->lasts == TOLD_UNTIL_WELL);
    settings_forget(turn, matter->setting, about);
}

static const struct matter unreadable = {TOLD_FOR_EVER, .setting = SETTING_UNREADABLE};

void notify_unreadable(struct turn *turn, const struct request *request)
{
    if (request->state != STATE_UNREADABLE)
        return;
    char number[24];
    const char *noun = request->kind->words->noun;
    snprintf(number, sizeof(number), "%lld", (long long)request->number);
    if (note(turn, "log unreadable", number, INT64_MAX / 2))
        log_error("request unreadable", F_INT("request", request->number),
                  F_TEXT("why", request->problem));
    notify_operators_once(
        turn, &unreadable, number,
        "My record of CPPO-%lld cannot be read, so I am leaving that %s alone; all "
        "others go on. Look at it in AWS Marketplace, run “cppo-bot check” to test the "
        "state file, and restore a backup or request the %s anew.",
        (long long)request->number, noun, noun);
}

bool notify_if_unreadable(struct turn *turn, int64_t number)
{
    struct request request;
    if (!requests_get(turn, number, &request))
        return false;
    notify_unreadable(turn, &request);
    return request.state == STATE_UNREADABLE;
}

static void on_notice(struct turn *turn, const struct result *result)
{
    if (result->outcome == OUTCOME_OK)
        return;
    json_t *message = json_loadb(result->body, result->body_size, 0, NULL);
    const char *channel = json_string_value(json_object_get(message, "channel"));
    log_error("message refused", F_TEXT("to", channel), F_TEXT("code", result->code),
              F_TEXT("why", result->text));
    if (channel != NULL && strcmp(channel, app_config(turn)->channel_operators) == 0)
        tell_each_operator(turn, json_incref(message));
    json_decref(message);
}

static const struct effect_type notice_effect = {
    .name = "notice",
    .kind = EFFECT_NOTICE,
    .call = "slack:chat.postMessage",
    .done = on_notice,
    .gap_ms = SLACK_POST_GAP_MS,
};
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

const struct flow notify_flow = {
    .effects = {&notice_effect, &answer_effect, &whisper_effect, &view_update_effect},
    .on_alarm = tell_operators,
    .on_delivery = on_delivery};
