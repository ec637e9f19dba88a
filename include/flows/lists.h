/* Who is on which list, as the book has it: named people, and the members of user groups. Slack
 * is not asked here (flows/rosters.h). */
#ifndef CPPO_FLOWS_LISTS_H
#define CPPO_FLOWS_LISTS_H

#include "config.h"
#include "engine/turn.h"
#include "offers/policy.h"

/* How many there are: those of people.<name> (enum list), then those of approvals.groups. */
int lists_count(const struct turn *turn);

/* Who the configuration puts on it. Borrowed. */
const struct config_people *lists_people(const struct turn *turn, enum list list);

/* A way over the people of a list, from all zero on: those that it names, then the members of its
 * groups. */
struct list_walk {
    size_t user;
    size_t group;
    char member[PERSON_ID]; /* that was passed, "" before the first of a group */
};

/* The next of them, by their id there, which ${walk} or the list owns; NULL at the end. */
const char *lists_next(struct turn *turn, const struct config_people *people,
                       struct list_walk *walk);

/* The next entry that may be ${user} by their other id. A person on Enterprise Grid has two
 * (offers/policy.h); such an entry begins with another letter than ${user}, and Slack has not shown
 * yet whose it is. */
const char *lists_next_strange(struct turn *turn, const struct config_people *people,
                               const char *user, struct list_walk *walk);

/* Was it read in the last ${age} ms, a person's id or a group's? */
bool lists_young(const struct turn *turn, const char *id, int64_t age);

/* The person with the lists they are on, by what was read at most ${age} ms ago; `known`
 * false when they were never read, or Slack does not show them. Returns the set of those on which
 * they may stand, since what is known is too old or too little to say. */
unsigned lists_person(struct turn *turn, const char *user, int64_t age, struct person *person);

/* The same from the book as last read, at any age. */
void lists_known_person(struct turn *turn, const char *user, struct person *person);

#endif
