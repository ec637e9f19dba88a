/* What became of offers after their release, as AWS told it last. Times are wall ms since the
 * epoch. */
#ifndef CPPO_BOOK_ACCEPTANCES_H
#define CPPO_BOOK_ACCEPTANCES_H

#include <stdbool.h>

#include "engine/turn.h"
#include "offers/acceptance.h"
#include "offers/date.h"

extern const char book_schema_after[];

/* The agreements of an offer, in the order in which they were seen; at most ${capacity}. */
size_t acceptances_get(struct turn *turn, int64_t offer, struct acceptance *list, size_t capacity);
/* Of this id; false when it is new. */
bool acceptances_find(struct turn *turn, int64_t offer, const char *agreement,
                      struct acceptance *acceptance);
/* A newer word on the same agreement takes the place of the one before. */
void acceptances_put(struct turn *turn, int64_t offer, const struct acceptance *acceptance);

/* How AWS's own copy of a released offer is followed. */
struct following {
    int64_t offer;
    char ends[DATE_TEXT]; /* AWS's accept-by date where it is not the approved one, else "" */
    char seen[DATE_TEXT]; /* another one that was seen, and not often enough yet; "" */
    int reads;            /* how often */
    int64_t read_at;      /* when AWS's date was known last; 0: at the release */
    int64_t settled_at;   /* since when little is expected: all accepted, or it ended; 0: not */
    bool blind;           /* AWS does not let us see whether it was accepted */
};
/* All 0 when nothing is kept. */
void acceptances_following(struct turn *turn, int64_t offer, struct following *following);
void acceptances_put_following(struct turn *turn, const struct following *following);

#endif
