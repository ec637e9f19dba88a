/* AWS's own checks of a new offer, as far as they can be made here: on what the offer asks for, and
 * on the authorization as it was last read, before anybody is asked. Pure, and microseconds.
 *
 * Source: AWS Marketplace Catalog API, "Work with channel partner private offers", "Work with
 * private offers" and "Work with resale authorizations", the validations of each change type. What
 * AWS would take never fails here: where its pages leave it open, the outcome is TWIN_UNSURE. Which
 * of its codes are not looked at, and why, stands in tests/unit/test_sandbox_twin.c. */
#ifndef CPPO_OFFERS_TWIN_H
#define CPPO_OFFERS_TWIN_H

#include "offers/content.h"

struct twin_input {
    const struct content *content;
    const struct authorization *authorization; /* NULL: AWS does not list it */
    const struct terms *customer;              /* what the customer pays, NULL: not known */
    int64_t now;
};

enum twin_outcome {
    TWIN_PASSED,
    TWIN_UNKNOWN, /* the authorization has not been read, or another check has said it already */
    TWIN_UNSURE,  /* AWS may refuse it */
    TWIN_FAILED,  /* AWS would refuse it */
};

enum { TWIN_FOUND = 80 };

struct twin_check {
    const char *code;    /* AWS's; what it refuses at once (HTTP 422) is a ValidationException */
    const char *what;    /* that AWS asks for, a sentence without its end */
    const char *instead; /* what to do */
    /* ${found}: what there is instead, in words behind "what: "; "" where that says it all. */
    enum twin_outcome (*look)(const struct twin_input *input, char found[TWIN_FOUND]);
};

extern const struct twin_check twin_checks[];
extern const size_t twin_count;

/* "The buyers have to be ...: 444455556666 is not among them. Take that one out ..." Plain. */
void twin_words(const struct twin_check *check, const char *found, char *words, size_t capacity);

#endif
