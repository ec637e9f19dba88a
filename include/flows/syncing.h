/* The resale authorizations: listed and described at start, every ten minutes, and after each
 * publication. With them the user groups, so that the lists of offers know whom they show what. */
#ifndef CPPO_FLOWS_SYNCING_H
#define CPPO_FLOWS_SYNCING_H

#include "engine/turn.h"

void syncing_soon(struct turn *turn);

/* Timer and results; see bot/run/tables.c. */
void syncing_start(struct turn *turn, int64_t unused);
void syncing_listed(struct turn *turn, const struct result *result);
void syncing_described(struct turn *turn, const struct result *result);
void syncing_product_read(struct turn *turn, const struct result *result);

#endif
