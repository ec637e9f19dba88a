/* What AWS refuses us because we lack rights: the kinds of calls, and the offers that wait for
 * them. */
#ifndef CPPO_BOOK_REFUSALS_H
#define CPPO_BOOK_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "book/around.h" /* struct blocked */

/* One kind of effect ("draft.start"). */
struct refused_call {
    char type[40];
    char call[48];   /* "aws:StartChangeSet" */
    bool open;       /* refused the last time */
    int64_t told_at; /* when the operators were told of it last, 0: never */
};
/* False: AWS never refused it. */
bool refusals_get(struct turn *turn, const char *type, struct refused_call *refusal);
void refusals_put(struct turn *turn, const struct refused_call *refusal);
/* Is any kind refused that makes this call, and were the operators told of it? */
bool refusals_known(struct turn *turn, const char *call);

/* Whether an offer waits until AWS lets us go on; all 0 when it never did. */
void blocked_get(struct turn *turn, int64_t offer, struct blocked *blocked);
void blocked_put(struct turn *turn, const struct blocked *blocked);
/* The next that waits, after ${offer}; false at the end. */
bool blocked_next(struct turn *turn, int64_t offer, struct blocked *blocked);

#endif
