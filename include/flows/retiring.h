/* Cards of an earlier set of records, of which nothing can be decided any more. */
#ifndef CPPO_FLOWS_RETIRING_H
#define CPPO_FLOWS_RETIRING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "slack/replies.h"

/* Its buttons go, and it says why. */
void retiring_card(struct turn *turn, const char *channel, const struct slack_post *card);

#endif
