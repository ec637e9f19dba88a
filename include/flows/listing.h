/* Lists of requests: one's own, and those that wait for a decision. */
#ifndef CPPO_FLOWS_LISTING_H
#define CPPO_FLOWS_LISTING_H

#include <stdbool.h>

#include "engine/turn.h"
#include "offers/policy.h"

/* Messages, as the JSON text that is sent, on the heap. Who may decide finds the buttons for that,
 * and who sees the approvals channel the way to each card. ${all}: those of others, too. */

/* The page that ${query} names (offers/filter.h); "": their own, and what waits below. One that
 * names none of ours: the first of their own. */
char *listing_show(struct turn *turn, const char *user, bool all, const char *query);

/* What somebody typed behind the command, as ${query}, PAGE_TEXT bytes. NULL; or what is wrong with
 * it, plain, on the heap. */
char *listing_query(struct turn *turn, const char *user, const char *typed, char *query);

/* The same, of what they may see by what is known lately; or why they see nothing. NULL: Slack is
 * to be asked (list_action). */
char *listing_answer(struct turn *turn, const char *user, const char *query);

/* How many wait for a decision, of those that they may see as far as is known; *${own}: those are
 * theirs alone. */
int64_t listing_count(struct turn *turn, const char *user, bool *own);

#endif
