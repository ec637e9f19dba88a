/* Requesting: a new offer, other content for one, taking one back. Whatever door it comes by (a
 * form, a file, a copy, an interface), it is checked and judged here and nowhere else. */
#ifndef CPPO_FLOWS_REQUESTING_H
#define CPPO_FLOWS_REQUESTING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/content.h"
#include "offers/offer.h"
#include "offers/reference.h"

extern const struct flow requesting_flow;

struct request {
    const char *person;
    const char *by; /* the door, in words: "form" */
    const char *id; /* names this asking and, whatever the door, no other: the same again gets the
                       same answer */
    struct offer_reference offer; /* what is changed, as it was shown; number 0: a new offer */
    struct form form;             /* as typed */
};

struct requested {
    enum {
        REQUEST_TAKEN = 1, /* done; or refused, which the person has been told */
        REQUEST_LATER,     /* kept; whether they may is not known yet */
        REQUEST_ERRORS,    /* nothing done: ${errors} say what is wrong with which field */
        REQUEST_REFUSED,   /* nothing done, for what ${why} says */
    } kind;
    struct form_errors errors;
    char *why; /* on the heap, the caller's; else NULL */
};

struct requested requesting_take(struct turn *turn, const struct request *request);

/* Why its content cannot be changed any more, on the heap; NULL: it can. */
char *requesting_closed(const struct offer *offer);

/* Taking one back is asked by a judgement (JUDGE_WITHDRAW), like all that a button does. */

#endif
