/* Before a release: is the resale authorization, as AWS described it just now, good for this offer?
 */
#ifndef CPPO_FLOWS_USABLE_H
#define CPPO_FLOWS_USABLE_H

#include "engine/turn.h"
#include "offers/authorization.h"
#include "offers/request.h"

/* False: it is not, and the offer has failed, with words. One that is good for one offer is claimed
 * for it. */
bool usable_for(struct turn *turn, const struct request *offer,
                const struct authorization *authorization);

#endif
