/* What handlers share: answers, button values, opening forms, and the subcommands of /cppo. */
#ifndef CPPO_HANDLERS_COMMON_H
#define CPPO_HANDLERS_COMMON_H

#include <jansson.h>

#include "book/judgements.h"
#include "engine/turn.h"
#include "handlers.h"
#include "slack/payload.h"

/* Acknowledge with a message only the person sees (slash commands); takes ${message}. */
struct decision answer_message(struct turn *turn, const struct slack_envelope *from,
                               json_t *message);
/* Answer a click: in the place of the message with the button, when only this person sees it; else
 * beside it. Takes ${message}. */
void answer_click(struct turn *turn, const struct slack_envelope *from, json_t *message);
/* Acknowledge with errors beside fields; takes ${errors}: {"block id": "text"}. */
struct decision answer_errors(struct turn *turn, json_t *errors);

/* Why this person may not request offers, NULL when they may; or when it is not known yet, since
 * what they send in is judged in any case. */
const char *may_not_request(struct turn *turn, const char *user);

/* The authorizations that ${user} may choose from at once: all, when it is known that they may
 * request; else none, for whoever opens a form may be anybody. Borrows ${usable}. */
struct form_choices choices_for(struct turn *turn, const char *user,
                                const struct authorization *usable, size_t count);

/* Open ${view} (taken) for the person who acted. Should it be too late, a button with ${action} and
 * ${value} lets them try again. */
void open_view(struct turn *turn, const struct slack_envelope *from, json_t *view,
               const char *action, const char *value);

/* What a click on an offer's button asks, as something to be judged. False: it is bound to nothing
 * that the book holds, and the person has been told. */
bool judgement_of(struct turn *turn, const struct slack_envelope *from, enum judged what,
                  struct judgement *judgement);
/* Judge it now or later, and answer. */
struct decision answer_judged(struct turn *turn, const struct judgement *judgement);

/* The subcommands; ${rest} is what follows the word. */
struct decision new_command(struct turn *turn, const struct slack_envelope *from, const char *rest);
struct decision list_command(struct turn *turn, const struct slack_envelope *from,
                             const char *rest);
struct decision show_command(struct turn *turn, const struct slack_envelope *from,
                             const char *rest);
struct decision edit_command(struct turn *turn, const struct slack_envelope *from,
                             const char *rest);
struct decision withdraw_command(struct turn *turn, const struct slack_envelope *from,
                                 const char *rest);
struct decision help_command(struct turn *turn, const struct slack_envelope *from,
                             const char *rest);

/* Open the form that asks for a reason, or say at once that the person may not decide. */
struct decision ask_reason(struct turn *turn, const struct slack_envelope *from, bool reject);
struct decision take_reason(struct turn *turn, const struct slack_envelope *from, enum judged what);

#endif
