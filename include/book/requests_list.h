/* Many requests at once: lists and counts. */
#ifndef CPPO_BOOK_REQUESTS_LIST_H
#define CPPO_BOOK_REQUESTS_LIST_H

#include "engine/turn.h"
#include "offers/request.h"

/* Newest first. ${requester}: by whatever id of theirs; NULL: everybody's. ${states}: a bit mask
 * (1 << state). Fills at most ${capacity}, returns how many; *${total}: how many there are. */
size_t requests_list(struct turn *turn, const char *requester, unsigned states,
                     struct request *requests, size_t capacity, int64_t *total);

/* How many there are; ${requester} as above. */
int64_t requests_count(struct turn *turn, const char *requester, unsigned states);
/* The highest number there is; 0: none. */
int64_t requests_highest(struct turn *turn);

#endif
