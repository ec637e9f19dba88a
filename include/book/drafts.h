/* The Marketplace drafts: one row an offer. */
#ifndef CPPO_BOOK_DRAFTS_H
#define CPPO_BOOK_DRAFTS_H

#include "engine/turn.h"
#include "offers/draft.h"
#include "offers/request.h"

/* The draft of an offer; one in state none when there never was one. One in a state that nobody
 * knows is unreadable, and so is its offer (book/requests.h). */
void drafts_get(struct turn *turn, int64_t offer, struct draft *draft);

/* Store everything in ${draft}, moving its state by ${event} (offers/machine.h), as a
 * compare-and-set on the state that was read. The caller changed the other members before. False:
 * there is no such move, which is our own fault; the row stays as it is stored. Flows move drafts
 * by tracking_move. */
bool drafts_move(struct turn *turn, struct draft *draft, enum draft_event event);

/* Store ${draft} without a move: in any other state than the stored one it is not stored, which is
 * our own fault. One in a state that this version does not know stays as it is stored. */
void drafts_put(struct turn *turn, const struct draft *draft);

#endif
