/* The form of an offer. */
#ifndef CPPO_HANDLERS_OFFER_FORM_H
#define CPPO_HANDLERS_OFFER_FORM_H

#include "flows/opening.h"
#include "slack/payload.h"
#include "views/form.h"
#include "views/form_fields.h"

/* Open the offer's form as ${view} has it filled in, under an id of its own. Its choices are all
 * that can be used; they are shown at once where it is known that the person may request, else not,
 * for whoever opens a form may be anybody. Of playbooks it offers those that the person may use.
 * ${value}: of a button that would open it again. */
void offer_form_open(struct turn *turn, const struct slack_envelope *from,
                     const struct opening *opening, const char *value, struct form_view *view);

/* What is said in its place where no authorization can be used. */
json_t *offer_form_instead(struct turn *turn);

/* What follows from what stands in the form of ${user}, or is to stand there: of an offer,
 * ${number}, or of a new one, 0. The caller frees the words of ${follow}. */
void offer_form_follow(struct turn *turn, const char *user, const struct form *form, int64_t number,
                       struct form_follow *follow);

#endif
