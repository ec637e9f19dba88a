/* What must be true of every envelope that was decoded. */
#ifndef CPPO_TESTS_FUZZ_ENVELOPE_JUDGE_H
#define CPPO_TESTS_FUZZ_ENVELOPE_JUDGE_H

#include "fuzz.h"
#include "offers/content.h"
#include "slack/payload.h"
#include "views/form.h"

static inline void judge_texts(const struct slack_envelope *e)
{
    const char *const texts[] = {e->id,
                                 e->type,
                                 e->user,
                                 e->trigger,
                                 e->channel,
                                 e->command,
                                 e->command_text,
                                 e->action_id,
                                 e->action_ts,
                                 e->value,
                                 e->block_id,
                                 e->message_ts,
                                 e->click_ts,
                                 e->view_id,
                                 e->event_id,
                                 e->callback_id,
                                 e->private_metadata};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        must(texts[i] != NULL && fuzz_utf8(texts[i]), "every text is there, and is one");
    must(*e->id != '\0', "an envelope can be acknowledged");
    must(*e->user != '\0' || e->kind == SLACK_OTHER, "what nobody did is not acted upon");
}

static inline void judge_keys(const struct slack_envelope *e)
{
    char storage[SLACK_KEYS][SLACK_KEY];
    const char *keys[SLACK_KEYS];
    char route[SLACK_ROUTE];
    size_t count = 0;
    slack_keys(e, storage, keys);
    for (; keys[count] != NULL; count++)
        must(strlen(keys[count]) < SLACK_KEY && *keys[count] != '\0', "a key fits");
    must(count >= 1 && count < SLACK_KEYS, "each envelope has a key");
    slack_route(e, route);
    must(strlen(route) < SLACK_ROUTE && *route != '\0', "each envelope has a route");
}

static inline void judge_values(const struct slack_envelope *e)
{
    struct form_origin origin;
    for (int field = 0; field < FIELD_COUNT; field++) {
        const char *value = slack_view_value(e, field_name((enum field)field));
        must(value == NULL || (*value != '\0' && fuzz_utf8(value)), "a value is a text or none");
    }
    if (form_origin_read(e->private_metadata, &origin))
        must(origin.request.number >= 0 && origin.request.revision >= 0,
             "a form's origin is an offer or none");
}

/* --- an independent reading of the payload --- */

/* The text at the end of these keys, "" when there is none or it is longer than ${most}. */
static inline const char *look(const json_t *from, size_t most, const char *const *keys)
{
    while (*keys != NULL)
        from = json_object_get(from, *keys++);
    const char *text = json_is_string(from) ? json_string_value(from) : "";
    return strlen(text) <= most ? text : "";
}
#define ID(from, ...) look((from), 255, (const char *const[]){__VA_ARGS__, NULL})
#define SQL_TEXT(from, ...) look((from), SIZE_MAX, (const char *const[]){__VA_ARGS__, NULL})

static inline void same(const char *read, const char *expected, const char *what)
{
    must(strcmp(read, expected) == 0, what);
}

static inline char *replaced(char *text, const char *from, char to)
{
    for (char *at = text; (at = strstr(at, from)) != NULL; at++) {
        *at = to;
        memmove(at + 1, at + strlen(from), strlen(at + strlen(from)) + 1);
    }
    return text;
}

static inline void judge_command(const struct slack_envelope *e, const json_t *payload)
{
    char *text = mem_copy(SQL_TEXT(payload, "text"));
    replaced(replaced(replaced(text, "&lt;", '<'), "&gt;", '>'), "&amp;", '&');
    same(e->command_text, text, "what was typed is read");
    same(e->user, ID(payload, "user_id"), "who typed is read");
    same(e->command, ID(payload, "command"), "the command is read");
    same(e->channel, ID(payload, "channel_id"), "where is read");
    same(e->trigger, SQL_TEXT(payload, "trigger_id"), "the trigger is read");
    free(text);
}

