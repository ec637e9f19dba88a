/* After the publication: which buyers have accepted, or has nobody in time? AWS tells nobody, so it
 * is asked, now and then, and less and less when little is expected any more; but not for ever. */
#ifndef CPPO_FLOWS_AGREEMENTS_H
#define CPPO_FLOWS_AGREEMENTS_H

#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow agreements_flow;

#endif
