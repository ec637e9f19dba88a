/* Users, user groups and members, mirrored from Slack. How long ago each was read is known only of
 * what this process read itself (engine/turn.h, stopwatches). */
#ifndef CPPO_BOOK_PEOPLE_H
#define CPPO_BOOK_PEOPLE_H

#include "engine/turn.h"
#include "offers/policy.h"

/* False when the person was never read. The in_* members are not filled here. */
bool people_get(struct turn *turn, const char *id, struct person *person);
void people_put(struct turn *turn, const struct person *person);

/* Members of a group as last read, replaced as a whole. */
void people_put_group(struct turn *turn, const char *group, const char *const *members,
                      size_t count);
/* How many ms ago this person, or this group, was read; -1: not in this process. */
int64_t people_age(const struct turn *turn, const char *id);
/* The member behind ${person} (in the order of ids), who takes its place; false at the end. */
bool people_next_member(struct turn *turn, const char *group, char person[PERSON_ID]);
bool people_in_group(struct turn *turn, const char *group, const char *person);

#endif
