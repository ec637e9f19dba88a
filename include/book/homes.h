/* Who has opened the app's Home tab, and what of it they look at. */
#ifndef CPPO_BOOK_HOMES_H
#define CPPO_BOOK_HOMES_H

#include "engine/turn.h"
#include "offers/filter.h"

extern const char book_schema_homes[]; /* a migration */

struct home {
    char person[PERSON_ID];
    char query[PAGE_TEXT]; /* a page of a list; "": all at a glance */
    bool all;              /* it shows what waits of others, too */
    int tries;             /* how often it was to be drawn and it was not known what they may see */
};

/* As it is shown now: it is no longer stale. */
void homes_put(struct turn *turn, const struct home *home);
/* False: they have never opened it. */
bool homes_get(struct turn *turn, const char *person, struct home *home);
/* It is to be drawn again. */
void homes_spoil(struct turn *turn, const struct home *home);
/* The same of that of ${requester}, by whatever id of theirs, and with ${waiting} of all that show
 * what waits of others. */
void homes_spoil_of(struct turn *turn, const char *requester, bool waiting);
/* The next that is to be drawn again, behind that of ${after} ("": the first); false: there is
 * none.
 */
bool homes_next_stale(struct turn *turn, const char *after, struct home *home);
/* Has anybody opened it? */
bool homes_any(struct turn *turn);

#endif
