/* From approved to released: read back what AWS holds, compare it with what was approved, release
 * that and nothing else, once. */
#ifndef CPPO_FLOWS_PUBLISHING_H
#define CPPO_FLOWS_PUBLISHING_H

#include "engine/turn.h"
#include "flows/flow.h"

/* Is it released by now? AWS is asked, until it shows it so or its change set fails. */
void publishing_look(struct turn *turn, int64_t offer);

#endif
