/* The resale authorizations: listed and described at start, every ten minutes, and after each
 * publication. With them the user groups, so that the lists of offers know whom they show what. */
#ifndef CPPO_FLOWS_SYNCING_H
#define CPPO_FLOWS_SYNCING_H

#include "engine/turn.h"
#include "flows/flow.h"

/* List all of them anew, right after this turn. */
void syncing_soon(struct turn *turn);

/* How long ago AWS listed them all, ms; -1: not in this process. */
int64_t syncing_age(struct turn *turn);

/* Ask AWS about this authorization, where the book calls it unusable and AWS has not been asked in
 * the last minute. True: it is being asked, and its answer is told (on_answer). */
bool syncing_recheck(struct turn *turn, const char *id);
/* Ask about it in passing: it is known better at the next try. */
void syncing_refresh(struct turn *turn, const char *id);
/* The same of all; within ten seconds once. */
void syncing_again(struct turn *turn);

#endif
