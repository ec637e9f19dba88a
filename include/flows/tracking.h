/* Following the change set of an offer from the moment it is sent: to its id, to its end, and back
 * to its id when the answer was lost. What follows is a matter of its purpose. */
#ifndef CPPO_FLOWS_TRACKING_H
#define CPPO_FLOWS_TRACKING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "marketplace/change_sets.h"
#include "offers/offer.h"

extern const struct flow tracking_flow;

struct change_set_state; /* marketplace/catalog.h */

/* What a change set is for; flows name theirs. */
struct purpose {
    const char *step;       /* in the names of its change sets: "make" */
    enum draft_state state; /* of the draft while it is under way */
    bool makes_entity;      /* then a lost one is also looked for by what it made */
    void (*ended)(struct turn *turn, struct draft *draft, const struct change_set_state *state);
    /* It was lost, and certainly not taken; NULL: its very bytes go out again. */
    void (*missed)(struct turn *turn, struct draft *draft);
};

/* What names the change set that ${draft} has under way. ${install} must outlive ${id}. */
void tracking_id(struct turn *turn, const struct draft *draft, char install[TURN_ID],
                 struct change_set_id *id);

/* The result of a start: followed from here on (true); or it was refused, and is the caller's
 * (false). */
bool tracking_started(struct turn *turn, struct draft *draft, const struct result *result);

/* A read of this call about this offer. */
void tracking_read(struct turn *turn, const struct effect_type *type, int64_t offer,
                   const char *target, char *body);

/* A step failed by AWS's own fault: whether it is made once more. Counts in ${draft}. */
bool tracking_once_more(struct draft *draft);

/* When AWS is asked again about something that began at ${since} (turn_time): soon at first, later
 * as it lasts. As turn_now goes. */
int64_t tracking_next(struct turn *turn, int64_t since);

/* The change set of ${offer} that is known by its id is asked for its end, now; or nothing of it is
 * asked any more: it may still end somehow. */
void tracking_ask(struct turn *turn, int64_t offer);
void tracking_leave(struct turn *turn, int64_t offer);

/* Lists at AWS lag behind what it has taken: absence counts only after two empty reads this far
 * apart. */
int64_t tracking_apart(struct turn *turn);

#endif
