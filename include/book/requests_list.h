/* Many requests at once: lists and counts. */
#ifndef CPPO_BOOK_REQUESTS_LIST_H
#define CPPO_BOOK_REQUESTS_LIST_H

#include "engine/turn.h"
#include "offers/filter.h"
#include "offers/request.h"

/* A page of a list. */
struct requests_page {
    struct request *requests; /* the caller's, with room for ${capacity} */
    size_t capacity;
    size_t count;
    int64_t total;    /* of the whole list */
    bool at_least;    /* ... or more */
    bool too_many;    /* a word or an account is the beginning of so many that not all count */
    int64_t previous; /* the pages before it and behind it, by their list_page.from; 0: none */
    int64_t next;
};

/* The page that is ${asked} for: what its filter finds, the newest first; what waits for a
 * decision, the oldest first. Whom a filter names is taken by all ids of theirs. Where nothing is
 * (any more) at its place, it is the first page. However many there are, it costs the same: each
 * page begins where the one before ended. */
void requests_page(struct turn *turn, const struct list_page *asked, struct requests_page *page);

/* Newest first, whatever it is. ${requester}: by whatever id of theirs; NULL: everybody's.
 * ${states}: a bit mask (1 << state). Fills at most ${capacity}, returns how many; *${total}: how
 * many there are. */
size_t requests_list(struct turn *turn, const char *requester, unsigned states,
                     struct request *requests, size_t capacity, int64_t *total);

/* How many there are; ${requester}, ${states}: as above. */
int64_t requests_count(struct turn *turn, const char *requester, unsigned states);
/* The highest number there is; 0: none. */
int64_t requests_highest(struct turn *turn);

#endif
