/* The thread below a card: approvers are mentioned there when they are needed again, since
 * an edit of the card notifies nobody. And the way to the card, for those who see its channel. */
#ifndef CPPO_FLOWS_CARD_THREAD_H
#define CPPO_FLOWS_CARD_THREAD_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "views/card.h"
#include "views/card_mentions.h"

/* Mention the approvers of this request. The newest reason counts; once the card stands. ${why}:
 * one of views/card_mentions.h, or of the flow that mentions them (flows/flow.h: mentions). */
void card_thread_mention(struct turn *turn, int64_t request, const struct card_mention *why);
/* The same of some of them alone: their ids, a space behind each. */
void card_thread_remind(struct turn *turn, int64_t request, const struct card_mention *why,
                        const char *whom);

#endif
