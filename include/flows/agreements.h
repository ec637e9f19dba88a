/* After the publication: has the buyer accepted, or has nobody in time? AWS tells nobody, so it is
 * asked, now and then. */
#ifndef CPPO_FLOWS_AGREEMENTS_H
#define CPPO_FLOWS_AGREEMENTS_H

#include "engine/turn.h"
#include "offers/offer.h"

/* The offer was published: watch it until it is accepted or expired. */
void agreements_watch(struct turn *turn, const struct offer *offer);

/* Timer and result; see bot/run/tables.c. */
void agreements_look(struct turn *turn, int64_t offer);
void agreements_read(struct turn *turn, const struct result *result);

#endif
