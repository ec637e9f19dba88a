/* Everything that a card shows, loaded from the book. */
#ifndef CPPO_FLOWS_CARDS_LOAD_H
#define CPPO_FLOWS_CARDS_LOAD_H

#include "engine/turn.h"
#include "views/card.h"

/* NULL when there is no such offer. */
struct loaded_card;
struct loaded_card *cards_load(struct turn *turn, int64_t offer);
const struct card *cards_view(const struct loaded_card *loaded);
void cards_free(struct loaded_card *loaded);

#endif
