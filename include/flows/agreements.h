/* After the publication: which buyers have accepted, or has nobody in time? AWS tells nobody, so it
 * is asked, now and then, and less and less when little is expected any more; but not for ever. */
#ifndef CPPO_FLOWS_AGREEMENTS_H
#define CPPO_FLOWS_AGREEMENTS_H

#include "engine/turn.h"
#include "offers/offer.h"

/* The offer is out: when AWS is asked next. Ends a month after all buyers accepted, or nobody can
 * any more. */
void agreements_watch(struct turn *turn, const struct offer *offer);

/* AWS's copy of it was read: what is past by its date has expired. */
void agreements_expire(struct turn *turn, struct offer *offer);

/* Timer and result; see bot/run/tables.c. */
void agreements_look(struct turn *turn, int64_t offer);
void agreements_read(struct turn *turn, const struct result *result);

#endif
