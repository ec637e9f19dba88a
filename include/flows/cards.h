/* The messages that stand for an offer: the card in the approvals channel and the announcement.
 * Each is posted once and then only updated. */
#ifndef CPPO_FLOWS_CARDS_H
#define CPPO_FLOWS_CARDS_H

#include "engine/turn.h"
#include "offers/offer.h"
#include "views/card.h"

/* Everything that a card shows, loaded from the book; NULL when there is no such offer. */
struct loaded_card;
struct loaded_card *cards_load(struct turn *turn, int64_t offer);
const struct card *cards_view(const struct loaded_card *loaded);
void cards_free(struct loaded_card *loaded);

/* The card of this offer no longer tells the truth: post it, or update it. */
void cards_show(struct turn *turn, int64_t offer);

/* The offer was released: say so in the announcements channel, once. */
void cards_announce(struct turn *turn, int64_t offer);

/* A click came from this message: it is the offer's card, should Slack never have told us. */
void cards_seen(struct turn *turn, int64_t offer, const char *channel, const char *ts);

/* Results and timers; see bot/run/tables.c. */
char *cards_render(struct turn *turn, int64_t offer, const char *target);
void cards_posted(struct turn *turn, const struct result *result);
void cards_updated(struct turn *turn, const struct result *result);
void cards_looked(struct turn *turn, const struct result *result);
void cards_look(struct turn *turn, int64_t deed);
void cards_try_again(struct turn *turn, int64_t unused);

#endif
