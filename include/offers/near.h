/* What differs by one slip of the hand. Pure. */
#ifndef CPPO_OFFERS_NEAR_H
#define CPPO_OFFERS_NEAR_H

#include <stdbool.h>

/* Is one of these accounts the other with one digit wrong, or two neighbours swapped? */
bool near_account(const char *a, const char *b);
/* Is one of these folded names the other with one letter wrong, missing, too many, or swapped with
 * the next? Not where only digits differ, which count on purpose: "Phase 1", "Phase 2". */
bool near_name(const char *a, const char *b);

#endif
