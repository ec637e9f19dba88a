/* What the book remembers of a request, as structs that hold their own text: nothing in them is
 * borrowed. Times are ms since the epoch, UTC. */
#ifndef CPPO_OFFERS_REQUEST_H
#define CPPO_OFFERS_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "offers/actor.h"
#include "offers/machine.h"
#include "offers/policy.h"
#include "offers/reference.h"
#include "offers/timing.h"

enum {
    WHY_TEXT = 1200,
    VOTE_STEP = 32,
    COMMENT_POINTS = 300, /* code points of what somebody says with an approval */
    REQUEST_CONTENT = 8192,
    REQUEST_RULE = 1200,
    MAX_VOTES = 32, /* of one revision that are looked at: the oldest */
    MAX_MOVES = 60, /* and of its history, the newest */
};

struct request_kind;

/* In place of a rule: which it is hangs on what is not known yet. */
#define REQUEST_RULE_OPEN "?"

/* A request: what is approved. Mostly for a new offer; its kind says what else it may be for. */
struct request {
    int64_t number;                  /* CPPO-<number> */
    const struct request_kind *kind; /* never NULL (offers/kind.h) */
    int64_t subject;                 /* the offer that it is about; 0: none, as for a new one */
    int64_t copy_of;                 /* the request that it was filled with; 0: none */
    int copy_revision;               /* of that one */
    int revision;                    /* 1, 2, ...: rises with every change of content */
    enum request_state state;
    char requester[PERSON_ID];
    int64_t created_at;
    int64_t changed_at;     /* of its last move */
    char problem[WHY_TEXT]; /* failed, changes requested, rejected: why, in plain words */
    bool can_retry;         /* failed: the same content can succeed */
    int64_t published_at;   /* 0 until then */
    struct timing timing;   /* what it waits for, approved as it is */
    /* Of the current revision: a struct of its kind's, as that read it; zeroed while it cannot be
     * read. offers/offer.h has that of offers. */
    _Alignas(8) unsigned char content[REQUEST_CONTENT];
    /* By which rule this revision is approved (offers/rule.h); "": by what is configured for all.
     */
    char rule[REQUEST_RULE];
    char digest[REFERENCE_DIGEST]; /* binds buttons to it (offers/reference.h) */
};

/* One approval. */
struct vote {
    char person[PERSON_ID];   /* by the id that they clicked with */
    char identity[PERSON_ID]; /* the one id used for all of theirs (book/people.h) */
    char step[VOTE_STEP];     /* of the rules, that it is for (offers/approval.h) */
    int revision;
    int64_t at;
    char lost[100];                       /* why it counts no more, "" when it does */
    char comment[COMMENT_POINTS * 4 + 1]; /* said with it, "" when nothing was */
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
