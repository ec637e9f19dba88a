/* The thread below a card: approvers are called there by mention when they are needed again, since
 * an edit of the card notifies nobody. And the way to the card, for those who see its channel. */
#ifndef CPPO_FLOWS_THREADS_H
#define CPPO_FLOWS_THREADS_H

#include "engine/turn.h"
#include "offers/offer.h"
#include "views/card.h"

/* Call the approvers of this offer. The newest reason counts; once the card stands. */
void threads_call(struct turn *turn, int64_t offer, enum card_call why);

/* The offer moved: whom that needs is called; and who was to be called for what is past is not. */
void threads_moved(struct turn *turn, const struct offer *offer);

/* A card stands at ${ts}, posted just now (${anew}: its own mention called the approvers), or found
 * to be open again. */
void threads_placed(struct turn *turn, int64_t offer, const char *channel, const char *ts,
                    bool anew);

/* The way to the card, "" while not known. */
void threads_permalink(struct turn *turn, int64_t offer, const char *ts, char *url, size_t room);

/* Results; see bot/run/tables.c. */
void threads_replied(struct turn *turn, const struct result *result);
void threads_linked(struct turn *turn, const struct result *result);

#endif
