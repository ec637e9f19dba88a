/* A single-use authorization belongs to at most one approved offer (offers/claim.h), and is free
 * again when that offer goes another way. */
#ifndef CPPO_FLOWS_CLAIMS_H
#define CPPO_FLOWS_CLAIMS_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/authorization.h"

/* The other offer that has it; 0: none has, and ${offer} (0: one that is not made yet) may. */
int64_t claims_taken(struct turn *turn, const struct authorization *authorization, int64_t offer);
/* The same; and where none has, it is ${offer}'s from now on. */
int64_t claims_take(struct turn *turn, const struct authorization *authorization, int64_t offer);

#endif
