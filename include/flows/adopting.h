/* What a comparison found that the book does not know of (book/finds.h): releases are taken over,
 * cards and announcements adopted, revisions lifted; what cannot be is told. */
#ifndef CPPO_FLOWS_ADOPTING_H
#define CPPO_FLOWS_ADOPTING_H

#include "book/finds.h"
#include "engine/turn.h"
#include "offers/offer.h"
#include "slack/replies.h"

/* Settle all that can be settled at once. What is still in book/finds.h afterwards waits for a
 * read, and catching_up_settled follows. */
void adopting_all(struct turn *turn);

/* A card of an offer that is not in the book: its buttons go, and it says why. */
void adopting_retire(struct turn *turn, const char *channel, const struct slack_post *card);

/* It is out, at ${find}'s entity: from here on it is followed like any release of ours. What it
 * used up is its own. ${held}: what AWS shows of it, NULL where that cannot be read. */
struct catalog_offer;
void adopting_take_over(struct turn *turn, struct offer *offer, const struct find *find,
                        const struct catalog_offer *held);

/* Results; see bot/run/tables.c. */
void adopting_entity(struct turn *turn, const struct result *result);
void adopting_retired(struct turn *turn, const struct result *result);

#endif
