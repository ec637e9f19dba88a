/* A state file can be older than the world: restored from a backup, lost, copied, run twice. So
 * before anything is published, the book is compared with what carries our name outside: AWS's
 * change sets, and our posts.
 *
 *   start ──► look at the newest of both ──► all known ──► caught up: gates open, offers go on
 *                     │ a mark that the book did not take, or none where there should be one
 *                     ▼
 *             read all of both, to the end ──► settle what was found (on_finds)
 *                     ▼
 *             once more, when lists at AWS cannot lag behind any longer ──► caught up
 *
 * What a restart cuts off goes on at its page. A look is one read on each side. It is made again
 * before a release when the last one is a minute old: a second bot on a copy of the file leaves
 * marks that this book does not know. Until the first has ended, nothing is posted and nothing
 * released; new offers get no number unless the line beside the state file says that it is the
 * newest. */
#ifndef CPPO_FLOWS_CATCHING_UP_H
#define CPPO_FLOWS_CATCHING_UP_H

#include "engine/turn.h"
#include "flows/flow.h"

/* A release may start on what was compared a moment ago. False: it is being compared (again), and
 * every offer that is on its way is woken afterwards. */
bool catching_up_ensure_fresh(struct turn *turn);

/* May a new offer have a number? */
bool catching_up_may_number(struct turn *turn);

/* All that was found is settled, as far as it could be at once; one more was. */
void catching_up_settled(struct turn *turn);

#endif
