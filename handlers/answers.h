/* How handlers answer what a person did. */
#ifndef CPPO_HANDLERS_ANSWERS_H
#define CPPO_HANDLERS_ANSWERS_H

#include <jansson.h>

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "handlers.h"
#include "offers/reference.h"
#include "slack/payload.h"

/* ${body} as what an ack carries, on the heap: the one way to it. NULL: it is longer than one may
 * be, 20 kB, above which Slack ends the connection. Takes ${body}. */
char *answer_body(json_t *body);

/* Acknowledge with a message only the person sees (slash commands); takes ${message}. */
struct decision answer_message(struct turn *turn, const struct slack_envelope *from,
                               json_t *message);
/* The same with one that is written already, as JSON text on the heap. */
struct decision answer_text(struct turn *turn, const struct slack_envelope *from, char *message);
/* The subcommand was typed without the number of a request, which it needs. */
struct decision answer_which(struct turn *turn, const struct slack_envelope *from,
                             const struct usage *usage);
/* Answer a click: in the place of the message with the button, when only this person sees it; else
 * beside it. Takes ${message}. */
void answer_click(struct turn *turn, const struct slack_envelope *from, json_t *message);
/* Acknowledge with errors beside fields; takes ${errors}: {"block id": "text"}. */
struct decision answer_errors(struct turn *turn, json_t *errors);
/* The same beside the field of ${block}, where what was typed is still to be seen: the form showed
 * ${shown}, which is of another book than this one. */
struct decision answer_other_book(struct turn *turn, const struct slack_envelope *from,
                                  const char *block, const struct reference *shown);

/* Decide whether they may, now or later, and answer. */
struct decision answer_action(struct turn *turn, const struct pending_action *pending);

#endif
