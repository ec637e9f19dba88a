/* What earlier offers say of an offer's buyers and its customer: who is new, who was another's,
 * what looks like a slip of the finger, and what is offered to them already. It stops nobody. Pure.
 */
#ifndef CPPO_OFFERS_PAST_BUYERS_H
#define CPPO_OFFERS_PAST_BUYERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/authorization.h"
#include "offers/checks.h"
#include "offers/machine.h"

enum {
    FOLDED_POINTS = 60,
    FOLDED_NAME = FOLDED_POINTS * 4 + 1,
    SHOWN_CUSTOMER = 40 * 4 + 1, /* as much of a name as is shown */
    MAX_PAST_CHECKS = 8,
};

/* One buyer of an earlier or later offer. */
struct past_offer {
    int64_t number;
    char account[ACCOUNT_ID]; /* "": it is here for its customer's name alone */
    char customer[SHOWN_CUSTOMER];
    char folded[FOLDED_NAME];
    enum request_state state;
    bool same_product; /* as the offer in question */
    bool agreement;    /* of this account, for it: active when AWS was last asked */
};

/* The offer in question, and what the book has of others; all borrowed. */
struct past_input {
    int64_t number; /* 0: it is not sent in yet */
    const char *customer;
    const char (*buyers)[ACCOUNT_ID];
    size_t buyer_count;
    const struct past_offer *offers; /* of one account the newest first */
    size_t count;
    bool one_agreement; /* AWS lets an account have one agreement for the product at a time */
};

/* A customer's name by which it is found again, however it is spaced, punctuated and capitalised:
 * "Example, Corp." is "examplecorp". As the migration writes it (book/buyer_book.h): ASCII alone.
 */
void past_buyers_fold(const char *customer, char folded[FOLDED_NAME]);

/* The newest of them for this customer that was not turned down or taken back; NULL: there is none.
 */
const struct past_offer *past_buyers_last(const struct past_offer *offers, size_t count,
                                          const char *customer);

/* Fills at most MAX_PAST_CHECKS, returns how many: warnings, and what is only good to know. */
size_t past_buyers_checks(const struct past_input *input, struct check *checks);

#endif
