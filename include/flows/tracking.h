/* Change sets of an offer are started and followed, each by itself, from the moment they are
 * written down. What comes after the start is for flows/polling.h and, when the answer was lost,
 * flows/reconciling.h. */
#ifndef CPPO_FLOWS_TRACKING_H
#define CPPO_FLOWS_TRACKING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "flows/purposes.h"
#include "offers/change_set.h"
#include "offers/draft.h"
#include "offers/request.h"

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
void tracking_abandon(struct turn *turn, struct change_set *set);

/* Move a draft as drafts_move does (book/drafts.h). False: there is no such move, and what was to
 * follow from it must not; the operators are told, once. */
bool tracking_move(struct turn *turn, struct draft *draft, enum draft_event event)
    __attribute__((warn_unused_result));
/* The same where nothing follows from it. */
void tracking_move_only(struct turn *turn, struct draft *draft, enum draft_event event);

/* This one ended by AWS's own fault. True: it is counted, and is to be made once more; the next for
 * its purpose and revision goes on counting. False: that was the last try. */
bool tracking_count_fault(struct turn *turn, const struct change_set *set);
/* The same of one that AWS refused because the draft has changed since it was read. */
bool tracking_count_stale(struct turn *turn, const struct change_set *set);

#endif
