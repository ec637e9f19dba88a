/* When each approver was last reminded of a request that waits for them. */
#ifndef CPPO_BOOK_REMINDERS_H
#define CPPO_BOOK_REMINDERS_H

#include "engine/turn.h"

/* The wall clock, ms; 0: never. */
int64_t reminders_last(struct turn *turn, int64_t request, const char *person);
/* Of how many requests they were reminded at ${since} or later. */
int64_t reminders_since(struct turn *turn, const char *person, int64_t since);
void reminders_note(struct turn *turn, int64_t request, const char *person);

extern const char book_schema_reminders[];

#endif
