/* What people decide about an offer, once it is known that they may: the rules of design and
 * policy, the move, and what is said to the one who tried. */
#ifndef CPPO_FLOWS_DECIDING_H
#define CPPO_FLOWS_DECIDING_H

#include "book/judgements.h"
#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/policy.h"

extern const struct flow deciding_flow;

/* Carry out ${judgement} for ${person}, whose lists are fresh, against the offer as it is now. All
 * refusals are told to the person. ${content}: of a revision, else NULL. */
void deciding_apply(struct turn *turn, const struct judgement *judgement,
                    const struct person *person, const struct content *content);

#endif
