/* The thread below a request's card: the link to it, and why the approvers are still to be
 * mentioned there. */
#ifndef CPPO_BOOK_THREADS_H
#define CPPO_BOOK_THREADS_H

#include "book/around.h" /* struct thread */

/* All "" when nothing is kept. */
void threads_get(struct turn *turn, int64_t request, struct thread *thread);
void threads_put(struct turn *turn, const struct thread *thread);

/* The permalink of the card at ${ts}; "" while unknown. */
void threads_permalink(struct turn *turn, int64_t request, const char *ts, char url[PERMALINK]);
/* The same of the card that stands there now, with nothing else read of the request. */
void threads_card(struct turn *turn, int64_t request, char url[PERMALINK]);

#endif
