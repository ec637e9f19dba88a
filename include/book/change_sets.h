/* The change sets: one row for each that AWS was ever asked for, kept for good. */
#ifndef CPPO_BOOK_CHANGE_SETS_H
#define CPPO_BOOK_CHANGE_SETS_H

#include "engine/turn.h"
#include "offers/change_set.h"

extern const char book_schema_change_sets[]; /* a migration */
extern const char book_schema_counts[];      /* another */

/* Remember one, and give it its number. ${asked}: the bytes that ask AWS for it; "" where they are
 * not known. */
void change_sets_add(struct turn *turn, struct change_set *set, const char *asked);
/* Store what became of it: state, id, how long it lasts, why; all else stays as it was, and so
 * does a state that nobody knows. */
void change_sets_put(struct turn *turn, const struct change_set *set);

/* Store how often those up to this one failed (offers/change_set.h). */
void change_sets_count(struct turn *turn, int64_t number, int faults, int stale);

/* Nobody waits for its outcome any more: ${state} is one that it stays in. */
void change_sets_close(struct turn *turn, struct change_set *set, enum set_state state,
                       const char *why);
/* AWS ended it, or did not take it: closed, and failures are counted from 0 again. */
void change_sets_end(struct turn *turn, struct change_set *set, enum set_state state,
                     const char *why);

/* One in a state that nobody knows is unreadable, and so is its offer (book/requests.h). */
bool change_sets_get(struct turn *turn, int64_t number, struct change_set *set);
/* The one that this effect starts; false if there is no such one. */
bool change_sets_by_effect(struct turn *turn, int64_t effect, struct change_set *set);
/* The newest of this offer that is open (set_state_open), for this purpose (NULL: any); false if
 * all are closed. */
bool change_sets_open(struct turn *turn, int64_t offer, const char *purpose,
                      struct change_set *set);
/* The newest of this offer; false: it never had one. */
bool change_sets_last(struct turn *turn, int64_t offer, struct change_set *set);
/* ... and of this purpose. */
bool change_sets_last_of(struct turn *turn, int64_t offer, const char *purpose,
                         struct change_set *set);
/* How many there have been of this offer: the highest ${attempt}. */
int change_sets_attempts(struct turn *turn, int64_t offer);

/* --- looking for one whose answer was lost --- */

/* How many pages and drafts are still to be read; 0 where none were begun. */
int change_sets_search_unread(struct turn *turn, int64_t change_set);
/* So many are, from now on; and: the search is over. */
void change_sets_search_put(struct turn *turn, int64_t change_set, int unread);
void change_sets_search_end(struct turn *turn, int64_t change_set);

#endif
