/* By which rule a request is approved: chosen when a revision is sent, by the facts of that moment,
 * and kept with it whatever becomes of the configuration. */
#ifndef CPPO_FLOWS_RULING_H
#define CPPO_FLOWS_RULING_H

#include "engine/turn.h"
#include "offers/request.h"

/* Its current revision was sent: choose a rule and keep it, in the book and in ${request}. Where no
 * rules are configured, nothing is done. */
void ruling_fix(struct turn *turn, struct request *request);

/* Why it cannot be approved by its rule, in words for who tries; on the heap, NULL: it can. */
char *ruling_obstacle(struct turn *turn, const struct request *request);

#endif
