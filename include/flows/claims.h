/* A single-use authorization belongs to at most one approved offer (book/offers.h: offers_claim),
 * and is free again when that offer goes another way. */
#ifndef CPPO_FLOWS_CLAIMS_H
#define CPPO_FLOWS_CLAIMS_H

#include "flows/flow.h"

extern const struct flow claims_flow;

#endif
