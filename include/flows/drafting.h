/* The Marketplace draft of an offer: made when it is submitted, updated when it changes, abandoned
 * when the offer ends. One change set per offer at a time; what is wanted meanwhile waits. */
#ifndef CPPO_FLOWS_DRAFTING_H
#define CPPO_FLOWS_DRAFTING_H

#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow drafting_flow;

#endif
