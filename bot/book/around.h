/* What stands around an offer, a row each: its draft, a doubt, why it waits, its card and the
 * thread below it, and who is changing it. A turn asks for one or the other many times: they are
 * read as one, kept for the turn, and read anew once any of them is written. The files that give
 * them out and write them stand above this one. */
#ifndef CPPO_BOOK_AROUND_H
#define CPPO_BOOK_AROUND_H

#include "book/doubts.h"
#include "book/drafts.h"
#include "book/posts.h"
#include "book/refusals.h"
#include "book/threads.h"
#include "io/store.h"

struct around {
    int64_t offer; /* 0: none is kept */
    struct draft draft;
    struct doubt doubt; /* offer 0: there is none; and so of the next */
    struct post card;
    struct blocked blocked;
    struct thread thread;
    char reviser[PERSON_ID]; /* who has sent in a revision that is still pending, "" nobody */
};

/* Good until the next of the two is called. */
const struct around *around_of(struct turn *turn, int64_t offer);
/* turn_writes, of whoever writes one of them. */
struct store *around_writes(struct turn *turn);

/* Of those that are also read by themselves: the columns in a SELECT, and what they hold, in the
 * row at hand from column ${at} on; of one that is not there all is 0 and "". */
#define DOUBT_COLUMNS "doubt.offer, doubt.entity, doubt.revision, doubt.why, doubt.told"
#define POST_COLUMNS                                                                               \
    "post.offer, post.kind, post.channel, post.ts, post.effect, post.sent_at, post.error,"         \
    " post.key"
#define BLOCKED_COLUMNS "blocked.offer, blocked.since, blocked.tries, blocked.told"
void around_read_doubt(struct rows *rows, int at, struct doubt *doubt);
void around_read_post(struct rows *rows, int at, struct post *post);
void around_read_blocked(struct rows *rows, int at, struct blocked *blocked);

/* How a draft's origin is stored. */
const char *around_origin_name(enum draft_origin origin);

#endif
