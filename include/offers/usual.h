/* What is not as in the customer's last offer: whoever decides looks at that first. Pure. */
#ifndef CPPO_OFFERS_USUAL_H
#define CPPO_OFFERS_USUAL_H

#include <stdint.h>

#include "offers/content.h"

enum { USUAL_TEXT = 2000, USUAL_PRICE = 80 };

struct usual {
    int64_t last;                 /* the number of that offer; 0: there is none to compare with */
    char differences[USUAL_TEXT]; /* a line each, "Markup: 25 % → 33.3 %", plain; "": none */
    char price[USUAL_PRICE];      /* its own, as usual_price says it; "" where that is not known */
};

/* ${last}: a content as it is stored, with its number, and, as terms_write has them, the authorized
 * terms that were approved with it ("": not known). The date to accept by and the note are each
 * offer's own. One that cannot be read is none. */
void usual_compare(struct usual *usual, int64_t number, const char *last, const char *terms,
                   const struct content *now);

/* "0.0125 USD per unit"; "" where there is not one price for a unit. */
void usual_price(const struct terms *customer, char price[USUAL_PRICE]);

#endif
