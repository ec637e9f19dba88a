/* What belongs to an offer, one row each: its draft, a doubt, why it waits, its card, the thread
 * below it, and who is changing it. A turn asks for one or the other many times: they are
 * read as one, kept for the turn, and read anew once any of them is written. The files that give
 * them out and write them are above this one. Times are wall ms since the epoch unless they say the
 * engine's clock (turn_time). */
#ifndef CPPO_BOOK_AROUND_H
#define CPPO_BOOK_AROUND_H

#include "engine/turn.h"
#include "offers/draft.h"
#include "offers/request.h"

struct rows; /* io/store.h */
struct store;

/* Our own messages say that it is out, and AWS does not show it (book/doubts.h). */
struct doubt {
    int64_t offer;
    char entity[ENTITY_ID]; /* where it may be out; "": not known */
    int revision;           /* what the messages show */
    char why[300];          /* what AWS says */
    bool told;              /* the operators were notified */
    int64_t since;          /* when that was first seen, on the engine's clock; 0: not known */
};

/* A message that is posted exactly once, and where it is (book/posts.h). */
enum post_kind { POST_CARD, POST_ANNOUNCEMENT };
enum { STEP_NEWEST = -1 }; /* written as whatever that is */
struct post {
    int64_t request;
    enum post_kind kind;
    char channel[32];
    char ts[32];       /* "" until it is known */
    char key[TURN_ID]; /* its own, in its metadata; "" of one from before there were any */
    int64_t effect;    /* the effect that posts it */
    int64_t sent_at;   /* when that was decided */
    int64_t step;      /* the newest move that it told then (book/history.h) */
    char error[64];    /* Slack's code while it cannot be posted, "" */
};

/* It waits until AWS lets us go on (book/denials.h). */
struct blocked {
    int64_t offer;
    int64_t since; /* 0: it does not wait (any more) */
    int tries;     /* that failed, in a row */
    bool told;     /* its requester was notified; once an offer is enough */
};

/* The thread below its card (book/threads.h). */
enum { PERMALINK = 300, THREAD_WHOM = 800 };
struct thread {
    int64_t request;
    char ts[32]; /* of the card that the permalink leads to; "" if unknown */
    char permalink[PERMALINK];
    char mention[20]; /* why the approvers are still to be mentioned (struct card_mention), "" */
    char whom[THREAD_WHOM]; /* these alone, ids with a space behind each; "": all who are needed */
};

/* Where it is in the line of those that wait for a place at AWS (book/places.h). */
enum place_state {
    PLACE_NONE,     /* not in line */
    PLACE_WAITING,  /* for a place */
    PLACE_ADMITTED, /* it has one, and its change set has not been written down yet */
};

/* All of it, with its draft (book/drafts.h). What follows is for the files that give it out. */
struct around {
    int64_t offer; /* 0: empty */
    struct draft draft;
    struct doubt doubt; /* offer 0: no doubt; the same goes for the next */
    struct post card;
    struct blocked blocked;
    struct thread thread;
    enum place_state place;
    char reviser[PERSON_ID]; /* who has sent in a revision that is still pending; "" if nobody */
};

/* Borrowed: good until one of these two functions is called again. */
const struct around *around_of(struct turn *turn, int64_t offer);
/* turn_writes, of whoever writes one of them. */
struct store *around_writes(struct turn *turn);

/* Of those that are also read by themselves: the columns in a SELECT, and what they hold, in the
 * row at hand from column ${at} on; of one that is not there all is 0 and "". */
#define DOUBT_COLUMNS                                                                              \
    "doubt.offer, doubt.entity, doubt.revision, doubt.why, doubt.told, doubt.since"
#define POST_COLUMNS                                                                               \
    "post.request, post.kind, post.channel, post.ts, post.effect, post.sent_at, post.error,"       \
    " post.key, post.step"
#define BLOCKED_COLUMNS "blocked.offer, blocked.since, blocked.tries, blocked.told"
void around_read_doubt(struct rows *rows, int at, struct doubt *doubt);
void around_read_post(struct rows *rows, int at, struct post *post);
void around_read_blocked(struct rows *rows, int at, struct blocked *blocked);

/* How a draft's origin is stored. */
const char *around_origin_name(enum draft_origin origin);

#endif
