/* The buyers' AWS account ids, as people type and paste them. Pure. */
#ifndef CPPO_OFFERS_BUYERS_H
#define CPPO_OFFERS_BUYERS_H

#include "offers/content.h"

/* Read ${typed} (NULL: nothing) into ${content}: ids of 12 digits, with hyphens or spaces within as
 * AWS's own pages print them, separated by commas, semicolons, spaces or line breaks; each counts
 * once. ${chosen}: the authorization, whose buyers they must be where it names some; NULL: not
 * known. ${why}: all that is wrong and what to type instead, "" when nothing is. */
void buyers_read(const char *typed, const struct authorization *chosen, struct content *content,
                 char *why, size_t room);

#endif
