/* A change set of ours: a unit of work that AWS was asked for, once, and what became of it. An
 * offer has had as many as were ever needed: for its draft, its release, and what is asked
 * after that. Times are wall ms since the epoch unless they say the engine's clock (turn_time). */
#ifndef CPPO_OFFERS_CHANGE_SET_H
#define CPPO_OFFERS_CHANGE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/draft.h"
#include "offers/request.h"

/* Where it is, as far as we know. */
enum set_state {
    SET_STARTING,  /* it is written down, and waits to be sent or answered */
    SET_LOST,      /* its answer was lost: it may have been taken, and is looked for */
    SET_RUNNING,   /* AWS has it, under an id, and is polled until it ends */
    SET_SUCCEEDED, /* ended by AWS, like the next two */
    SET_FAILED,
    SET_CANCELLED,
    SET_REFUSED,    /* AWS did not take it */
    SET_ABSENT,     /* its answer was lost, and AWS certainly does not have it */
    SET_ABANDONED,  /* nobody follows it to its end any more */
    SET_UNREADABLE, /* it is stored under a name that this version does not know; never stored */
    SET_STATES
};

const char *set_state_name(enum set_state state); /* as it is stored: "starting" */
int set_state_named(const char *name);            /* -1 if unknown */
bool set_state_open(enum set_state state);        /* does anybody wait for what becomes of it? */

enum { PURPOSE_NAME = 8, SET_NAME = 101, SET_TOKEN = 37, SET_MARK = 32 };

struct change_set {
    int64_t number; /* ours, from 1 */
    int64_t offer;
    char purpose[PURPOSE_NAME]; /* what it is for (flows/purposes.h); "": from before that was kept,
                                   and over */
    enum set_state state;
    int revision;          /* of the offer */
    int draft;             /* the draft's number */
    int attempt;           /* 1, 2, ...: counts all change sets of this offer */
    char mark[SET_MARK];   /* in its name (book/marks.h) */
    char name[SET_NAME];   /* it was sent with, by which AWS lists it; "" where it was not kept */
    char token[SET_TOKEN]; /* ... and the client request token */
    int64_t effect;        /* that starts it; 0: it was not started by this book */
    char id[ENTITY_ID];    /* AWS's; "" until it is known */
    int64_t started_at;
    int64_t began;    /* the same on the engine's clock, for how long it lasts; 0: not known */
    int64_t ended_at; /* 0 until then; kept as evidence */
    bool slow;        /* operators know that this is long */
    /* Of those for this purpose and revision, in a row, up to this one: that AWS's own fault ended;
     * that AWS refused, the draft having changed since it was read. 0 once they are given up. */
    int faults;
    int stale;
    char why[WHY_TEXT]; /* of an end other than success, in plain words */
};

#endif
