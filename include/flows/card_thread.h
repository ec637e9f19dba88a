/* The thread below a card: approvers are called there by mention when they are needed again, since
 * an edit of the card notifies nobody. And the way to the card, for those who see its channel. */
#ifndef CPPO_FLOWS_CARD_THREAD_H
#define CPPO_FLOWS_CARD_THREAD_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "views/card.h"
#include "views/card_calls.h"

/* Call the approvers of this request. The newest reason counts; once the card stands. ${why}: one
 * of views/card.h, or of the flow that calls (flows/flow.h: calls). */
void card_thread_call(struct turn *turn, int64_t request, const struct card_call *why);

#endif
