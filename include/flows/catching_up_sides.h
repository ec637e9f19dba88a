/* The two sides of a comparison (flows/catching_up.h): what AWS and Slack are asked, page by page,
 * and what in their answers the book does not know. */
#ifndef CPPO_FLOWS_CATCHING_UP_SIDES_H
#define CPPO_FLOWS_CATCHING_UP_SIDES_H

#include "engine/turn.h"
#include "marketplace/catalog.h"

enum { CATCHING_PAGES = 250 }; /* the most that are read of one side */

/* One page of a side. */
struct catching_page {
    int number;              /* from 1 */
    bool whole;              /* of the whole side; false: of its newest alone */
    char channel[32];        /* at Slack, where there are several; "-" at AWS */
    char cursor[NEXT_TOKEN]; /* where it begins; "": at the newest */
};

/* What comes after a page. */
enum catching_next {
    CATCHING_PAGE,  /* another, which is in its place now */
    CATCHING_END,   /* nothing: it was the last */
    CATCHING_LATER, /* it could not be read, and is to be asked for once more */
};

/* The body of the request for ${page}, on the heap. */
char *catching_up_sets_body(const struct catching_page *page);
char *catching_up_posts_body(struct turn *turn, const struct catching_page *page);

/* ${result} is what came of ${page}, whose cursor is not looked at: what is new goes into the book
 * (book/finds.h). */
enum catching_next catching_up_sets(struct turn *turn, const struct result *result,
                                    struct catching_page *page);
enum catching_next catching_up_posts(struct turn *turn, const struct result *result,
                                     struct catching_page *page);

#endif
