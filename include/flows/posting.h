/* A message about a request gets into its channel once: it is posted, looked for when Slack's
 * answer was lost, and tried again while the channel is shut to us. What it shows later on is for
 * flows/cards.h. */
#ifndef CPPO_FLOWS_POSTING_H
#define CPPO_FLOWS_POSTING_H

#include <jansson.h>

#include "book/posts.h"
#include "engine/turn.h"

/* The channel for posts of this kind. */
const char *posting_channel(const struct turn *turn, enum post_kind kind);

/* Every request has a card; whether it is announced, its kind says. False while it cannot be read,
 * too. */
bool posting_possible(struct turn *turn, const struct post *post);

/* The call's body for this post, as the book has it now: an update where it has a ts. To be freed.
 */
json_t *posting_message(struct turn *turn, const struct post *post);

/* A new effect that posts it, with a key of its own in the metadata, by which it can be found again
 * when Slack's answer was lost. */
void posting_anew(struct turn *turn, struct post *post);

/* Is one of this kind still to be posted, or was one refused? */
bool posting_waits(struct turn *turn, enum post_kind kind);

/* It was found at ${ts}: what changed since it was written shows up now. */
void posting_found(struct turn *turn, struct post *post, const char *ts);

/* Slack did not let us ${what} it, "post" or "update", or do what hangs on it: people are told
 * once, and it is tried again, by an update where it stands. */
void posting_refused(struct turn *turn, struct post *post, const char *what, const char *code,
                     const char *text);

/* What was refused is done. */
void posting_well(struct turn *turn, struct post *post);

#endif
