/* What a list is to show, as people type it behind `/cppo list`, in any order:
 * "state:pending buyer:1111 by:@ana customer:acme age:>3d"; and the place in it, as its buttons
 * carry both. Pure. */
#ifndef CPPO_OFFERS_FILTER_H
#define CPPO_OFFERS_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offers/buyers.h"
#include "offers/folded.h"
#include "offers/policy.h"
#include "text.h"

enum { FILTER_WORDS = 6, FILTER_NAME = 90, FILTER_TEXT = 600, PAGE_TEXT = FILTER_TEXT + 24 };

/* All zero: everything. */
struct filter {
    unsigned states;        /* in one of these, 1 << state; 0: in any */
    bool mine;              /* by:me: of whoever asks */
    char by[PERSON_ID];     /* requested by this member; "": by anybody */
    char name[FILTER_NAME]; /* ... or by whom people call so: who that is, the book may know */
    char buyer[ACCOUNT_ID]; /* one of its accounts begins so; "": whatever they are */
    size_t word_count;
    char words[FILTER_WORDS][FOLDED_WORD]; /* words of the customer's name begin so */
    int64_t older_ms, younger_ms;          /* requested longer ago, or not so long; 0: whenever */
};

/* Read ${line}. A key in any case, with a colon or an equals sign, blanks around that as people
 * like; ${state} by its name, "waiting", "open" or "changes", several separated by commas. Words
 * without a key are the customer's. False: ${problems} has a sentence a line, plain, on what is
 * wrong with it and what to type instead. */
bool filter_read(struct filter *filter, const char *line, struct text *problems);

/* As filter_read takes it, with a name that was not looked up left out; at most FILTER_TEXT
 * bytes. */
void filter_write(const struct filter *filter, struct text *line);

/* Does its order follow from it: what waits for a decision, the oldest first? */
bool filter_waits(const struct filter *filter);

/* A page of such a list: what is beyond ${from}, which was at the end of another. */
struct list_page {
    struct filter filter;
    int64_t from; /* a request's number; 0: it begins at the beginning */
    bool back;    /* towards the beginning */
};

/* "state:pending", ">12 state:pending", "<12 state:pending": the value of a button; where nothing
 * is left out, "state:all". ${text} is of PAGE_TEXT bytes. False: no button of ours has it. */
void list_page_write(const struct list_page *page, char *text);
bool list_page_read(struct list_page *page, const char *text);

#endif
