/* Users, user groups and members, mirrored from Slack. How long ago each was read is known only of
 * what this process read itself (engine/turn.h, stopwatches). */
#ifndef CPPO_BOOK_PEOPLE_H
#define CPPO_BOOK_PEOPLE_H

#include "engine/turn.h"
#include "offers/policy.h"

/* False when the person was never read. Their lists are not filled in here (flows/lists.h). */
bool people_get(struct turn *turn, const char *id, struct person *person);
/* As Slack shows them; id and identity are one person from now on. */
void people_put(struct turn *turn, const struct person *person);
/* Slack does not show this person, and why (its code). ${answered}: that is its last word; else it
 * was only never told, and counts as no reading. True when it is news. */
bool people_hide(struct turn *turn, const char *id, const char *code, bool answered);

/* One id for all of a person's: their own, or the one used for all of them. */
void people_identity(struct turn *turn, const char *id, char identity[PERSON_ID]);
/* Are these ids one person's, as far as Slack has shown? */
bool people_same(struct turn *turn, const char *id, const char *other);

/* Who is called so, in whole or by their first name, of those that were read: how many people, 2
 * for any more than one; ${id}: of one of them. */
size_t people_named(struct turn *turn, const char *name, char id[PERSON_ID]);

/* All that are known of theirs, ${id} first; how many. */
enum { PERSON_IDS = 4 };
size_t people_ids(struct turn *turn, const char *id, char ids[PERSON_IDS][PERSON_ID]);

/* Members of a group as last read, replaced as a whole. */
void people_put_group(struct turn *turn, const char *group, const char *const *members,
                      size_t count);
/* Slack says that there is no such group for us (${code}, ${words}): nobody is in it until it is
 * read again. True when it is news. */
bool people_lose_group(struct turn *turn, const char *group, const char *code, const char *words);
/* Why nobody is in it, "no such user group (no_such_subteam)"; false when it is a good one. */
bool people_lost_group(struct turn *turn, const char *group, char *why, size_t capacity);

/* How many ms ago this person, or this group, was read; -1: not in this process. */
int64_t people_age(const struct turn *turn, const char *id);
/* The member after ${person} (in the order of ids), who takes its place; false at the end. Those
 * of a group that is lost, too. */
bool people_next_member(struct turn *turn, const char *group, char person[PERSON_ID]);
/* By any of the person's ids. */
bool people_in_group(struct turn *turn, const char *group, const char *person);

#endif
