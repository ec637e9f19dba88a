/* What change sets are for: what each asks for, and what its end means, is a row in the list of the
 * flow that has it. */
#ifndef CPPO_FLOWS_PURPOSES_H
#define CPPO_FLOWS_PURPOSES_H

#include "engine/turn.h"
#include "marketplace/change_sets.h"
#include "offers/change_set.h"
#include "offers/draft.h"
#include "offers/request.h"

struct change_set_state; /* marketplace/catalog.h */

/* Each of its functions has to see for itself whether that is still wanted: the offer and its draft
 * may have moved on. */
struct purpose {
    const char *name; /* stored, and in the names of its change sets: "make"; a new one needs a
                         migration of the rows that have the old */
    const struct effect_type *start; /* EFFECT_ONCE, done by tracking_on_start */
    bool makes_entity;               /* then a lost one is also looked for by what it made */
    bool writes_all;                 /* ... and nothing that stood in the entity before it counts */
    /* The bytes that ask for it, on the heap. */
    char *(*body)(struct turn *turn, const struct change_set_id *id, const struct request *offer,
                  const struct draft *draft);
    /* AWS did what it says. */
    void (*succeeded)(struct turn *turn, const struct change_set *set,
                      const struct change_set_state *state);
    /* AWS took it, and it failed or was cancelled. ${set} counts how often before; all is counted
     * from 0 again, unless it is made once more (tracking_count_fault). */
    void (*failed)(struct turn *turn, const struct change_set *set,
                   const struct change_set_state *state);
    /* AWS did not take it. */
    void (*refused)(struct turn *turn, const struct change_set *set, const struct result *result);
    /* AWS took it: its end comes later. NULL: that means nothing yet. */
    void (*taken)(struct turn *turn, int64_t offer);
    /* Its answer was lost, and AWS certainly does not have it; NULL: its very bytes go out again.
     */
    void (*absent)(struct turn *turn, const struct change_set *set);
    /* AWS took it when it was not followed any more; NULL: that does not matter. */
    void (*late)(struct turn *turn, const struct change_set *set);
};

/* The purpose of this name, from any flow; NULL: no flow has it. */
const struct purpose *purpose_named(const struct turn *turn, const char *name);

/* What the change set ${number} is for, if it is in ${state}; NULL: it is not, or nobody knows what
 * it is for. One that only another version of the bot can read waits: ${timer} asks again in an
 * hour, and the operators are told, once a day at most. */
const struct purpose *purpose_of(struct turn *turn, int64_t number, enum set_state state,
                                 const struct timer_type *timer, struct change_set *set);

#endif
