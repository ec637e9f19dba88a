/* Everything that a card shows, loaded from the book. */
#ifndef CPPO_FLOWS_CARDS_LOAD_H
#define CPPO_FLOWS_CARDS_LOAD_H

#include "engine/turn.h"
#include "views/card.h"

/* All that a card shows of a request of any kind, as the book has it now: freed by cards_free (NULL
 * is fine). NULL when there is no such request. */
struct loaded_card;
struct loaded_card *cards_load(struct turn *turn, int64_t request);
/* The same, for whoever reads ${channel}: there may be people of other organisations. */
struct loaded_card *cards_load_for(struct turn *turn, int64_t request, const char *channel);
/* Borrowed from ${loaded}. */
const struct card *cards_view(const struct loaded_card *loaded);
void cards_free(struct loaded_card *loaded);

#endif
