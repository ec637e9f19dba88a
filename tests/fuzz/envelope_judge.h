/* What must be true of every envelope that was decoded. */
#ifndef CPPO_TESTS_FUZZ_ENVELOPE_JUDGE_H
#define CPPO_TESTS_FUZZ_ENVELOPE_JUDGE_H

#include "fuzz.h"
#include "offers/content.h"
#include "slack/payload.h"
#include "views/form.h"

static inline void judge_texts(const struct slack_envelope *e)
{
    const char *const texts[] = {
        e->id,        e->type,     e->user,         e->user_team,       e->trigger,
        e->channel,   e->command,  e->command_text, e->action_id,       e->action_ts,
        e->value,     e->block_id, e->message_ts,   e->click_ts,        e->view_id,
        e->view_hash, e->event_id, e->callback_id,  e->private_metadata};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        must(texts[i] != NULL && fuzz_utf8(texts[i]), "every text is there, and is one");
    must(*e->id != '\0', "an envelope can be acknowledged");
    must(*e->user != '\0' || e->kind == SLACK_OTHER, "what nobody did is not acted upon");
}

static inline void judge_keys(const struct slack_envelope *e)
{
    char room[SLACK_KEYS][SLACK_KEY];
    const char *keys[SLACK_KEYS];
    char route[SLACK_ROUTE];
    size_t count = 0;
    slack_keys(e, room, keys);
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
        must(origin.offer >= 0 && origin.revision >= 0, "a form's origin is an offer or none");
}

static inline void judge_frame(const char *bytes, size_t size)
{
    struct err err = {.text = ""};
    struct slack_envelope *e = slack_envelope_decode(bytes, size, &err);
    if (e != NULL) {
        judge_texts(e);
        judge_keys(e);
        judge_values(e);
    } else {
        must(err.text[0] != '\0' && fuzz_utf8(err.text), "a refusal says why");
    }
    slack_envelope_free(e);
}

#endif
