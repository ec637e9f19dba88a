/* A request in full, shown to somebody who may see it: as a modal, in the modal where they pressed
 * a button, or as a message where they acted. */
#ifndef CPPO_FLOWS_DETAILS_H
#define CPPO_FLOWS_DETAILS_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "flows/replies.h"
#include "offers/policy.h"

/* A modal about this request can be opened for this person, for the moment that ${trigger} lives;
 * which is never stored. */
void details_expect(struct turn *turn, const char *user, int64_t request, const char *trigger);

/* Show ${request} to ${person}, who may see it; of its history what is older than the ${skipped}
 * newest moves. */
void details_show(struct turn *turn, const struct reply_to *to, const struct person *person,
                  const struct request *request, size_t skipped);

#endif
