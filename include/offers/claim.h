/* A single-use authorization belongs to at most one approved offer: the one that claimed it. */
#ifndef CPPO_OFFERS_CLAIM_H
#define CPPO_OFFERS_CLAIM_H

#include <stdint.h>

#include "offers/authorization.h"

/* Another offer's than ${offer} (0: of one that is not made yet): that one's number; 0: it is free
 * for it. ${owner}: whose claim there is, 0: none. */
int64_t claim_taken(const struct authorization *authorization, int64_t owner, int64_t offer);

/* What ${offer} used up itself is no obstacle to it: ${authorization} as it is for that one. */
void claim_own(struct authorization *authorization, int64_t owner, int64_t offer);

/* "is single-use and already taken by CPPO-7", to follow what names the authorization. */
enum { CLAIM_WORDS = 80 };
/* ${taken}: the other offer's number (claim_taken). */
void claim_words(int64_t taken, char words[CLAIM_WORDS]);

#endif
