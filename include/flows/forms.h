/* Opening forms; and, where that came too late, a way to try again. */
#ifndef CPPO_FLOWS_FORMS_H
#define CPPO_FLOWS_FORMS_H

#include <jansson.h>

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/policy.h"
#include "slack/payload.h"

/* Opens a form, for a button with ${value}: NULL, or what to say instead. */
typedef json_t *start_fn(struct turn *turn, const struct slack_envelope *from, const char *value);

/* A form that names authorizations and prices. Each is a part of the handler that has it, and is
 * found again by its action when Slack answers (flows/app_context.h: opening_of). */
struct opening {
    const char *action; /* of the button that opens it (again) */
    enum right who;
    const struct request_kind *kind; /* what is asked for anew by it; NULL: nothing is */
    bool of_request;                 /* the button's value refers to one; the right is to that */
    start_fn *start;
    bool typed; /* the value is what was typed for it: a button has the id by which it is kept */
};

/* Open ${view} (taken) for the person who acted. Should it be too late, a button with ${action} and
 * ${value} lets them try again. */
void forms_open(struct turn *turn, const struct slack_envelope *from, json_t *view,
                const char *action, const char *value);

/* Show ${view} (taken) in the place of the form that ${from} came from, as follows from what was
 * done there. It was made of the form as it then was: of several changes in a short time the newest
 * is shown. What is not shown so is asked for when the form is sent in. */
void forms_update(struct turn *turn, const struct slack_envelope *from, json_t *view);
/* The form is sent in, and the answer shows it anew: no update from before may undo that. */
void forms_superseded(struct turn *turn, const struct slack_envelope *from);

/* These words with a button that opens the form again; what was typed for it is kept. */
json_t *forms_try_again(struct turn *turn, const char *user, const char *words, const char *action,
                        const char *value);

#endif
