/* The Marketplace draft of an offer: made when it is submitted, updated when it changes, left when
 * the offer ends. One change set per offer at a time; what is wanted meanwhile waits for its end.
 */
#ifndef CPPO_FLOWS_DRAFTING_H
#define CPPO_FLOWS_DRAFTING_H

#include "engine/turn.h"
#include "offers/offer.h"

/* The offer wants a draft that holds its current revision: start what is needed, unless it is
 * there, under way, or not to be made before the approval. */
void drafting_want(struct turn *turn, int64_t offer);

/* The offer ended: cancel what is under way, release nothing. */
void drafting_leave(struct turn *turn, int64_t offer);

/* A change set of the draft (not its release) ended. */
struct change_set_state;
void drafting_ended(struct turn *turn, struct draft *draft, const struct change_set_state *state);

/* Timer and results; see bot/run/tables.c. */
void drafting_again(struct turn *turn, int64_t offer);
void drafting_started(struct turn *turn, const struct result *result);
void drafting_read(struct turn *turn, const struct result *result);
void drafting_cancelled(struct turn *turn, const struct result *result);

#endif
