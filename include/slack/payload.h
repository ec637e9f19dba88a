/* A Socket Mode envelope, decoded. Sources: docs.slack.dev, "Using Socket Mode" and the reference
 * of interaction payloads; slash commands, block_actions, view_submission, block_suggestion,
 * shortcuts. */
#ifndef CPPO_SLACK_PAYLOAD_H
#define CPPO_SLACK_PAYLOAD_H

#include <jansson.h>
#include <stddef.h>

#include "err.h"

enum slack_kind {
    SLACK_COMMAND,  /* slash_commands */
    SLACK_ACTION,   /* block_actions */
    SLACK_SUBMIT,   /* view_submission */
    SLACK_SUGGEST,  /* block_suggestion */
    SLACK_SHORTCUT, /* shortcut, which knows no channel, and message_action */
    SLACK_EVENT,    /* events_api */
    SLACK_OTHER,    /* acknowledged and dropped */
};

/* Owns ${root}; all texts are borrowed from it (or from ${command_text}) and never NULL, "" when
 * the payload does not have them. */
struct slack_envelope {
    json_t *root;
    enum slack_kind kind;
    const char *id;
    const char *type; /* of the payload, of the event, or of the envelope */
    const char *user; /* who acted */
    const char *trigger;
    const char *channel; /* where they acted */
    const char *place;   /* where the answer belongs: that channel, or the id of the modal whose
                            button was pressed; "" for a form, which closes, and for a shortcut
                            outside of channels */
    const char *command; /* "/cppo"; as it was typed, so perhaps in capitals */
    char *command_text;  /* what followed it, &amp; &lt; &gt; decoded; of a message whose shortcut
                            was used, its text as people read it; owned */
    const char *action_id;
    const char *action_ts;
    const char *value;       /* of the button or option, or what was typed into a field; of
                                an event the tab that was opened: "home", "messages" */
    const char *block_id;    /* of the button */
    const char *message_ts;  /* of the message whose button was clicked; "" for one that only they
                                see, which cannot be updated and is nobody's card */
    const char *whisper_ts;  /* of the message whose button was clicked, where only they see it */
    const char *message_key; /* in the metadata of that message, where Slack sends it along */
    const char *click_ts;    /* the same, whoever sees it: part of the click's key */
    const char *view_id;
    const char *callback_id;
    const char *private_metadata;
    const char *event_id;
    /* Where this may be answered: a secret, good for half an hour. */
    const char *response_url;
};

enum { SLACK_FRAME = 2 * 1024 * 1024 }; /* of larger ones the id is read; Slack names no limit */

/* One frame as a JSON object, a new reference; of one that cannot be read, but in which the id of
 * an envelope can be seen, that id and the type "unreadable". NULL with an error: neither. NUL and
 * lone surrogates, which JSON can name, show as U+FFFD. Errors, these and the next, quote nothing
 * of the frame but its type: it may hold secrets. */
json_t *slack_frame_parse(const char *bytes, size_t size, struct err *err);

/* Decode a frame; takes ${frame}. NULL with an error when it is not an envelope (of no frame at
 * all: the error that its parsing left); an envelope whose payload is odd is of kind SLACK_OTHER,
 * so that it can be acknowledged, as is one of which the id alone can be read. */
struct slack_envelope *slack_envelope_decode(json_t *frame, struct err *err);
void slack_envelope_free(struct slack_envelope *envelope); /* NULL is fine */

/* The value of the input block of this name (view submissions): text, date, time, or the
 * chosen option's value; NULL when empty or not there. Borrowed. */
const char *slack_view_value(const struct slack_envelope *envelope, const char *block_id);

/* The form that was sent in, or in which something was pressed, as Slack has it: its blocks, and in
 * its state what is in them; NULL for anything else. Borrowed. */
const json_t *slack_view(const struct slack_envelope *envelope);

/* "command:/cppo", "action:approve", "view:offer_form", "options:authorization",
 * "shortcut:new_offer", "event:app_home_opened", "other". */
enum { SLACK_ROUTE = 300 };
void slack_route(const struct slack_envelope *envelope, char route[SLACK_ROUTE]);

/* Names under which a second delivery is recognised (a name that is too long: its hash); ${keys}
 * gets them and a NULL, pointing into ${storage}. */
enum { SLACK_KEYS = 5, SLACK_KEY = 400 };
void slack_keys(const struct slack_envelope *envelope, char storage[SLACK_KEYS][SLACK_KEY],
                const char *keys[SLACK_KEYS]);

#endif
