/* Clicks on a request's buttons: what they ask, and what a form knows of the one that opened it. */
#ifndef CPPO_HANDLERS_CLICKS_H
#define CPPO_HANDLERS_CLICKS_H

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "slack/payload.h"
#include "views/form.h"

/* What a click on a request's button asks, as a pending action. False: it is bound to nothing
 * that the book holds, and the person has been told. */
bool click_action(struct turn *turn, const struct slack_envelope *from,
                  const struct action_type *what, struct pending_action *pending);
/* What a form, of an id of its own, says of the button that opened it. */
struct form_origin click_origin(struct turn *turn, const struct pending_action *pending);

#endif
