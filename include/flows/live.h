/* AWS need not heed the revision that a release names: what is live is compared once more. */
#ifndef CPPO_FLOWS_LIVE_H
#define CPPO_FLOWS_LIVE_H

#include "engine/turn.h"
#include "offers/offer.h"

/* What is live is not what was approved: the operators are told, and ${draft} says so. */
void live_differs(struct turn *turn, struct draft *draft, const char *differences);

#endif
