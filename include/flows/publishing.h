/* From approved to released: read back what AWS holds, compare it with what was approved, release
 * that and nothing else, once. */
#ifndef CPPO_FLOWS_PUBLISHING_H
#define CPPO_FLOWS_PUBLISHING_H

#include "engine/turn.h"
#include "offers/offer.h"

/* An approved offer goes one step on, if it can: called whenever something it waits for came. */
void publishing_advance(struct turn *turn, int64_t offer);
/* ... all that are on their way. */
void publishing_advance_all(struct turn *turn);

/* The change set that releases ended. */
struct change_set_state;
void publishing_ended(struct turn *turn, struct draft *draft, const struct change_set_state *state);

/* A release whose answer was lost was not taken, as far as can be seen: it is read back anew. */
void publishing_missed(struct turn *turn, struct draft *draft);

/* It cannot go on: the offer fails, with words, and a retry where that can help. */
void publishing_fail(struct turn *turn, int64_t offer, const char *why, bool can_retry);

/* What is live is not what was approved: the operators are told, and ${draft} says so. */
void publishing_tell_live(struct turn *turn, struct draft *draft, const char *differences);

/* Timer and results; see bot/run/tables.c. */
void publishing_look(struct turn *turn, int64_t offer);
void publishing_again(struct turn *turn, int64_t offer);
void publishing_late(struct turn *turn, int64_t offer);
void publishing_authorization_read(struct turn *turn, const struct result *result);
void publishing_draft_read(struct turn *turn, const struct result *result);
void publishing_started(struct turn *turn, const struct result *result);
void publishing_released(struct turn *turn, const struct result *result);

#endif
