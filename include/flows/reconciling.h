/* A change set whose answer was lost is looked for, by its name and by what it made, before it goes
 * out once more. */
#ifndef CPPO_FLOWS_RECONCILING_H
#define CPPO_FLOWS_RECONCILING_H

#include "engine/turn.h"
#include "offers/change_set.h"

/* ${set} was starting; ${code}: what came instead of the answer. */
void reconciling_begin(struct turn *turn, struct change_set *set, const char *code);
void reconciling_stop(struct turn *turn, int64_t number);

/* Lists at AWS lag behind what it has taken, by minutes: it is looked for all the while, but
 * absence counts only after two empty reads this far apart. However quickly polls are configured to
 * follow each other, this is no less. */
enum { RECONCILING_ABSENT_MS = 10 * 60 * 1000 };

#endif
