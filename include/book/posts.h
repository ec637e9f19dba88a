/* Messages that are posted exactly once, cards and announcements, and where they are. */
#ifndef CPPO_BOOK_POSTS_H
#define CPPO_BOOK_POSTS_H

#include "book/around.h" /* struct post */

/* "card", "announcement": as stored. */
const char *post_kind_name(enum post_kind kind);
int post_kind_named(const char *name); /* -1: a post that this version leaves alone */
/* False: nothing of this kind was ever to be posted of it, or it is not one that this version
 * knows. */
bool posts_get(struct turn *turn, enum post_kind kind, int64_t request, struct post *post);
/* One of a kind and request; a newer one takes its place. */
void posts_put(struct turn *turn, const struct post *post);
/* Of a known kind; false if there is no such post. */
bool posts_by_effect(struct turn *turn, int64_t effect, struct post *post);
/* Has this effect a post whose ${kind} this version does not know? */
bool posts_unknown(struct turn *turn, int64_t effect, char kind[40]);
/* For the version that knows it, keep where it is, or why it cannot be posted. */
void posts_unknown_put(struct turn *turn, int64_t effect, const char *ts, const char *error);
/* The next post of this kind, after that of ${request}, that Slack refuses at the moment; false
 * when there is none. */
bool posts_refused(struct turn *turn, enum post_kind kind, int64_t request, struct post *post);

#endif
