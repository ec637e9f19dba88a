/* What people decide about an offer, once it is known that they may: the rules of design and
 * policy, the move, and what is said to the one who tried. */
#ifndef CPPO_FLOWS_DECIDING_H
#define CPPO_FLOWS_DECIDING_H

#include "flows/flow.h"

extern const struct flow deciding_flow;

#endif
