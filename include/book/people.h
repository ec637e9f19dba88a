/* Users, user groups and members, mirrored from Slack with the time of reading. */
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
int64_t people_group_read_at(struct turn *turn, const char *group); /* 0: never */
/* The member behind ${person} (in the order of ids), who takes its place; false at the end. */
bool people_next_member(struct turn *turn, const char *group, char person[PERSON_ID]);
bool people_in_group(struct turn *turn, const char *group, const char *person);

#endif
