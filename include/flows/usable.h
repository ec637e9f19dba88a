/* Before a release: is the resale authorization, as AWS described it just now, good for this offer?
 */
#ifndef CPPO_FLOWS_USABLE_H
#define CPPO_FLOWS_USABLE_H

#include "engine/turn.h"
#include "offers/authorization.h"
#include "offers/request.h"

/* Claim it for this offer, where it is good for one only. False: it is not good for this one, which
 * has failed, with words. */
bool usable_claim(struct turn *turn, const struct request *offer,
                  const struct authorization *authorization);

#endif
