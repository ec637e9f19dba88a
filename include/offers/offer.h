/* Offers: the kind of request that a new private offer is. Common code knows requests only, and
 * asks their kind (offers/kind.h); what is about offers alone reads their content through here. */
#ifndef CPPO_OFFERS_OFFER_H
#define CPPO_OFFERS_OFFER_H

#include "offers/content.h"
#include "offers/request.h"

/* What an offer asks for, in its current revision; borrowed from ${offer}, which is a request of
 * that kind. Empty where it cannot be read. */
const struct content *offer_content(const struct request *offer);

/* By what it is found: the words of its customer's name, and its buyers' accounts (offers/kind.h).
 */
void offer_found_by(const struct request *offer, struct text *keys);

#endif
