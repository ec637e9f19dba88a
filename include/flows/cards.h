/* The messages that represent a request: the card in the approvals channel and the announcement.
 * Each is posted once (flows/posting.h) and then only updated; where Slack will never update it
 * again, one takes its place that tells what is new. */
#ifndef CPPO_FLOWS_CARDS_H
#define CPPO_FLOWS_CARDS_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/request.h"

/* The card of this request no longer tells the truth: post it, or update it. */
void cards_show(struct turn *turn, int64_t request);

/* It is out: say so in the announcements channel, once. */
void cards_announce(struct turn *turn, int64_t request);

/* Is this message the request's own card? ${key}: that of its metadata, "" when not known. What
 * Slack never told us of our own post we learn here: that it is at ${ts}. */
bool cards_own(struct turn *turn, int64_t request, const char *channel, const char *ts,
               const char *key);

#endif
