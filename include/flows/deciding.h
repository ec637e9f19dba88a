/* What people decide about an offer, once it is known that they may: the rules of design and
 * policy, the move, and what is said to the one who tried. */
#ifndef CPPO_FLOWS_DECIDING_H
#define CPPO_FLOWS_DECIDING_H

#include "book/judgements.h"
#include "engine/turn.h"
#include "offers/policy.h"

/* Carry out ${judgement} for ${person}, whose lists are fresh, against the offer as it is now. All
 * refusals are told to the person. ${content}: of a revision, else NULL. */
void deciding_apply(struct turn *turn, const struct judgement *judgement,
                    const struct person *person, const struct content *content);

/* Nobody can find out who sent this in: it ends, told to them and to the operators. */
void deciding_give_up(struct turn *turn, const struct judgement *judgement,
                      const struct content *content);

/* An offer moved: card, direct message, and what goes on without a person. Everybody who moves an
 * offer calls this once afterwards. */
void deciding_moved(struct turn *turn, const struct offer *offer);

/* accept_by is past for an hour: a pending offer lapses. A timer; subject: the offer. */
void deciding_lapse(struct turn *turn, int64_t offer);

#endif
