/* Lists of requests by what is found nowhere but in many places at once: words, accounts, age. */
#ifndef CPPO_BOOK_SEARCH_H
#define CPPO_BOOK_SEARCH_H

#include "engine/turn.h"
#include "offers/filter.h"

/* What of the work was too much. */
struct search_limits {
    int64_t
        stopped;   /* the number that it did not get to, where that is not the list's end; else 0 */
    bool too_many; /* a word or an account is the beginning of more keys than are looked at */
};

/* Numbers of what ${asked} is for, in the order of the list from its place on, and to the side of
 * it that it says: at most ${capacity}; how many. Requests are numbered in the order of time, by
 * which their age is judged. */
size_t search_numbers(struct turn *turn, const struct list_page *asked, int64_t *numbers,
                      size_t capacity, struct search_limits *limits);

/* How many there are in all; *${at_least}: or more. */
int64_t search_count(struct turn *turn, const struct filter *filter, bool *at_least);

#endif