static inline void judge_click(const struct slack_envelope *e, const json_t *payload)
{
    const json_t *action = json_array_get(json_object_get(payload, "actions"), 0);
    const char *value = SQL_TEXT(action, "value");
    bool whispered =
        json_is_true(json_object_get(json_object_get(payload, "container"), "is_ephemeral"));
    const char *ts = ID(payload, "container", "message_ts");
    same(e->action_id, ID(action, "action_id"), "the button is read");
    same(e->action_ts, ID(action, "action_ts"), "when is read");
    same(e->value, *value != '\0' ? value : SQL_TEXT(action, "selected_option", "value"),
         "the button's value is read");
    same(e->message_ts, whispered ? "" : ts, "the card is read, and no whisper is one");
}

static inline void judge_interaction(const struct slack_envelope *e, const json_t *payload)
{
    const char *channel = ID(payload, "container", "channel_id");
    same(e->user, ID(payload, "user", "id"), "who acted is read");
    same(e->channel, *channel != '\0' ? channel : ID(payload, "channel", "id"), "where is read");
    same(e->trigger, SQL_TEXT(payload, "trigger_id"), "the trigger is read");
    same(e->callback_id,
         e->kind == SLACK_SHORTCUT ? ID(payload, "callback_id")
                                   : ID(payload, "view", "callback_id"),
         "the form, or the shortcut, is read");
    same(e->private_metadata, SQL_TEXT(payload, "view", "private_metadata"), "its origin is read");
    if (e->kind == SLACK_ACTION) {
        judge_click(e, payload);
    } else if (e->kind == SLACK_SUGGEST) {
        same(e->action_id, ID(payload, "action_id"), "the field is read");
        same(e->value, SQL_TEXT(payload, "value"), "what was typed is read");
    }
}

static inline const json_t *event_in(const json_t *payload)
{
    const json_t *event = json_object_get(payload, "event");
    return json_is_object(event) ? event : payload;
}

static inline void judge_meaning(const struct slack_envelope *e)
{
    const json_t *payload = json_object_get(e->root, "payload");
    const char *type = SQL_TEXT(e->root, "type");
    const char *kind = SQL_TEXT(payload, "type");
    bool command = strcmp(type, "slash_commands") == 0 && *ID(payload, "user_id") != '\0';
    bool acted = strcmp(type, "interactive") == 0 && *ID(payload, "user", "id") != '\0';
    const json_t *event = event_in(payload);
    const char *by = ID(event, "user");
    bool told =
        strcmp(type, "events_api") == 0 && (*by != '\0' || *ID(event, "user", "id") != '\0');
    must((e->kind == SLACK_COMMAND) == command, "a command is one");
    must((e->kind == SLACK_EVENT) == told, "an event");
    must((e->kind == SLACK_ACTION) == (acted && strcmp(kind, "block_actions") == 0), "a click");
    must((e->kind == SLACK_SUBMIT) == (acted && strcmp(kind, "view_submission") == 0), "a form");
    must((e->kind == SLACK_SUGGEST) == (acted && strcmp(kind, "block_suggestion") == 0),
         "a search");
    must((e->kind == SLACK_SHORTCUT) ==
             (acted && (strcmp(kind, "shortcut") == 0 || strcmp(kind, "message_action") == 0)),
         "a shortcut");
    if (e->kind == SLACK_COMMAND)
        judge_command(e, payload);
    else if (e->kind == SLACK_EVENT)
        same(e->user, *by != '\0' ? by : ID(event, "user", "id"), "whose event it is is read");
    else if (e->kind != SLACK_OTHER)
        judge_interaction(e, payload);
}

static inline void judge_frame(const char *bytes, size_t size)
{
    struct err err = {.text = ""};
    struct slack_envelope *e = slack_envelope_decode(slack_frame_parse(bytes, size, &err), &err);
    if (e != NULL) {
        judge_texts(e);
        judge_keys(e);
        judge_values(e);
        judge_meaning(e);
    } else {
        must(err.text[0] != '\0' && fuzz_utf8(err.text), "a refusal says why");
    }
    slack_envelope_free(e);
}

#endif
