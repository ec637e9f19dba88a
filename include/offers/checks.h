/* The checks on the card: what was looked at, and the result. */
#ifndef CPPO_OFFERS_CHECKS_H
#define CPPO_OFFERS_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "offers/content.h"

enum check_outcome {
    CHECK_PASSED,
    CHECK_WARNING,
    CHECK_FAILED,
    CHECK_WAITING,
    CHECK_HEADING, /* how many passed: what did not is told in the next ones */
    CHECK_NOTE,    /* good to know, and nothing against it */
};

enum { CHECK_BRIEF = 64, MAX_CHECKS = 48 };

struct check {
    enum check_outcome outcome;
    bool verdict;            /* AWS's own, or a playbook's: it is named where it passed, too */
    char text[300];          /* plain text, not escaped */
    char brief[CHECK_BRIEF]; /* the same where there is little room; "": as it is */
};

struct check_input {
    const struct content *content;
    const struct authorization *authorization; /* NULL: not known */
    const struct terms *customer;              /* what the customer pays, NULL: not known */
    int64_t now;
    const char *expected_unit_price; /* configuration; may be "" */
    const char *expected_currency;   /* of it */
    bool prices_read;                /* what AWS computed for the draft was read back */
    const char *price_problem;       /* and differs so, "" when it does not */
    const char *draft_problem;       /* AWS's refusal in plain words, "" when none */
    bool draft_problem_told;         /* ... which stands beside the checks already */
    bool draft_blocked;              /* AWS does not let us make it: we lack rights */
    bool waits;                      /* AWS has as much under way as it takes of us at once */
    bool draft_ready;                /* for exactly this revision */
    bool stopped;                    /* nothing is under way at AWS: somebody has to act first */
    bool draft_wanted;               /* a draft is made before the approval */
    bool over; /* it is out, rejected or withdrawn: what would stop a release stops nothing more */
};

/* Fills at most MAX_CHECKS, returns how many. AWS's own, as far as they can be made here, in one
 * line ("AWS checks 22/22"), with one more for each that does not pass; the authorization sellable;
 * not more than one buyer; customer's price against the expected one (within 0.5 % passes, in one
 * currency); AWS's own prices equal ours; accept_by inside 30-90 days, not past the authorization's
 * end; a term; AWS accepted the draft. */
size_t checks_make(const struct check_input *input, struct check *checks);

/* Whether the customer pays what is expected, by the same rule; false: nothing is. */
bool checks_expected(const struct terms *customer, const char *expected, const char *currency,
                     struct check *check);

/* The customer's unit price as AWS keeps it, "" when there is not exactly one, or it cannot be
 * computed. */
void checks_price(const struct terms *customer, char price[DECIMAL_TEXT]);

#endif
