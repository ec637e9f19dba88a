/* What a comparison found that the book does not know of (book/finds.h): releases are taken over,
 * cards and announcements adopted, revisions lifted; what cannot be is told. */
#ifndef CPPO_FLOWS_ADOPTING_H
#define CPPO_FLOWS_ADOPTING_H

#include "book/finds.h"
#include "engine/turn.h"
#include "flows/flow.h"

extern const struct flow adopting_flow;

#endif
