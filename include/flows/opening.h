/* Whether somebody may be shown a form, which names authorizations and prices. Of one who was never
 * read Slack is asked first: its answer opens the form while the trigger is good, and else (three
 * seconds are over) the person presses once more. */
#ifndef CPPO_FLOWS_OPENING_H
#define CPPO_FLOWS_OPENING_H

#include <jansson.h>

#include "flows/flow.h"
#include "flows/rosters.h"
#include "slack/payload.h"

/* Opens a form, for a button with ${value}: NULL, or what to say instead. */
typedef json_t *start_fn(struct turn *turn, const struct slack_envelope *from, const char *value);

/* A form that names authorizations and prices. Each stands with the handler that has it, by which
 * it is found again when Slack answers (flows/app_context.h: opening_of). */
struct opening {
    const char *action; /* of the button that opens it (again) */
    enum right who;
    bool of_offer; /* the button's value refers to an offer; the right is to that one */
    start_fn *start;
};

/* May a form be opened now? False: *${why} says why not (on the heap); or is NULL: Slack is asked
 * first, and its answer opens it or tells the person. ${value}: of a button that would open it
 * again. What is sent in is decided in any case. */
bool opening_allowed(struct turn *turn, const struct slack_envelope *from,
                     const struct opening *opening, const struct request *request,
                     const char *value, char **why);
/* By what was known of them last, whenever that was. */
bool opening_known(struct turn *turn, enum right right, const char *user,
                   const struct request *request);

#endif
