/* Following the change set of an offer from the moment it is sent: to its id, to its end, and back
 * to its id when the answer was lost. Drafting and publishing hear of the outcome. */
#ifndef CPPO_FLOWS_TRACKING_H
#define CPPO_FLOWS_TRACKING_H

#include "engine/turn.h"
#include "marketplace/change_sets.h"
#include "offers/offer.h"

/* What names the change set that ${draft} has under way. ${install} must outlive ${id}. */
void tracking_id(struct turn *turn, const struct draft *draft, char install[TURN_ID],
                 struct change_set_id *id);

/* The result of a start: followed from here on (true); or it was refused, and is the caller's
 * (false). */
bool tracking_started(struct turn *turn, struct draft *draft, const struct result *result);

/* A read of this call about this offer. */
void tracking_read(struct turn *turn, const char *type, int64_t offer, const char *target,
                   char *body);

/* A step failed by AWS's own fault: whether it is made once more. Counts in ${draft}. */
bool tracking_once_more(struct draft *draft);

/* When AWS is asked again about something that began at ${since} (turn_time): soon at first, later
 * as it lasts. As turn_now goes. */
int64_t tracking_next(struct turn *turn, int64_t since);

/* Lists at AWS lag behind what it has taken: absence counts only after two empty reads this far
 * apart. */
int64_t tracking_apart(struct turn *turn);

/* Results and timers; see bot/run/tables.c. */
void tracking_poll(struct turn *turn, int64_t offer);
void tracking_described(struct turn *turn, const struct result *result);
void tracking_look(struct turn *turn, int64_t offer);
void tracking_found(struct turn *turn, const struct result *result);
void tracking_listed(struct turn *turn, const struct result *result);
void tracking_entity(struct turn *turn, const struct result *result);

#endif
