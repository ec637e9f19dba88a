/* The time that is set for a release: what a form has to know of it before it is sent in. */
#ifndef CPPO_FLOWS_WAITING_H
#define CPPO_FLOWS_WAITING_H

#include "engine/turn.h"
#include "offers/policy.h"
#include "offers/request.h"
#include "offers/schedule.h"

/* Can a time still be set for it? */
bool waiting_open(struct turn *turn, const struct request *request);

/* What ${person} typed, as a moment at which it can be published; without a place by their own
 * clocks. False, with why in words for them, and ${schedule->wrong}. */
bool waiting_read(struct turn *turn, const struct request *request, const struct person *person,
                  const char *typed, struct schedule *schedule, char why[SCHEDULE_WHY]);

/* The zone of their clocks, "" where none is known. Borrowed from ${person}. */
const char *waiting_place(struct turn *turn, const struct person *person);

#endif
