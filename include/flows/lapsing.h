/* What nobody decides until its accept-by date lapses: the buyer could not accept it any more. */
#ifndef CPPO_FLOWS_LAPSING_H
#define CPPO_FLOWS_LAPSING_H

#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow lapsing_flow;

#endif
