/* What AWS denies us because we lack rights, and the offers that wait for it. Times are wall ms
 * since the epoch. */
#ifndef CPPO_BOOK_DENIALS_H
#define CPPO_BOOK_DENIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "book/around.h" /* struct blocked */

/* Of effects of one type; or, where no call is denied but our seller account is not in order, of
 * what AWS looked at it for. */
struct denial {
    char what[40];   /* "draft.start": an effect's type; or one of the two below */
    char call[48];   /* "aws:StartChangeSet"; of the account "" */
    bool open;       /* denied the last time */
    bool told;       /* ... and the operators know it of this time: they hear when it is over */
    int64_t told_at; /* when they were notified of it last, 0: never */
};
/* Stored: they stay what they are. No type of an effect has a space in it. */
#define DENIED_ACCOUNT_DRAFT "seller account: draft"
#define DENIED_ACCOUNT_RELEASE "seller account: release"

/* False: AWS never denied it. */
bool denials_get(struct turn *turn, const char *what, struct denial *denial);
void denials_put(struct turn *turn, const struct denial *denial);
/* Is it denied to effects of any type that make this call, and do the operators know? */
bool denials_known(struct turn *turn, const char *call);

/* Is our seller account not in order, by what AWS said last? */
bool denials_account(struct turn *turn);

/* Whether an offer waits until AWS lets us go on; all 0 when it never did. */
void blocked_get(struct turn *turn, int64_t offer, struct blocked *blocked);
void blocked_put(struct turn *turn, const struct blocked *blocked);
/* The next that waits, after ${offer}; false at the end. */
bool blocked_next(struct turn *turn, int64_t offer, struct blocked *blocked);

#endif
