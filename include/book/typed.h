/* What somebody typed for a form that Slack did not open: it waits for another try, for a week. */
#ifndef CPPO_BOOK_TYPED_H
#define CPPO_BOOK_TYPED_H

#include "engine/turn.h"

/* Keep it under ${id}, which nobody can guess. */
void typed_keep(struct turn *turn, const char *person, const char *text, char id[TURN_ID]);
/* What this person typed, on the heap; NULL if the id is unknown, or another person's. */
char *typed_get(struct turn *turn, const char *person, const char *id);

#endif
