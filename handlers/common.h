/* What handlers share: answers, opening forms, and clicks on an offer's buttons. */
#ifndef CPPO_HANDLERS_COMMON_H
#define CPPO_HANDLERS_COMMON_H

#include <jansson.h>

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "handlers.h"
#include "slack/payload.h"
#include "views/form.h"

/* ${body} as what an ack carries, on the heap: the one way to it. NULL: it is longer than one may
 * be, 20 kB, above which Slack ends the connection. Takes ${body}. */
char *answer_body(json_t *body);

/* Acknowledge with a message only the person sees (slash commands); takes ${message}. */
struct decision answer_message(struct turn *turn, const struct slack_envelope *from,
                               json_t *message);
/* The subcommand was typed without the number of an offer, which it needs. */
struct decision answer_which(struct turn *turn, const struct slack_envelope *from,
                             const struct usage *usage);
/* Answer a click: in the place of the message with the button, when only this person sees it; else
 * beside it. Takes ${message}. */
void answer_click(struct turn *turn, const struct slack_envelope *from, json_t *message);
/* Acknowledge with errors beside fields; takes ${errors}: {"block id": "text"}. */
struct decision answer_errors(struct turn *turn, json_t *errors);

/* Open the offer's form as ${view} has it filled in, under an id of its own. Its choices are all
 * that can be used; they are shown at once where it is known that the person may request, else not,
 * for whoever opens a form may be anybody. ${value}: of a button that would open it again. */
void offer_form_open(struct turn *turn, const struct slack_envelope *from,
                     const struct opening *opening, const char *value, struct form_view *view);

/* What a click on an offer's button asks, as a pending action. False: it is bound to nothing
 * that the book holds, and the person has been told. */
bool click_action(struct turn *turn, const struct slack_envelope *from,
                  const struct action_type *what, struct pending_action *pending);
/* What a form, of an id of its own, says of the button that opened it. */
struct form_origin click_origin(struct turn *turn, const struct pending_action *pending);
/* Decide whether they may, now or later, and answer. */
struct decision answer_action(struct turn *turn, const struct pending_action *pending);

/* A button that asks for a reason first. */
struct reason {
    const char *button; /* its action, "reject" */
    struct reason_form form;
    const struct action_type *action; /* what is then done, with the reason */
};
/* Open the form, or say at once that the person may not. */
struct decision reasons_ask(struct turn *turn, const struct slack_envelope *from,
                            const struct reason *reason);
/* It came back. */
struct decision reasons_take(struct turn *turn, const struct slack_envelope *from,
                             const struct reason *reason);

#endif
