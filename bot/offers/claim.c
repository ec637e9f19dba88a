#include "offers/claim.h"

#include <stdio.h>

int64_t claim_taken(const struct authorization *authorization, int64_t owner, int64_t offer)
{
    return authorization->single_use && owner != offer ? owner : 0;
}

void claim_own(struct authorization *authorization, int64_t owner, int64_t offer)
{
    if (authorization->single_use && offer > 0 && owner == offer)
        authorization->extended_status[0] = '\0';
}

void claim_words(int64_t taken, char words[CLAIM_WORDS])
{
    snprintf(words, CLAIM_WORDS, "is single-use and already taken by CPPO-%lld", (long long)taken);
}
