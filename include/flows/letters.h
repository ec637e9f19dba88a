/* The requester hears of an offer in direct messages: that it was received, what they are needed
 * for, and how it ended. Everything between shows up in the messages that stand already. */
#ifndef CPPO_FLOWS_LETTERS_H
#define CPPO_FLOWS_LETTERS_H

#include "engine/turn.h"
#include "offers/offer.h"

/* The offer moved. */
void letters_moved(struct turn *turn, const struct offer *offer);

/* Whether its card stands is known now, or has changed: the first message waits for that. */
void letters_placed(struct turn *turn, int64_t offer);

/* Results; see bot/run/tables.c. */
char *letters_render(struct turn *turn, int64_t offer, const char *target);
void letters_posted(struct turn *turn, const struct result *result);
void letters_updated(struct turn *turn, const struct result *result);

#endif
