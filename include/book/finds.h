/* What was found at AWS and in Slack that carries our name and that the book does not know of. It
 * is settled request by request, and kept until the comparison ends: only then do its marks count
 * as known, for a mark stands for all that went before it, and lists at AWS may still lack some of
 * that. Times are wall ms since the epoch. */
#ifndef CPPO_BOOK_FINDS_H
#define CPPO_BOOK_FINDS_H

#include "book/marks.h"
#include "engine/turn.h"
#include "offers/draft.h"
#include "offers/request.h"

enum find_kind { FIND_SET, FIND_CARD, FIND_ANNOUNCEMENT };

struct find {
    enum find_kind what;
    char id[ENTITY_ID]; /* a change set's; or "<channel> <ts>" */
    int64_t request;
    int revision;   /* 0: not known */
    char state[32]; /* a set: "release", "make" ..., a card: the state it shows */
    char entity[ENTITY_ID];
    char key[TURN_ID];
    char mark[BOOK_MARK]; /* "": from before there were any */
    int number, attempt;  /* of a set */
    int64_t at;           /* when AWS started it, or it was posted */
};

/* Keep it, as not settled. One that was found before is brought up to date. */
void finds_put(struct turn *turn, const struct find *find);
/* Is anything not settled yet? */
bool finds_any(struct turn *turn);
/* The next request after number ${after} of which something is not settled; 0 at the end. */
int64_t finds_request(struct turn *turn, int64_t after);
/* The newest of this request that is not settled, of this kind and in this state (NULL: any). */
bool finds_newest(struct turn *turn, int64_t request, enum find_kind what, const char *state,
                  struct find *find);
/* The newest of this request of this kind, settled or not. */
bool finds_last(struct turn *turn, int64_t request, enum find_kind what, struct find *find);
/* It is settled: what was found of this request is no news any more. */
void finds_settle(struct turn *turn, int64_t request);
/* Was this found before, with this mark, and settled? */
bool finds_settled(struct turn *turn, enum find_kind what, const char *id, const char *mark);
/* Was anything of this request found and settled? */
bool finds_any_of(struct turn *turn, int64_t request);
/* The comparison is over: all that was found is known from now on. */
void finds_learn(struct turn *turn);

#endif
