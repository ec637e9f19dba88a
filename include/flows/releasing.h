/* The release of a draft that was read back: asked for once, followed to its end, and looked at
 * until AWS shows it. What has to be read back anew first, is woken (flows/moves.h). */
#ifndef CPPO_FLOWS_RELEASING_H
#define CPPO_FLOWS_RELEASING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/draft.h"
#include "offers/request.h"

/* The intent: from here on the offer cannot be withdrawn. False: its draft cannot be released
 * (flows/tracking.h, tracking_move). */
bool releasing_start(struct turn *turn, struct request *offer, struct draft *draft);

/* One more read that shows something else. AWS's reads lag behind what it took: only after several
 * (true) is it called different. False: it is read again in a moment, by ${timer}. */
bool releasing_note_difference(struct turn *turn, struct draft *draft,
                               const struct timer_type *timer);

/* It is out: the draft is released, and so is its offer. */
void releasing_done(struct turn *turn, struct draft *draft);

/* Is it released by now? AWS is asked, until it shows it so or its change set fails. */
void releasing_check(struct turn *turn, int64_t offer);

#endif
