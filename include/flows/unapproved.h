/* Whoever may use AWS's console can release a draft there, at any time, though nobody approved it.
 * What is on its way to its release is compared before that (flows/publishing.h); what is live and
 * was rejected, withdrawn, or is still to be decided, is told to the operators: they alone can end
 * it. */
#ifndef CPPO_FLOWS_UNAPPROVED_H
#define CPPO_FLOWS_UNAPPROVED_H

#include "engine/turn.h"

/* It may be: have a look at its draft in a while, for AWS's reads lag. */
void unapproved_look(struct turn *turn, int64_t offer);

#endif
