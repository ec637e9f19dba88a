/* What AWS holds is what was approved, and nothing else: it is compared before the release, and
 * once more when it is live, since AWS need not heed the revision that a release names. */
#ifndef CPPO_FLOWS_LIVE_H
#define CPPO_FLOWS_LIVE_H

#include "engine/turn.h"
#include "offers/draft.h"
#include "offers/request.h"

struct catalog_offer; /* marketplace/catalog.h */

/* What differs between what AWS holds and what was approved, on the heap; NULL: nothing. */
char *live_differences(struct turn *turn, const struct request *offer,
                       const struct catalog_offer *held);

/* What is live is not what was approved: the operators are told, and ${draft} says so. */
void live_differs(struct turn *turn, struct draft *draft, const char *differences);

#endif
