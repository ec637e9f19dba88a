/* What stands around an offer, a row each: its draft, a doubt, why it waits, its card and the
 * thread below it, and who is changing it. A turn asks for one or the other many times: they are
 * read as one, kept for the turn, and read anew once any of them is written. Each is read and
 * written by the file whose it is, from its own columns on. */
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

#define DRAFT_COLUMNS                                                                              \
    "draft.offer, draft.state, draft.number, draft.revision, draft.entity, draft.authorization,"   \
    " draft.own_eula, draft.price_looks, draft.why, draft.empty_looks, draft.looked_at,"           \
    " draft.faults, draft.entity_revision, draft.looks, draft.stale, draft.prices_read,"           \
    " draft.price_problem, draft.origin, draft.origin_revision, draft.origin_since"
#define DOUBT_COLUMNS "doubt.offer, doubt.entity, doubt.revision, doubt.why, doubt.told"
#define POST_COLUMNS                                                                               \
    "post.offer, post.kind, post.channel, post.ts, post.effect, post.sent_at, post.error,"         \
    " post.key"
#define BLOCKED_COLUMNS "blocked.offer, blocked.since, blocked.tries, blocked.told"
#define THREAD_COLUMNS "thread.ts, thread.permalink, thread.calling"

/* How many they are. */
enum { DRAFT_WIDTH = 20, DOUBT_WIDTH = 5, POST_WIDTH = 8, BLOCKED_WIDTH = 4, THREAD_WIDTH = 3 };

/* Of the row at hand, from column ${at} on; of one that is not there all is 0 and "". */
void draft_read(struct rows *rows, int at, struct draft *draft);
void doubt_read(struct rows *rows, int at, struct doubt *doubt);
void post_read(struct rows *rows, int at, struct post *post);
void blocked_read(struct rows *rows, int at, struct blocked *blocked);
void thread_read(struct rows *rows, int at, struct thread *thread);

#endif
