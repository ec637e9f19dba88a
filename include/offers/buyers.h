/* The buyers' AWS account ids, as people type and paste them. Pure. */
#ifndef CPPO_OFFERS_BUYERS_H
#define CPPO_OFFERS_BUYERS_H

#include <stddef.h>

#include "offers/authorization.h"

struct buyers {
    size_t count;
    char ids[MAX_BUYERS][ACCOUNT_ID];
};

/* Read ${typed} (NULL: nothing) into ${buyers}: ids of 12 digits, with hyphens or spaces within as
 * AWS's own pages print them, separated by commas, semicolons, spaces or line breaks; each counts
 * once. ${chosen}: the authorization, whose buyers they must be where it names some; NULL: not
 * known. ${own}: the seller's account, which is no buyer; NULL: not known. ${why}: all that is
 * wrong and what to type instead, "" when nothing is. */
void buyers_read(const char *typed, const struct authorization *chosen, const char *own,
                 struct buyers *buyers, char *why, size_t capacity);

#endif
