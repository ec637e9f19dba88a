/* Which rule of approval each revision has, and why; and how often a rule has approved by itself.
 * The rule stands with its request (struct request: rule). */
#ifndef CPPO_BOOK_RULINGS_H
#define CPPO_BOOK_RULINGS_H

#include "engine/turn.h"
#include "offers/request.h"

extern const char rulings_schema[];

/* The current revision is approved by this rule from now on, for these reasons; in the book and in
 * ${request}. */
void rulings_put(struct turn *turn, struct request *request, const char *rule, const char *why);
/* The reasons, on the heap; NULL where the revision has no rule of its own. */
char *rulings_why(struct turn *turn, int64_t number, int revision);

/* The lowest number after ${after} of which no rule could be chosen yet; 0: none. */
int64_t rulings_next_open(struct turn *turn, int64_t after);

/* How many of this requester's that rule has approved by itself on that day; and one more. */
int64_t rulings_used(struct turn *turn, const char *rule, const char *requester, int32_t day);
void rulings_use(struct turn *turn, const char *rule, const char *requester, int32_t day);

#endif
