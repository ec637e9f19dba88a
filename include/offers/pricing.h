/* What is typed as the markup: a percentage, or the price that the customer is to pay. Pure. */
#ifndef CPPO_OFFERS_PRICING_H
#define CPPO_OFFERS_PRICING_H

#include <stdbool.h>

#include "offers/decimal.h"
#include "offers/terms.h"

struct pricing {
    struct decimal markup;  /* in percent */
    bool by_price;          /* a price was typed: */
    struct decimal price;   /* ... as AWS keeps it, rounded */
    bool rounded;           /* ... which is not as it was typed */
    struct decimal exactly; /* what the markup makes of the wholesale price */
    char currency[CURRENCY];
};

/* Is a price typed ("=0.0125", "0.0125 USD", "$0.0125"), and no percentage? */
bool pricing_is_price(const char *typed);

/* Read "25", "33.3 %", "12,5"; or a price, which is told by the wholesale price in ${terms}
 * (NULL: not known). False: ${why} says what is wrong and what to type instead. */
enum { PRICING_WHY = 300 };
bool pricing_read(const char *typed, const struct terms *terms, struct pricing *pricing,
                  char why[PRICING_WHY]);

#endif
