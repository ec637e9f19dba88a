/* The requester hears of a request in direct messages: that it was received, what they are needed
 * for, and how it ended. Everything between shows up in messages that are there already. */
#ifndef CPPO_FLOWS_INFORMING_H
#define CPPO_FLOWS_INFORMING_H

#include "engine/turn.h"
#include "flows/flow.h"

/* Whether its card is posted is known now, or has changed: the first message waits for that. */
void informing_update(struct turn *turn, int64_t request);
/* They should know at once how it stands, though it did not move: in a new message. */
void informing_news(struct turn *turn, int64_t request);

#endif
