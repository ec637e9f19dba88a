/* The checks that stand on the card: what was looked at, and what came out. */
#ifndef CPPO_OFFERS_CHECKS_H
#define CPPO_OFFERS_CHECKS_H

#include <stddef.h>

#include "offers/content.h"

enum check_outcome { CHECK_PASSED, CHECK_WARNING, CHECK_FAILED, CHECK_WAITING };

struct check {
    enum check_outcome outcome;
    char text[300]; /* plain text, not escaped */
};

enum { MOST_CHECKS = 12 };

struct check_input {
    const struct content *content;
    const struct authorization *authorization; /* NULL: not known */
    int64_t now;
    const char *expected_unit_price; /* configuration, "" when there is none */
    const char *aws_unit_price;      /* what AWS computed for the draft, "" while not known */
    const char *draft_problem;       /* AWS's refusal in plain words, "" when none */
    bool draft_ready;                /* for exactly this revision */
    bool draft_wanted;               /* a draft is made before the approval */
};

/* Fills at most MOST_CHECKS, returns how many. Authorization usable; buyers allowed; customer's
 * price against the expected one (within 0.5 % passes) ; AWS's own price equals ours; accept_by
 * inside 30-90 days and not past the authorization's end; AWS accepted the draft. */
size_t checks_make(const struct check_input *input, struct check *checks);

/* The customer's unit price, exact, "" when it cannot be computed. */
void checks_price(const struct content *content, const struct authorization *authorization,
                  char price[DECIMAL_TEXT]);

#endif
