/* Whether somebody may be shown a form, which names authorizations and prices. Of one who was never
 * read Slack is asked first: its answer opens the form while the trigger is good, and else (three
 * seconds are over) the person presses once more. */
#ifndef CPPO_FLOWS_OPENING_H
#define CPPO_FLOWS_OPENING_H

#include "flows/forms.h"
#include "flows/rosters.h"
#include "slack/payload.h"

/* True: the form may be opened now. False: *${why} says why not (on the heap); or is NULL: Slack is
 * asked first, and its answer opens it or tells the person. ${value}: of a button that would open
 * it again. What is sent in is decided in any case. */
bool opening_try(struct turn *turn, const struct slack_envelope *from,
                 const struct opening *opening, const struct request *request, const char *value,
                 char **why);
/* By what was known of them last, whenever that was. */
bool opening_known(struct turn *turn, enum right right, const char *user,
                   const struct request *request);

#endif
