/* Clicks on a request's buttons: what they ask, and what a form knows of the one that opened it. */
#ifndef CPPO_HANDLERS_CLICKS_H
#define CPPO_HANDLERS_CLICKS_H

#include "book/pending_actions.h"
#include "engine/turn.h"
#include "offers/request.h"
#include "slack/payload.h"
#include "views/form.h"

/* What a click on a request's button asks, as a pending action. False: it is bound to nothing
 * that the book holds, and the person has been told. */
bool click_action(struct turn *turn, const struct slack_envelope *from,
                  const struct action_type *what, struct pending_action *pending);
/* What a form, of an id of its own, says of the button that opened it. */
struct form_origin click_origin(struct turn *turn, const struct pending_action *pending);

/* The same of a button that opens a form: the request as it is now; false: they may not, as far as
 * that is known, and have been told. */
bool click_opens(struct turn *turn, const struct slack_envelope *from,
                 const struct action_type *what, struct pending_action *pending,
                 struct request *request);
/* What came back of that form, into ${pending}. */
void click_returns(const struct slack_envelope *from, const struct form_origin *origin,
                   struct pending_action *pending);

#endif
