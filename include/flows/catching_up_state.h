/* How far this state file has been compared with the world (flows/catching_up.h): what it says of
 * itself, and what this process knows. */
#ifndef CPPO_FLOWS_CATCHING_UP_STATE_H
#define CPPO_FLOWS_CATCHING_UP_STATE_H

#include "book/settings.h"
#include "engine/turn.h"

/* What only this process knows, and knows for as long as it runs: the stored name of the life that
 * found it out (book/marks.h), so that no later one takes it over. */
bool catching_up_knows(struct turn *turn, enum setting setting);
void catching_up_learn(struct turn *turn, enum setting setting);

/* When it was last, wall ms; 0: this file has never been compared. */
int64_t catching_up_last(struct turn *turn);
/* This process has caught up before. */
bool catching_up_done(struct turn *turn);
/* The book is older than something that we saw, until the comparison has ended. */
bool catching_up_doubted(struct turn *turn);
/* It is, from now on, and nothing is released. */
void catching_up_doubt(struct turn *turn);
/* The comparison has ended, by this process and now. */
void catching_up_set_done(struct turn *turn);

/* Is this the name of our installation? */
bool catching_up_is_ours(struct turn *turn, const char *install);

#endif
