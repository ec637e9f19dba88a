/* Requesting: something new, other content for it, taking it back. Whatever its kind, and whatever
 * door it comes by, it is decided here and nowhere else. */
#ifndef CPPO_FLOWS_REQUESTING_H
#define CPPO_FLOWS_REQUESTING_H

#include "engine/turn.h"
#include "flows/flow.h"
#include "offers/reference.h"
#include "offers/request.h"

/* What somebody asks for, checked by its kind. */
struct asked {
    const struct request_kind *kind;
    int64_t subject; /* of a new one: the offer that it is about; 0: none */
    const char *person;
    const char *by; /* the door, in words: "form" */
    const char *id; /* names this asking and, whatever the door, no other: the same again gets the
                       same answer */
    struct reference shown;  /* what is changed, as it was shown; number 0: a new one */
    struct reference copied; /* of a new one: what it was filled with; number 0: nothing */
    const char *content;     /* canonical, as its kind reads it */
};

struct requested {
    enum {
        REQUEST_TAKEN = 1, /* done; or refused, which the person has been told */
        REQUEST_LATER,     /* kept; whether they may is not known yet */
        REQUEST_ERRORS,    /* nothing done: something that was typed is wrong */
        REQUEST_REFUSED,   /* nothing done, for what ${why} says */
    } kind;
    char *why; /* on the heap, the caller's; else NULL */
};

/* The one way in: whatever was asked is done, kept or refused, once; who asks again by the same
 * form or key gets the same answer (requesting_seen). */
struct requested requesting_take(struct turn *turn, const struct asked *asked);
/* Was it asked before? Then ${answer} is what it gets. */
bool requesting_seen(struct turn *turn, const struct asked *asked, struct requested *answer);

/* Can it still be taken back, by whoever may? */
bool requesting_withdrawable(struct turn *turn, const struct request *request);

/* Why its content cannot be changed any more, on the heap; NULL: it can. */
char *requesting_closed(const struct request *request);

/* Taking one back is asked by a pending action (withdraw_action), like all that a button does. */

#endif
