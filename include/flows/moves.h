/* Moves: the only way to change an offer's state, and how everybody hears of it.
 *
 * A move is a compare-and-set on state and revision with a row in the history (book/requests.h);
 * then each flow is told, in the order of the table, in this turn. A move that is made while flows
 * are told of another is told after that, so that all hear of both in the same order. */
#ifndef CPPO_FLOWS_MOVES_H
#define CPPO_FLOWS_MOVES_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/offer.h"

/* False, and nobody told, when the table of moves has no such move, or not for ${who}, or the
 * offer is no longer as ${offer} says; else ${offer} is brought up to date.
 * ${why}: "" when there is none. */
bool moves_apply(struct turn *turn, struct offer *offer, enum offer_event event, struct actor who,
                 const char *why);

/* It cannot go on: OFFER_FAIL. ${who}: AWS, where it is as AWS says; the bot, where the bot decided
 * so. ${can_retry}: the same content can succeed. */
bool moves_fail(struct turn *turn, int64_t offer, struct actor who, const char *why,
                bool can_retry);

/* It was withdrawn before submission: nobody but its requester knows of it. */
bool moves_unseen(const struct moved *moved);

/* Something that this offer may wait for came: wakes the flow that handles it. */
void moves_wake(struct turn *turn, const struct offer *offer);
/* ... each that is in this state. */
void moves_wake_all(struct turn *turn, enum offer_state state);

#endif
