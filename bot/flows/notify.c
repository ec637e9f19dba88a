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
#include "flows/outsiders.h"
#include "log.h"
#include "mem.h"
#include "offers/kind.h"
#include "slack/api.h"
#include "slack/blocks.h"
#include "text.h"
#include "views/messages.h"

static const struct effect_type notice_effect;

/* What may wait for one reader; Slack takes one message a second. */
enum { MAX_NEWS = 40, MAX_ANSWERS = 20 };

/* Takes the place of everything that would be too much for one reader. */
static json_t *instead(bool answer)
{
    if (answer)
        return message_plain("Slack limits how fast I can answer, so some answers are missing "
                             "here. Please retry anything you still need.");
    return message_format("There were more updates than Slack lets me send; some are missing. "
                          "/cppo list shows how the %s stand now.",
                          kinds_words()->nouns);
}

/* ${topic}: only the newest unsent message about it is sent; NULL: all are. */
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
    flow_effect(turn, &notice, blocks_message_to(message, channel));
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

void notify_answer(struct turn *turn, const char *user, json_t *message)
{
    post(turn, user, NULL, true, message);
}

int64_t notify_answer_later(struct turn *turn, const char *user, int64_t wait_ms,
                            const json_t *message)
{
    char *lane = text_format("kept:%s", user);
    const struct effect notice = {
        .type = &notice_effect, .lane = lane, .answer = true, .wait_ms = wait_ms};
    int64_t kept = 0; /* if somebody keeps pressing while Slack is away, the first ones are kept */
    if (!turn_crowded(turn, &notice, MAX_ANSWERS))
        kept = flow_effect(turn, &notice, blocks_message_to(json_deep_copy(message), user));
    free(lane);
    return kept;
}

void notify_approvers(struct turn *turn, json_t *message)
{
    post(turn, app_config(turn)->channel_approvals, NULL, false, message);
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
 * by two ids. Where there is nobody, the approvers are told: people read elsewhere that somebody
 * knows. Takes ${message}. */
static void tell_each_operator(struct turn *turn, json_t *message)
{
    const struct config *config = app_config(turn);
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
    if (count == 0 && strcmp(config->channel_approvals, config->channel_operators) != 0)
        post(turn, config->channel_approvals, NULL, false, json_incref(message));
    free(told);
    json_decref(message);
}

static void tell_operators(struct turn *turn, const char *text)
{
    const char *channel = app_config(turn)->channel_operators;
    if (*channel != '\0' && !outsiders_read(turn, channel))
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

const struct flow notify_flow = {.effects = {&notice_effect}, .on_alarm = tell_operators};
