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

/* Is this message the offer's own card? ${key}: that of its metadata, "" when not known. What Slack
 * never told us of our own post we learn here: that it stands at ${ts}. */
bool cards_own(struct turn *turn, int64_t offer, const char *channel, const char *ts,
               const char *key);

/* The process started: cards that an older version of the bot wrote are brought to the present. */
void cards_start(struct turn *turn);

/* The app was made anew: what it posted before is another's, and its buttons reach nobody. The
 * cards of all open offers are posted again. */
void cards_post_anew(struct turn *turn);

/* Results and timers; see bot/run/tables.c. */
char *cards_render(struct turn *turn, int64_t offer, const char *target);
void cards_posted(struct turn *turn, const struct result *result);
void cards_updated(struct turn *turn, const struct result *result);
void cards_looked(struct turn *turn, const struct result *result);
void cards_look(struct turn *turn, int64_t deed);
void cards_try_again(struct turn *turn, int64_t unused);
void cards_refresh(struct turn *turn, int64_t after);

#endif
