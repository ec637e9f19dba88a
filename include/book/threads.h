/* The thread below an offer's card: the link to it, and whom it has still to call. */
#ifndef CPPO_BOOK_THREADS_H
#define CPPO_BOOK_THREADS_H

#include "engine/turn.h"

enum { PERMALINK = 300 };

struct thread {
    int64_t offer;
    char ts[32]; /* of the card that the permalink leads to, "" when none is known */
    char permalink[PERMALINK];
    char calling[20]; /* why the approvers are to be called and have not been yet, "" */
};

/* All "" when nothing is kept. */
void threads_get(struct turn *turn, int64_t offer, struct thread *thread);
void threads_put(struct turn *turn, const struct thread *thread);

/* The way to the card that stands at ${ts}, "" while not known. */
void threads_permalink(struct turn *turn, int64_t offer, const char *ts, char url[PERMALINK]);

#endif
