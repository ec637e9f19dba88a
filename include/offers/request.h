/* What the book remembers of an offer, as structs that hold their own text: nothing in them is
 * borrowed. Times are ms since the epoch, UTC. */
#ifndef CPPO_OFFERS_REQUEST_H
#define CPPO_OFFERS_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/actor.h"
#include "offers/content.h"
#include "offers/machine.h"
#include "offers/policy.h"
#include "offers/reference.h"

enum {
    ENTITY_ID = 128,
    WHY_TEXT = 1200,
    VOTE_STEP = 32,
    OTHER_CONTENT = 4000,
    MAX_VOTES = 32, /* of one revision that are looked at: the oldest */
    MAX_MOVES = 60, /* and of its history, the newest */
};

struct request_kind;

/* A request: what is approved. Mostly for a new offer; its kind says what else it may be for. */
struct request {
    int64_t number;                  /* CPPO-<number> */
    const struct request_kind *kind; /* never NULL (offers/kind.h) */
    int64_t subject;                 /* the offer that it is about; 0: none, as for a new one */
    int revision;                    /* 1, 2, ...: rises with every change of content */
    enum request_state state;
    char requester[PERSON_ID];
    int64_t created_at;
    int64_t changed_at;     /* of its last move */
    char problem[WHY_TEXT]; /* failed, changes requested, rejected: why, in plain words */
    bool can_retry;         /* failed: the same content can succeed */
    int64_t published_at;   /* 0 until then */
    union {                 /* of the current revision, as its kind reads it */
        struct content content;
        char text[OTHER_CONTENT]; /* of all kinds but the first: as it is stored */
    };
    char digest[REFERENCE_DIGEST]; /* binds buttons to it (offers/reference.h) */
};

/* Of what AWS holds at some revision of it: did we write its legal terms, and nobody after us? */
enum draft_origin { ORIGIN_UNKNOWN, ORIGIN_OURS, ORIGIN_FOREIGN };

/* The Marketplace draft of an offer, the newest, and its offer at AWS after the release: one row an
 * offer. It counts what reads of it showed; what AWS is asked to do with it are change sets, and
 * how often that failed, they count (offers/change_set.h). */
struct draft {
    int64_t offer;
    enum draft_state state;
    int number;             /* 1, 2, ...: a new draft leaves the old */
    int revision;           /* whose content it holds, or will hold when the change set ends */
    char entity[ENTITY_ID]; /* "offer-...", "" until made */
    char authorization[AUTHORIZATION_ID]; /* it was made from */
    bool own_eula;                        /* legal terms of our own were added to it */
    int empty_looks;                      /* how often it did not show itself as released */
    int64_t looked_at;                    /* ... since when, on the engine's clock */
    char entity_revision[24]; /* AWS's, that was read back and is released; "" while none was */
    enum draft_origin origin; /* at the revision that follows (flows/origins.h) */
    char origin_revision[24]; /* AWS's; "" while none was seen since the last change set */
    int64_t origin_since;     /* first seen, on the engine's clock; where it is not known */
    int looks;                /* in a row that showed something else than was approved */
    int price_looks;          /* in a row that showed other prices than the card */
    bool prices_read;         /* AWS's own were read back */
    char price_problem[300];  /* and differ so; "" when they do not */
    char why[WHY_TEXT];       /* refused, or not released: AWS's code and text in plain words */
};

/* One approval. */
struct vote {
    char person[PERSON_ID];   /* by the id that they clicked with */
    char identity[PERSON_ID]; /* and whichever of their ids stands for them (book/people.h) */
    char step[VOTE_STEP];     /* of the rules, that it is for (offers/approval.h) */
    int revision;
    int64_t at;
    char lost[100]; /* why it counts no more, "" when it does */
};

/* One row of the history. */
struct move {
    int64_t request;
    int64_t at;
    struct actor who;
    enum request_event event;
    enum request_state from, to;
    int revision;
    char why[WHY_TEXT];
};

#endif
