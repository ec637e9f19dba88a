/* Lists of requests: one's own, and those that wait for a decision. */
#ifndef CPPO_FLOWS_LISTING_H
#define CPPO_FLOWS_LISTING_H

#include <stdbool.h>

#include "engine/turn.h"
#include "offers/policy.h"

/* Messages, as the JSON text that is sent, on the heap. Who may decide finds the buttons for that,
 * and who sees the approvals channel the way to each card. */
char *listing_own(struct turn *turn, const char *user);
char *listing_waiting(struct turn *turn, const char *user, bool all);
/* Their own; and, with ${all}, what waits below. */
char *listing_both(struct turn *turn, const char *user, bool all);

/* May ${user} see what waits of others? What is known lately settles it; LISTING_LATER: Slack is to
 * be asked (list_action). LISTING_NONE: not even their own, *${why} says why (on the heap). */
enum listing { LISTING_ALL, LISTING_OWN, LISTING_NONE, LISTING_LATER };
enum listing listing_for(struct turn *turn, const char *user, char **why);

/* How many wait for a decision, of those that they may see as far as is known; *${own}: those are
 * theirs alone. */
int64_t listing_count(struct turn *turn, const char *user, bool *own);

#endif
