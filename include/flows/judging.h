/* Judging who may, by fresh lists. A click that comes while the copy is older than a minute is
 * acknowledged and stored; the lists are read; and their result judges it against the offer as it
 * is then. */
#ifndef CPPO_FLOWS_JUDGING_H
#define CPPO_FLOWS_JUDGING_H

#include "book/judgements.h"
#include "engine/turn.h"

/* Is what we know of this person and of all configured groups fresh? Fills ${person} either way. */
bool judging_fresh(struct turn *turn, const char *user, struct person *person);

/* Good enough to let somebody send a form in: read within ten minutes. */
bool judging_known(struct turn *turn, const char *user, struct person *person);

/* Store it, and read what is needed. It lapses after 30 s, and the person is told. */
void judging_later(struct turn *turn, const struct judgement *judgement);

/* Do at once what was asked, when the lists are fresh (true); else store it (false). */
bool judging_now_or_later(struct turn *turn, const struct judgement *judgement);

/* Read this person ahead of need, without a trace if the process ends. */
void judging_warm(struct turn *turn, const char *user);

/* Read the configured user groups that were not read in the last minute. */
void judging_read_groups(struct turn *turn);

/* Results and timers; see bot/run/tables.c. */
void judging_person_read(struct turn *turn, const struct result *result);
void judging_group_read(struct turn *turn, const struct result *result);
void judging_lapse(struct turn *turn, int64_t judgement);

#endif
