/* What people have on their screens, read from the sandbox's log as it grows: the cards in the
 * approvals channel and the forms that are open. */
#ifndef CRASH_SIGHT_H
#define CRASH_SIGHT_H

#include "world.h"

struct sight {
    json_t *cards; /* [{ts, text, shown: all that stands in it}], the oldest first */
    json_t *forms; /* view id -> {user, callback_id} */
    json_int_t next;
    json_t *kept; /* all that a judge reads; NULL, as it begins: nothing is kept */
};

void sight_open(struct sight *sight);
void sight_close(struct sight *sight);

/* Read what is new; -1: the sandbox does not answer. */
int sight_read(struct sight *sight, struct world *world);

/* The ts of the newest card that shows ${words}; NULL: none does. */
const char *sight_card(const struct sight *sight, const char *words);
/* ${form}: NULL is any. */
bool sight_form(const struct sight *sight, const char *user, const char *form);

#endif
