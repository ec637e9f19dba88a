/* After the publication: which buyers have accepted, or did the offer expire? AWS sends no event,
 * so the bot polls: less and less when little is expected any more, and not without end. */
#ifndef CPPO_FLOWS_AGREEMENTS_H
#define CPPO_FLOWS_AGREEMENTS_H

#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow agreements_flow;

#endif
