/* What the rules of approval look at in an offer. */
#ifndef CPPO_FLOWS_OFFERING_FACTS_H
#define CPPO_FLOWS_OFFERING_FACTS_H

#include "engine/turn.h"
#include "offers/request.h"
#include "offers/rules.h"

/* A row of its kind (offers/kind.h: rule_facts). */
void offering_facts(struct turn *turn, const struct request *offer, struct rule_facts *facts);

#endif
