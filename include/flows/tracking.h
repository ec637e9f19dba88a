/* Following the change sets of an offer from the moment they are written down: to their ids, to
 * their ends, and back to their ids when an answer was lost. What each asks for, and what its end
 * means, is a matter of its purpose: a row in the list of the flow that has it. */
#ifndef CPPO_FLOWS_TRACKING_H
#define CPPO_FLOWS_TRACKING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "marketplace/change_sets.h"
#include "offers/change_set.h"
#include "offers/draft.h"
#include "offers/request.h"

struct change_set_state; /* marketplace/catalog.h */

/* What a change set is for. Whoever is called has to see for themselves whether that is still
 * wanted: the offer and its draft may have moved on. */
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
     * from 0 again, unless it is made once more (tracking_once_more). */
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

/* The purpose of this name, of whatever flow; NULL: there is none. */
const struct purpose *tracking_purpose(const struct turn *turn, const char *name);

/* Ask AWS for a change set of this purpose, with ${draft} as it is to be; from here on it is
 * followed. One of an offer never touches another's row. */
void tracking_start(struct turn *turn, const struct purpose *purpose, const struct request *offer,
                    const struct draft *draft);
/* The result of any effect that starts one. */
void tracking_on_start(struct turn *turn, const struct result *result);

/* One that another life of this book started: it is noted, so that no later one has its attempt;
 * and, when its state is running, asked for its end, now. Fills in ${set}'s number. */
void tracking_adopt(struct turn *turn, struct change_set *set);

/* Cancel it if unsent; true when cancelled. */
bool tracking_call_back(struct turn *turn, struct change_set *set);
/* It is not followed any more: not sent, if it has not been yet, nor looked for, nor asked for its
 * end; it may still end somehow. */
void tracking_leave(struct turn *turn, struct change_set *set);

/* Move a draft as drafts_move does (book/drafts.h). False: there is no such move, and what was to
 * follow from it must not; the operators are told, once. */
bool tracking_move(struct turn *turn, struct draft *draft, enum draft_event event)
    __attribute__((warn_unused_result));

/* A read of this call about this offer. */
void tracking_read(struct turn *turn, const struct effect_type *type, int64_t offer,
                   const char *target, char *body);

/* This one ended by AWS's own fault: whether it is made once more. The next for its purpose and
 * revision goes on counting. */
bool tracking_once_more(struct turn *turn, const struct change_set *set);
/* The same of one that AWS refused because the draft has changed since it was read. */
bool tracking_stale(struct turn *turn, const struct change_set *set);

/* In how many ms AWS is asked again about something that began at ${since} (turn_time): few at
 * first, more as it lasts. */
int64_t tracking_wait(const struct turn *turn, int64_t since);

/* Lists at AWS lag behind what it has taken, by minutes: it is looked for all the while, but
 * absence counts only after two empty reads this far apart. However quickly polls are configured to
 * follow each other, this is no less. */
enum { TRACKING_ABSENT_MS = 10 * 60 * 1000 };

#endif
