/* What a card shows of a new offer beside what it shows of every request (flows/cards_load.h). */
#ifndef CPPO_FLOWS_OFFERING_CARD_H
#define CPPO_FLOWS_OFFERING_CARD_H

#include "engine/turn.h"
#include "views/card.h"

/* As `load` and `unload` of a kind (offers/kind.h). */
void *offering_card_load(struct turn *turn, struct card *card);
void offering_card_unload(void *of_card);
/* What the customer pays for a unit, in a line; NULL: it is not known. */
char *offering_card_price(struct turn *turn, const struct request *offer);

#endif
