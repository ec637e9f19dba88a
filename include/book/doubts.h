/* Doubts: offers of which our own messages say that they are out, and which AWS does not show. */
#ifndef CPPO_BOOK_DOUBTS_H
#define CPPO_BOOK_DOUBTS_H

#include "book/around.h" /* struct doubt */

extern const char book_schema_doubts[]; /* migrations */
extern const char book_schema_doubts_2[];

/* False: there is no doubt about it. */
bool doubts_get(struct turn *turn, int64_t offer, struct doubt *doubt);
/* The next one after offer ${after}; false at the end. */
bool doubts_next(struct turn *turn, int64_t after, struct doubt *doubt);
/* The newest word about its offer takes the place of the one before. */
void doubts_put(struct turn *turn, const struct doubt *doubt);
void doubts_drop(struct turn *turn, int64_t offer);

#endif
