/* Change sets whose id is known, to their ends. */
#ifndef CPPO_FLOWS_POLLING_H
#define CPPO_FLOWS_POLLING_H

#include "engine/turn.h"
#include "offers/change_set.h"

/* One that was starting, or lost, AWS runs as ${id}: it is asked for its end. */
void polling_follow(struct turn *turn, struct change_set *set, const char *id);
/* One that is running is asked for its end, now. */
void polling_resume(struct turn *turn, int64_t number);
void polling_stop(struct turn *turn, int64_t number);

/* In how many ms AWS is asked again about something that began at ${since} (turn_time): few at
 * first, more as it lasts. */
int64_t polling_wait(const struct turn *turn, int64_t since);

#endif
